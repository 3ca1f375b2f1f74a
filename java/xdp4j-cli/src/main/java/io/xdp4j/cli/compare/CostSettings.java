// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.util.List;

/**
 * What cost is compared at.
 *
 * @param backends in the order of their turns
 * @param loads what they receive and how
 * @param flows one at every rate
 * @param ringDescriptors of the fill ring and the RX ring
 * @param batch packets that a call brings at most
 * @param rounds how often each has its turn at a load
 * @param seconds how long each cell sends
 * @param sizeBytes of the Ethernet frame, without FCS
 * @param placement which CPUs sender and receivers run on
 */
record CostSettings(
        List<String> backends,
        List<Load> loads,
        int flows,
        int ringDescriptors,
        int batch,
        int rounds,
        int seconds,
        int sizeBytes,
        String placement) {
    /**
     * @param offeredPps packets a second offered
     * @param idle what the receivers do when nothing is there
     */
    record Load(long offeredPps, String idle) {}
}
