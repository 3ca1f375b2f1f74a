// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.packet.Flow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTextTest {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");

    @Test
    void aLossNamesItsCausesTheLargestFirst() {
        FlowLedger ledger =
                ledger(100_000, 52_819, Map.of(Cause.UPSTREAM, 181L, Cause.FILL_RING_EMPTY, 47_000L));

        assertEquals("lost 47,181 (fill ring empty 47,000, upstream 181)", LedgerText.lost(ledger, 70));
    }

    @Test
    void nothingLostHasNoBrackets() {
        assertEquals("lost 0", LedgerText.lost(ledger(10, 10, Map.of()), 70));
    }

    @Test
    void whatIsUnexplainedIsToldIfThereIsAny() {
        Map<Cause, Long> causes = Map.of(Cause.UPSTREAM, 7L, Cause.STACK, 2L);

        assertEquals("lost 0, unexplained 3", LedgerText.lost(new FlowLedger(FLOW, 13, 10, 0, Map.of(), 3), 70));
        assertEquals(
                "lost 9 (upstream 7, 1 more), unexplained -1",
                LedgerText.lost(new FlowLedger(FLOW, 18, 10, 0, causes, -1), 43));
    }

    @Test
    void causesForWhichThereIsNoRoomAreCounted() {
        FlowLedger ledger = ledger(
                600, 0, Map.of(Cause.UPSTREAM, 300L, Cause.TOO_LARGE, 200L, Cause.NOT_RTP, 90L, Cause.STACK, 10L));

        assertEquals("lost 600 (upstream 300, too large 200, 2 more)", LedgerText.lost(ledger, 50));
        assertEquals("lost 600 (upstream 300, 3 more)", LedgerText.lost(ledger, 1));
    }

    @Test
    void totalsCloseWithWhatIsUnexplained() {
        LedgerReport drained =
                new LedgerReport(10_000, 9_893, 0, Map.of(Cause.UPSTREAM, 107L), 0);
        LedgerReport underWay = new LedgerReport(10_000, 9_880, 12, Map.of(Cause.UPSTREAM, 107L), 1);

        assertEquals("on the wire 10,000   delivered 9,893   lost 107   unexplained 0", LedgerText.totals(drained));
        assertEquals(
                "on the wire 10,000   delivered 9,880   waiting 12   lost 107   unexplained 1",
                LedgerText.totals(underWay));
    }

    @Test
    void aCauseHasItsShareOfTheWire() {
        LedgerReport ledger = new LedgerReport(10_000, 9_893, 0, Map.of(Cause.UPSTREAM, 107L), 0);

        assertEquals("    upstream                    107   1.1 %", LedgerText.cause(Cause.UPSTREAM, ledger));
    }

    @Test
    void adviceEndsWithTheOptionsIfThereAreAny() {
        assertEquals(
                List.of("      It was short.", "      Make it long.", "      Options: --fill-ring 64"),
                LedgerText.advice(new AdviceReport(
                        Cause.FILL_RING_EMPTY, 1, "It was short.", "Make it long.", List.of("--fill-ring", "64"))));
        assertEquals(
                List.of("      It never came.", "      Look elsewhere."),
                LedgerText.advice(
                        new AdviceReport(Cause.UPSTREAM, 1, "It never came.", "Look elsewhere.", List.of())));
    }

    @Test
    void limitsSayThatTheyAreOnes() {
        assertEquals(
                List.of("limit: this and that"), LedgerText.limits(List.of("this and that")));
        assertEquals(List.of(), LedgerText.limits(List.of()));
    }

    private static FlowLedger ledger(long wire, long delivered, Map<Cause, Long> causes) {
        return new FlowLedger(FLOW, wire, delivered, 0, causes, 0);
    }
}
