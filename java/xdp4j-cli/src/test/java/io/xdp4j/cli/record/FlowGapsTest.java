// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the ledger's looks, one a second, tell of gaps between them. */
class FlowGapsTest {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final long MS = 1_000_000;

    private final FlowGaps gaps = new FlowGaps(FLOW);
    private LedgerLook latest = LedgerLook.NOTHING;

    private Gap gapAt(long ms, int missing) {
        gaps.arrived(ms * MS - 1, latest); // the packet in front of it
        Gap gap = gaps.open(new GapWindow(0, packets -> {}), 10, missing, missing, ms * MS);
        gaps.arrived(ms * MS, latest);
        return gap;
    }

    private void lookAt(long ms, Map<Cause, Long> lost) {
        latest = new LedgerLook(ms * MS, false, Map.of(FLOW, lost));
        gaps.look(latest);
    }

    /** Behind what is missing. */
    private static String cause(Gap gap) {
        assertTrue(gap.isSettled());
        assertTrue(gap.window().isConfirmed());
        String comment = new String(gap.comment(), StandardCharsets.UTF_8);
        return comment.substring(comment.indexOf("Cause"));
    }

    @Test
    void theFirstLookWellBehindTheGapTells() {
        Gap gap = gapAt(900, 2);
        lookAt(1_000, Map.of(Cause.RX_RING_FULL, 2L));
        assertFalse(gap.isSettled(), "the loss may have been counted only in part");
        lookAt(2_000, Map.of(Cause.RX_RING_FULL, 2L));
        assertEquals("Cause: RX_RING_FULL.", cause(gap));
    }

    @Test
    void whatWasLostBeforeIsNotItsCause() {
        gaps.arrived(500 * MS, latest);
        lookAt(1_000, Map.of(Cause.NIC, 70L));
        Gap gap = gapAt(1_500, 2);
        lookAt(2_000, Map.of(Cause.NIC, 70L, Cause.RX_RING_FULL, 2L));
        assertEquals("Cause: RX_RING_FULL.", cause(gap));
    }

    /** The flow may have stood still: what was lost since its last packet is in the gap. */
    @Test
    void itBeginsAtTheLookBeforeTheLastPacket() {
        gaps.arrived(500 * MS, latest);
        lookAt(1_000, Map.of(Cause.NIC, 2L));
        lookAt(2_000, Map.of(Cause.NIC, 3L));
        Gap gap = gaps.open(new GapWindow(0, packets -> {}), 10, 3, 3, 2_500 * MS);
        gaps.arrived(2_500 * MS, latest);
        lookAt(3_000, Map.of(Cause.NIC, 3L));
        assertEquals("Cause: NIC.", cause(gap));
    }

    /** Its first packets were lost before the look, and are no part of what the next gap lost. */
    @Test
    void aGapThatALookFallsInto() {
        gaps.arrived(900 * MS, latest);
        lookAt(1_000, Map.of(Cause.RX_RING_FULL, 40L));
        Gap across = gaps.open(new GapWindow(0, packets -> {}), 10, 50, 50, 1_100 * MS);
        gaps.arrived(1_100 * MS, latest);
        Gap behind = gapAt(1_500, 3);
        lookAt(2_000, Map.of(Cause.RX_RING_FULL, 53L));
        assertEquals("Cause: RX_RING_FULL.", cause(across));
        assertEquals("Cause: RX_RING_FULL.", cause(behind));
    }

    @Test
    void severalCausesOfOneGap() {
        Gap gap = gapAt(500, 12);
        lookAt(1_000, Map.of(Cause.RX_RING_FULL, 2L, Cause.FILL_RING_EMPTY, 10L));
        assertEquals("Causes: FILL_RING_EMPTY 10, RX_RING_FULL 2.", cause(gap));
    }

    @Test
    void severalCausesOfSeveralGaps() {
        Gap first = gapAt(300, 2);
        Gap second = gapAt(500, 1_000);
        lookAt(1_000, Map.of(Cause.RX_RING_FULL, 2L));
        assertFalse(first.isSettled() || second.isSettled());
        lookAt(2_000, Map.of(Cause.RX_RING_FULL, 2L, Cause.FILL_RING_EMPTY, 1_000L));
        String both = "Causes of the 1,002 that the flow lost around then: FILL_RING_EMPTY 1,000, RX_RING_FULL 2.";
        assertEquals(both, cause(first));
        assertEquals(both, cause(second));
    }

    @Test
    void gapsOfDifferentSecondsHaveTheirOwnCauses() {
        Gap first = gapAt(500, 2);
        lookAt(1_000, Map.of(Cause.RX_RING_FULL, 2L));
        Gap second = gapAt(1_500, 3);
        lookAt(2_000, Map.of(Cause.RX_RING_FULL, 2L, Cause.NIC, 3L));
        Gap third = gapAt(2_500, 4);
        lookAt(3_000, Map.of(Cause.RX_RING_FULL, 6L, Cause.NIC, 3L));
        assertEquals("Cause: RX_RING_FULL.", cause(first));
        assertEquals("Cause: NIC.", cause(second));
        assertEquals("Cause: RX_RING_FULL.", cause(third));
    }

    /** For three seconds a driver's counter may still claim it. */
    @Test
    void upstreamIsWaitedFor() {
        Gap gap = gapAt(500, 2);
        Gap other = gapAt(600, 1);
        lookAt(1_000, Map.of(Cause.UPSTREAM, 3L));
        lookAt(2_000, Map.of(Cause.UPSTREAM, 3L));
        lookAt(3_000, Map.of(Cause.UPSTREAM, 3L));
        assertFalse(gap.isSettled());
        lookAt(4_000, Map.of(Cause.NIC, 3L));
        assertEquals("Cause: NIC.", cause(gap));
        assertEquals("Cause: NIC.", cause(other));

        Gap next = gapAt(4_500, 1);
        lookAt(5_000, Map.of(Cause.NIC, 3L, Cause.UPSTREAM, 1L));
        lookAt(7_600, Map.of(Cause.NIC, 3L, Cause.UPSTREAM, 1L));
        assertFalse(next.isSettled());
        lookAt(8_000, Map.of(Cause.NIC, 3L, Cause.UPSTREAM, 1L));
        assertEquals("Cause: UPSTREAM.", cause(next));
    }

    @Test
    void whatTheLedgerNeverHasIsNotKnown() {
        Gap gap = gapAt(500, 2);
        for (int second = 1; second <= 5; second++) {
            lookAt(1_000L * second, Map.of());
        }
        assertFalse(gap.isSettled());
        lookAt(6_000, Map.of());
        assertEquals("Cause not known yet.", cause(gap));
    }

    @Test
    void whatTheLedgerHasInPartIsSaidSo() {
        Gap gap = gapAt(500, 5);
        for (int second = 1; second <= 6; second++) {
            lookAt(1_000L * second, Map.of(Cause.NIC, 3L));
        }
        assertEquals("Cause as far as known: NIC 3.", cause(gap));
    }

    @Test
    void theLastLookSettlesAll() {
        Gap early = gapAt(500, 2);
        Gap late = gapAt(990, 2);
        gaps.look(new LedgerLook(1_000 * MS, true, Map.of(FLOW, Map.of(Cause.UPSTREAM, 4L))));
        assertEquals("Cause: UPSTREAM.", cause(early));
        assertEquals("Cause: UPSTREAM.", cause(late));
    }

    @Test
    void aPacketThatComesLateIsTakenOffItsGap() {
        gaps.arrived(400 * MS, latest);
        Gap first = gaps.open(new GapWindow(0, packets -> {}), 65_530, 10, 10, 500 * MS); // up to 3
        Gap second = gaps.open(new GapWindow(0, packets -> {}), 10, 2, 2, 600 * MS);
        assertEquals(second, gaps.heal(11));
        assertEquals(first, gaps.heal(2));
        assertEquals(null, gaps.heal(4));
        assertEquals(null, gaps.heal(20_000));
        assertEquals(9, first.missing());
        assertEquals(1, second.missing());
        lookAt(1_000, Map.of(Cause.NIC, 10L));
        assertEquals("Cause: NIC.", cause(first));
        assertEquals(null, gaps.heal(3), "too late");
    }

    /** They count with the others' while those are open, and then are forgotten: a storm of gaps takes no time. */
    @Test
    void manyGaps() {
        int each = 10_000;
        for (int second = 0; second < 5; second++) {
            for (int i = 0; i < each; i++) {
                gapAt(1_000L * second + 100 + 500L * i / each, 1);
            }
            lookAt(1_000L * second + 1_000, Map.of(Cause.UPSTREAM, (long) each * (second + 1)));
        }
        Gap last = gapAt(5_100, 1);
        lookAt(9_000, Map.of(Cause.UPSTREAM, 5L * each, Cause.NIC, 1L));
        assertEquals("Cause: NIC.", cause(last));
    }

    /** The oldest ones go without their cause, but what they miss is not taken for what the others miss. */
    @Test
    void moreGapsThanMemoryIsFor() {
        int all = FlowGaps.MOST_GAPS + 100;
        Gap first = gapAt(100, 1);
        Gap last = first;
        for (int i = 1; i < all; i++) {
            last = gapAt(100, 1);
        }
        assertEquals("Cause not known yet.", cause(first));
        assertFalse(last.isSettled());
        lookAt(1_000, Map.of(Cause.NIC, all - 1L));
        assertFalse(last.isSettled());
        lookAt(2_000, Map.of(Cause.NIC, all - 1L, Cause.RX_RING_FULL, 1L));
        assertEquals("Causes of the 4,196 that the flow lost around then: NIC 4,195, RX_RING_FULL 1.", cause(last));
        Gap next = gapAt(2_500, 3);
        lookAt(3_000, Map.of(Cause.NIC, all - 1L, Cause.RX_RING_FULL, 4L));
        assertEquals("Cause: RX_RING_FULL.", cause(next));
    }

    @Test
    void whatIsNotRtpLeavesNoGap() {
        FlowLedger ledger = new FlowLedger(FLOW, 100, 90, 0, Map.of(Cause.NOT_RTP, 7L, Cause.NIC, 3L), 0);
        LedgerLook look = LedgerLook.of(
                new LedgerSnapshot(List.of(ledger), List.of(), List.of(), List.of()), 1, false);
        assertEquals(Map.of(Cause.NIC, 3L), look.lost(FLOW));
        assertEquals(Map.of(), look.lost(Flow.parse("239.1.2.4:5004")));
    }
}
