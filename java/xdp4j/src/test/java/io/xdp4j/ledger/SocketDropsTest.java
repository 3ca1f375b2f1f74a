// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.packet.Flow;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SocketDropsTest {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");

    /** Flows of which so many packets arrived and none was counted by the handler but those not outstanding. */
    private static List<FlowLedger> settle(SocketDrops drops, long[] redirected, long[] outstanding) {
        return settle(drops, redirected, outstanding, new boolean[outstanding.length]);
    }

    private static List<FlowLedger> settle(
            SocketDrops drops, long[] redirected, long[] outstanding, boolean[] drained) {
        List<FlowTally> tallies = tallies(redirected.length);
        for (int i = 0; i < redirected.length; i++) {
            tallies.get(i).arrived = redirected[i];
            tallies.get(i).delivered = redirected[i] - outstanding[i];
        }
        drops.settle(tallies, outstanding, drained);
        return tallies.stream().map(tally -> tally.ledger(FLOW, 0)).toList();
    }

    private static List<FlowTally> tallies(int flows) {
        return IntStream.range(0, flows).mapToObj(i -> new FlowTally()).toList();
    }

    /** Of one socket with as many flows. */
    private static SocketDrops drops(
            long starved, long full, long abandoned, long waitingAtMost, OptionalLong refused, int... flows) {
        int[] ofSocket = flows.length == 0 ? new int[1] : flows;
        return new SocketDrops(
                List.of(new SocketDrops.Rings(starved, full, ofSocket)), abandoned, waitingAtMost, refused);
    }

    private static FlowLedger settle(SocketDrops drops, long outstanding) {
        return settle(drops, new long[] {1_000}, new long[] {outstanding}).get(0);
    }

    @Test
    void everyMissingPacketHasOneCause() {
        FlowLedger ledger = settle(drops(20, 7, 3, 0, OptionalLong.of(0)), 30);
        assertEquals(20, ledger.lost(Cause.FILL_RING_EMPTY));
        assertEquals(7, ledger.lost(Cause.RX_RING_FULL));
        assertEquals(3, ledger.lost(Cause.APPLICATION));
        assertEquals(0, ledger.waiting());
        assertEquals(0, ledger.unexplained());
        assertEquals(1_000, ledger.wire());
    }

    @Test
    void whatIsOnItsWayWaits() {
        FlowLedger ledger = settle(drops(20, 0, 0, 64, OptionalLong.of(0)), 50);
        assertEquals(30, ledger.waiting());
        assertEquals(0, ledger.unexplained());
    }

    @Test
    void whatNobodyHasIsUnexplained() {
        FlowLedger ledger = settle(drops(20, 0, 0, 4, OptionalLong.of(0)), 50);
        assertEquals(4, ledger.waiting());
        assertEquals(26, ledger.unexplained());
    }

    @Test
    void dropsBeyondWhatIsMissingAreUnexplainedToo() {
        assertEquals(-5, settle(drops(5, 0, 0, 0, OptionalLong.of(0)), 0).unexplained());
    }

    @Test
    void refusedRedirectsAreAWrongQueue() {
        FlowLedger ledger = settle(drops(0, 0, 0, 0, OptionalLong.of(30)), 50);
        assertEquals(30, ledger.lost(Cause.WRONG_QUEUE));
        assertEquals(20, ledger.unexplained());
    }

    @Test
    void whereRefusalsCannotBeReadTheCauseSaysSo() {
        FlowLedger ledger = settle(drops(0, 0, 0, 0, OptionalLong.empty()), 50);
        assertEquals(50, ledger.lost(Cause.REFUSED_UNSEEN));
        assertEquals(0, ledger.unexplained());
    }

    /** Two flows share a socket: 30 and 10 are missing, 20 starved and 20 found the ring full: 15 + 5 of each. */
    @Test
    void flowsOfOneSocketShareItsDropsByWhatTheyMiss() {
        List<FlowLedger> ledgers = settle(
                drops(20, 20, 0, 0, OptionalLong.of(0), 0, 1), new long[] {100, 500}, new long[] {30, 10});
        assertEquals(15, ledgers.get(0).lost(Cause.FILL_RING_EMPTY));
        assertEquals(15, ledgers.get(0).lost(Cause.RX_RING_FULL));
        assertEquals(5, ledgers.get(1).lost(Cause.FILL_RING_EMPTY));
        assertEquals(5, ledgers.get(1).lost(Cause.RX_RING_FULL));
        assertEquals(0, ledgers.get(0).unexplained());
        assertEquals(0, ledgers.get(1).unexplained());
    }

    /** A flow with a socket on each of two queues: 30 of it are missing, 20 starved on the one and 10 on the other. */
    @Test
    void aFlowWithTwoSocketsIsCountedOnce() {
        SocketDrops both = new SocketDrops(
                List.of(new SocketDrops.Rings(20, 0, new int[1]), new SocketDrops.Rings(7, 3, new int[1])),
                0,
                0,
                OptionalLong.empty());
        FlowLedger ledger = settle(both, 30);
        assertEquals(27, ledger.lost(Cause.FILL_RING_EMPTY));
        assertEquals(3, ledger.lost(Cause.RX_RING_FULL));
        assertEquals(0, ledger.lost(Cause.REFUSED_UNSEEN));
        assertEquals(0, ledger.unexplained());
    }

    /** 60 starved and 50 wait. Nothing waits of the first, so all 40 of it starved, and 20 of the second. */
    @Test
    void ofAFlowThatIsDrainedNothingWaits() {
        SocketDrops drops = drops(60, 0, 0, 50, OptionalLong.of(0), 0, 1);
        List<FlowLedger> ledgers =
                settle(drops, new long[] {100, 100}, new long[] {40, 70}, new boolean[] {true, false});
        assertEquals(40, ledgers.get(0).lost(Cause.FILL_RING_EMPTY));
        assertEquals(0, ledgers.get(0).waiting());
        assertEquals(20, ledgers.get(1).lost(Cause.FILL_RING_EMPTY));
        assertEquals(50, ledgers.get(1).waiting());
        assertEquals(0, ledgers.get(1).unexplained());
    }

    /** A drained flow of which more is missing than the counters have: it was refused. */
    @Test
    void whatADrainedFlowMissesBeyondThatIsNotWaiting() {
        SocketDrops drops = drops(10, 5, 5, 100, OptionalLong.of(30), 0, 1);
        List<FlowLedger> ledgers =
                settle(drops, new long[] {100, 100}, new long[] {50, 60}, new boolean[] {true, false});
        assertEquals(10, ledgers.get(0).lost(Cause.FILL_RING_EMPTY));
        assertEquals(5, ledgers.get(0).lost(Cause.RX_RING_FULL));
        assertEquals(5, ledgers.get(0).lost(Cause.APPLICATION));
        assertEquals(30, ledgers.get(0).lost(Cause.WRONG_QUEUE));
        assertEquals(0, ledgers.get(0).unexplained());
        assertEquals(60, ledgers.get(1).waiting());
    }

    /** Two flows, the second on the second socket alone. */
    @Test
    void saysWhoHadHowMany() {
        SocketDrops drops = new SocketDrops(
                List.of(new SocketDrops.Rings(10, 0, new int[] {0}), new SocketDrops.Rings(0, 8, new int[] {0, 1})),
                6,
                20,
                OptionalLong.of(5));
        SocketDrops.Parts parts = drops.settle(tallies(2), new long[] {30, 20}, new boolean[2]);
        assertArrayEquals(new long[] {10, 0}, parts.starved().get(0));
        assertArrayEquals(new long[] {0, 0}, parts.starved().get(1));
        assertArrayEquals(new long[] {0, 0}, parts.full().get(0));
        assertArrayEquals(new long[] {4, 4}, parts.full().get(1)); // each misses 20 now
        assertArrayEquals(new long[] {3, 3}, parts.abandoned()); // 16
        assertArrayEquals(new long[] {10, 10}, parts.waiting()); // 13
        assertArrayEquals(new long[] {3, 2}, parts.refused()); // 3
    }

    @Test
    void whereRefusalsCannotBeReadNobodyHasAny() {
        SocketDrops.Parts parts =
                drops(0, 0, 0, 0, OptionalLong.empty()).settle(tallies(1), new long[] {9}, new boolean[1]);
        assertArrayEquals(new long[] {0}, parts.refused());
    }

    /** A socket whose flows have gone. */
    @Test
    void aSocketWithoutFlowsHasNothing() {
        SocketDrops drops =
                new SocketDrops(List.of(new SocketDrops.Rings(3, 0, new int[0])), 0, 0, OptionalLong.of(0));
        FlowLedger ledger = settle(drops, 0);
        assertEquals(0, ledger.unexplained());
        assertEquals(0, ledger.lost());
    }
}
