// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import io.xdp4j.packet.Flow;
import java.util.List;

/**
 * What one cell of the comparison does.
 *
 * @param offeredPps packets a second, of all flows together
 * @param flows what carries them, in equal parts
 */
record Plan(Backend backend, long offeredPps, List<Flow> flows) {
    /** The program that lost packets received 520,000 a second as two streams, and up to 390,000 as one. */
    static final long TWO_FLOWS_ABOVE_PPS = 400_000;

    /** Of groups of their own: a raw socket is given every UDP packet to its group, whatever the port. */
    private static final List<Flow> FLOWS = List.of(Flow.parse("239.99.0.1:5004"), Flow.parse("239.99.0.2:5004"));

    static Plan of(Backend backend, long offeredPps) {
        return new Plan(backend, offeredPps, FLOWS.subList(0, offeredPps > TWO_FLOWS_ABOVE_PPS ? 2 : 1));
    }

    /** For people, for example {@code question at 390,000 pps}. */
    @Override
    public String toString() {
        return backend + " at " + Figures.count(offeredPps) + " pps";
    }
}
