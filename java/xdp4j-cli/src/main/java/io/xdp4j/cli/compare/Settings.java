// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.util.List;

/**
 * What was asked for.
 *
 * @param ratesPps packets a second offered, of all flows together
 * @param seconds how long each cell sends
 * @param sizeBytes of the Ethernet frame, without FCS
 * @param backends as on the command line
 * @param idle what receivers do when nothing is there, as on the command line; {@code question} has its own
 * @param twoFlowsAbovePps up to this rate one flow carries it, above it two
 * @param placement which CPUs sender and receivers run on
 */
record Settings(
        List<Long> ratesPps,
        int seconds,
        int sizeBytes,
        List<String> backends,
        List<String> idle,
        long twoFlowsAbovePps,
        String placement) {}
