// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.util.List;

/**
 * How the highest rate without loss is looked for.
 *
 * @param backends as on the command line
 * @param idle what the receivers do when nothing is there, as on the command line; {@code question} has its own
 * @param flows one for every backend, at every rate
 * @param searchSeconds how long a trial of the search sends, and the one that measures the sender's limit
 * @param confirmationSeconds how long a run sends that confirms the rate found
 * @param confirmations how many have to pass in a row
 * @param sizeBytes of the Ethernet frame, without FCS
 * @param placement which CPUs sender and receivers run on
 */
record LosslessSettings(
        List<String> backends,
        String idle,
        int flows,
        int searchSeconds,
        int confirmationSeconds,
        int confirmations,
        int sizeBytes,
        String placement) {}
