// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.receive.Idle;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.packet.Flow;
import java.util.List;

/**
 * What one cell of the comparison does.
 *
 * @param idle what the receivers do when nothing is there
 * @param offeredPps packets a second, of all flows together
 * @param flows what carries them, in equal parts
 * @param seconds how long the sender sends
 */
record Plan(Backend backend, Idle idle, long offeredPps, List<Flow> flows, int seconds) {
    /** The program that lost packets received 520,000 a second as two streams, and up to 390,000 as one. */
    static final long TWO_FLOWS_ABOVE_PPS = 400_000;

    /** Of groups of their own: a raw socket is given every UDP packet to its group, whatever the port. */
    private static final List<Flow> FLOWS = List.of(Flow.parse("239.99.0.1:5004"), Flow.parse("239.99.0.2:5004"));

    /** More than any machine sends. */
    private static final long SATURATING_PPS = 100_000_000;

    private static final Idle QUESTION_IDLE = new Idle.Converter().convert(ReceiveSettings.QUESTION_IDLE);

    /** @param idle of no meaning to {@link Backend#QUESTION}, to which its own belongs */
    static Plan of(Backend backend, Idle idle, long offeredPps, int seconds) {
        return ofFlows(offeredPps > TWO_FLOWS_ABOVE_PPS ? 2 : 1, backend, idle, offeredPps, seconds);
    }

    /** At whatever rate: where rates are to differ by nothing else. */
    static Plan ofOneFlow(Backend backend, Idle idle, long offeredPps, int seconds) {
        return ofFlows(1, backend, idle, offeredPps, seconds);
    }

    /** One flow, as fast as the sender can, which is stopped when the time is over. */
    static Plan saturating(Backend backend, Idle idle, int seconds) {
        return ofFlows(1, backend, idle, SATURATING_PPS, seconds);
    }

    private static Plan ofFlows(int flows, Backend backend, Idle idle, long offeredPps, int seconds) {
        return new Plan(
                backend,
                backend == Backend.QUESTION ? QUESTION_IDLE : idle,
                offeredPps,
                FLOWS.subList(0, flows),
                seconds);
    }

    /** Whether the sender has to be stopped. */
    boolean saturates() {
        return offeredPps == SATURATING_PPS;
    }

    /** For people, for example {@code raw at 390,000 pps, sleep:1ms}. */
    @Override
    public String toString() {
        return backend + " at " + (saturates() ? "full rate" : Figures.count(offeredPps) + " pps") + ", " + idle.text();
    }
}
