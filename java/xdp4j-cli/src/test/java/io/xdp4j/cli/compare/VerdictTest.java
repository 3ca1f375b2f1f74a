// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.ledger.Cause;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VerdictTest {
    @Test
    void saysWhoLostNothingAndWhoIsCheapest() {
        assertEquals(
                List.of(
                        "At 150,000 packets a second, one flow:",
                        "  Nothing lost: xdp, recvmmsg. Least CPU time of these: xdp, 30 ns a packet."),
                verdict(
                        Cells.xdp(Backend.XDP, 150_000, 900_000, Map.of()),
                        Cells.socket(Backend.RECVMMSG, 150_000, 900_000, Map.of())));
    }

    @Test
    void saysWhereTheQuestionLostAndWhatALongerRingDid() {
        List<String> lines = verdict(
                Cells.xdp(Backend.XDP, 390_000, 2_340_000, Map.of()),
                Cells.xdp(Backend.QUESTION, 390_000, 2_339_996, Map.of(Cause.FILL_RING_EMPTY, 47_181L)));

        assertEquals(
                List.of(
                        "At 390,000 packets a second, one flow:",
                        "  Nothing lost: xdp.",
                        "  question lost 47,181 of 2,339,996 (2.0 %): fill ring empty 47,181, unexplained 0.",
                        "    Fill ring empty: Finding on fill ring empty.",
                        "    xdp, whose 32,768 hold 84.0 ms, lost nothing.", // 32,768 / 390,000 s
                        "    Change: Change of fill ring empty.",
                        "    Options of receive: --fill-ring 32768 --rx-ring 32768"),
                lines);
    }

    @Test
    void tellsStrategiesApartAndDoesNotCountTheCpuTimeOfWhoSpins() {
        assertEquals(
                List.of(
                        "At 390,000 packets a second, one flow:",
                        "  Nothing lost: xdp poll, raw poll, xdp spin, raw spin. Least CPU time of these: xdp poll,"
                                + " 40 ns a packet."),
                verdict(
                        idle(Backend.XDP, "poll", 40),
                        idle(Backend.RAW, "poll", 900),
                        idle(Backend.XDP, "spin", 30),
                        idle(Backend.RAW, "spin", 30)));
    }

    private static Cell idle(Backend backend, String idle, double cpuNs) {
        Plan plan = Plan.of(backend, Cells.idle(idle), 390_000, 6);
        return Cells.cell(plan, 2_340_000, Map.of(), 0, cpuNs, 6.0);
    }

    @Test
    void doesNotPraiseXdpWhenItLost() {
        List<String> lines = verdict(
                Cells.xdp(Backend.XDP, 520_000, 3_120_000, Map.of(Cause.RX_RING_FULL, 12L)),
                Cells.xdp(Backend.QUESTION, 520_000, 3_120_000, Map.of(Cause.FILL_RING_EMPTY, 100L)));
        String text = String.join("\n", lines);

        assertFalse(text.contains("Nothing lost"), text);
        assertTrue(text.contains("  xdp lost 12 of 3,120,000 (0.00038 %): RX ring full 12, unexplained 0."), text);
        assertTrue(text.contains("xdp, whose 32,768 hold 63.0 ms, lost 12."), text);
        assertTrue(text.contains("    RX ring full: Finding on RX ring full."), text);
        assertTrue(text.contains("two flows"), text);
    }

    @Test
    void takesFindingAndChangeFromTheLedgerOfASocket() {
        String text = String.join(
                "\n", verdict(Cells.socket(Backend.RAW, 390_000, 2_340_000, Map.of(Cause.SOCKET_BUFFER, 1_170_000L))));

        assertTrue(text.contains("raw lost 1,170,000 of 2,340,000 (50 %)"), text);
        assertTrue(text.contains("    Socket buffer: Finding on socket buffer."), text);
        assertTrue(text.contains("    Change: Change of socket buffer."), text);
        assertFalse(text.contains("Options"), text);
    }

    @Test
    void admitsWhatItCannotExplain() {
        String text = String.join(
                "\n", verdict(Cells.cell(Backend.NIO, 1_000, 6_000, Map.of(), 3, 900.0, 6.0)));

        assertTrue(text.contains("no counter has them"), text);
    }

    @Test
    void saysWhenMoreCameThanWasSent() {
        String text = String.join(
                "\n", verdict(Cells.cell(Backend.NIO, 1_000, 6_000, Map.of(), -3, 900.0, 6.0)));

        assertTrue(text.contains("nio received 3 more than were sent"), text);
    }

    @Test
    void marksWhereTheSenderDidNotHoldTheRate() {
        assertEquals(
                List.of(
                        "At 390,000 packets a second, one flow:",
                        "  Nothing lost: raw*.",
                        "* The sender did not hold the rate; it really was:",
                        "  raw at 390,000: 312,000 a second, 7.5 s for 6 s of packets"),
                verdict(Cells.cell(Backend.RAW, 390_000, 2_340_000, Map.of(), 0, 900.0, 7.5)));
    }

    private static List<String> verdict(Cell... cells) {
        return Verdict.lines(List.of(cells), 6);
    }
}
