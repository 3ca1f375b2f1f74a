// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.packet.Flow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdviserTest {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final long MS = 1_000_000;

    /** The receiver of the question: rings of 2,048, one queue, so many packets a second, away for so long. */
    private static FlowSetup question(double pps, long absenceMs) {
        return xdp(2_048, 2_048, pps, absenceMs, new long[1], 0, Optional.empty());
    }

    private static FlowSetup xdp(
            int fillRing,
            int rxRing,
            double pps,
            long absenceMs,
            long[] strays,
            long largestRefusedBytes,
            Optional<Throwable> failure) {
        return new FlowSetup(
                List.of(0), fillRing, rxRing, 2_048, 1_792, 1, 0, pps, pps, absenceMs * MS, strays, largestRefusedBytes,
                failure);
    }

    /** Packets of 8,942 bytes on an MTU of 9,000, in frames that hold 1,792 bytes. */
    private static FlowSetup jumbo(int rings, double pps, long absenceMs, long largestRefusedBytes) {
        return new FlowSetup(
                List.of(0), rings, rings, 2_048, 9_022, 5, 0, pps, pps, absenceMs * MS, new long[1],
                largestRefusedBytes, Optional.empty());
    }

    private static FlowSetup socket(long bufferBytes, double pps, long absenceMs) {
        return new FlowSetup(
                List.of(), 0, 0, 0, 0, 1, bufferBytes, pps, pps, absenceMs * MS, new long[0], 0, Optional.empty());
    }

    private static Advice on(Cause cause, long delivered, FlowSetup setup) {
        FlowLedger ledger = new FlowLedger(FLOW, delivered + 7, delivered, 0, Map.of(cause, 7L), 0);
        List<Advice> advice = new Adviser(
                        ledger,
                        setup,
                        () -> "rx_missed_errors 7",
                        " ethtool -G eth1 rx 4096.",
                        () -> "7 for a full backlog")
                .advice();
        assertEquals(1, advice.size());
        assertEquals(cause, advice.get(0).cause());
        assertEquals(7, advice.get(0).packets());
        assertEquals(FLOW, advice.get(0).flow());
        return advice.get(0);
    }

    private static void assertSays(String text, String... words) {
        for (String word : words) {
            assertTrue(text.contains(word), word + " is not in: " + text);
        }
    }

    /** 390,000 x 10 ms = 3,900; 2,048 / 390,000 = 5.3 ms; 4 x 3,900 is less than the default of 32,768. */
    @Test
    void theFillRingNeededIsRateTimesAbsence() {
        Advice advice = on(Cause.FILL_RING_EMPTY, 1_000, question(390_000, 10));
        assertSays(advice.finding(), "2,048", "5.3 ms", "390,000", "10.0 ms", "3,900");
        assertSays(advice.change(), "3,900", "32,768", "84.0 ms", "64 MiB");
        assertEquals(new Advice.Settings(32_768, 32_768, null, null, null, false, false), advice.settings());
    }

    /** 520,000 x 46 ms = 23,920; four times that and the next power of two. */
    @Test
    void aLongAbsenceNeedsMoreThanTheDefault() {
        Advice advice =
                on(Cause.FILL_RING_EMPTY, 1_000, xdp(16_384, 131_072, 520_000, 46, new long[1], 0, Optional.empty()));
        assertSays(advice.change(), "23,920", "131,072", "256 MiB");
        assertEquals(new Advice.Settings(131_072, null, null, null, null, false, false), advice.settings());
    }

    /** 1,000 packets of absence, and a ring of 32,768: that is not too short. */
    @Test
    void aRingThatIsDeepEnoughIsNotToBlame() {
        Advice advice =
                on(Cause.FILL_RING_EMPTY, 1_000, xdp(32_768, 32_768, 1e6, 1, new long[1], 0, Optional.empty()));
        assertSays(advice.change(), "does not keep up");
        assertEquals(new Advice.Settings(null, null, null, null, null, false, true), advice.settings());
    }

    /** 65,536 descriptors of 16 bytes are 1 MiB; the fill ring, which is shorter, grows too, with frames of 2,048. */
    @Test
    void theRxRingNeededIsThatOfItsSocket() {
        Advice advice =
                on(Cause.RX_RING_FULL, 1_000, xdp(32_768, 512, 390_000, 40, new long[1], 0, Optional.empty()));
        assertSays(advice.finding(), "512", "1.3 ms", "40.0 ms", "15,600");
        assertSays(advice.change(), "15,600", "65,536", "129 MiB");
        assertEquals(new Advice.Settings(65_536, 65_536, null, null, null, false, false), advice.settings());
    }

    /** 100,000 x 10 ms = 1,000 packets, of 4,352 bytes in twice SO_RCVBUF: 2,176,000. */
    @Test
    void theBufferNeededIsRateTimesAbsenceInPages() {
        Advice advice = on(Cause.SOCKET_BUFFER, 1_000, socket(212_992, 100_000, 10));
        assertSays(advice.finding(), "212,992", "10.0 ms", "1,000");
        assertSays(advice.change(), "2,176,000", "64 MiB", "rmem_max=67108864");
        assertEquals(64 << 20, advice.settings().receiveBufferBytes());
    }

    @Test
    void aBufferThatIsLargeEnoughIsNotToBlame() {
        Advice advice = on(Cause.SOCKET_BUFFER, 1_000, socket(64 << 20, 100_000, 10));
        assertSays(advice.change(), "does not keep up");
        assertEquals(Advice.Settings.NONE, advice.settings());
    }

    @Test
    void aFlowThatArrivesElsewhereIsToBeReceivedThere() {
        Advice advice =
                on(Cause.NO_SOCKET_ON_QUEUE, 0, xdp(64, 64, 1, 1, new long[] {0, 7}, 0, Optional.empty()));
        assertSays(advice.finding(), "queue 0", "7 on queue 1");
        assertEquals(List.of(1), advice.settings().queues());
    }

    @Test
    void aFlowThatArrivesOnSeveralQueuesNeedsSeveralSockets() {
        Advice advice =
                on(Cause.NO_SOCKET_ON_QUEUE, 90, xdp(64, 64, 1, 1, new long[] {0, 3, 4}, 0, Optional.empty()));
        assertSays(advice.finding(), "3 on queue 1", "4 on queue 2");
        assertEquals(List.of(1, 2), advice.settings().queues());
    }

    /** The socket was there before, or is there again. */
    @Test
    void noSocketIsMissingWhereOneIs() {
        Advice advice =
                on(Cause.NO_SOCKET_ON_QUEUE, 90, xdp(64, 64, 1, 1, new long[] {7}, 0, Optional.empty()));
        assertSays(advice.finding(), "no receiver", "7 on queue 0");
        assertEquals(Advice.Settings.NONE, advice.settings());
    }

    /** 1,800 bytes and 256 of headroom do not fit 2,048. */
    @Test
    void theFrameNeededHoldsTheLongestPacketThatCame() {
        Advice advice = on(Cause.TOO_LARGE, 90, xdp(64, 64, 1, 1, new long[1], 1_800, Optional.empty()));
        assertSays(advice.finding(), "1,800", "1,792");
        assertEquals(4_096, advice.settings().frameSize());
    }

    @Test
    void aPacketLongerThanTheLargestFrameNeedsASmallerMtu() {
        Advice advice = on(Cause.TOO_LARGE, 90, xdp(64, 64, 1, 1, new long[1], 9_014, Optional.empty()));
        assertSays(advice.finding(), "A frame of 2,048 bytes holds a packet of 1,792", "9,014");
        assertSays(advice.change(), "longestPacket", "MTU at the sender to 3,818"); // 4,096 - 256 - 14 - 8
        assertEquals(Advice.Settings.NONE, advice.settings());
    }

    @Test
    void aPacketLongerThanSeveralFramesMayTakeIsComparedWithThat() {
        Advice advice = on(Cause.TOO_LARGE, 90, jumbo(64, 1, 1, 9_100));
        assertSays(advice.finding(), "room for long packets holds a packet of 9,022", "9,100");
        assertSays(advice.change(), "longestPacket", "MTU at the sender to 9,000");
        assertEquals(Advice.Settings.NONE, advice.settings());
    }

    /** 60,000 x 10 ms = 600 packets of 5 frames: 3,000; 4,096 / 60,000 / 5 = 13.7 ms; 4 x 3,000 is below 32,768. */
    @Test
    void aPacketOfSeveralFramesTakesAsManyDescriptors() {
        Advice advice = on(Cause.FILL_RING_EMPTY, 1_000, jumbo(4_096, 60_000, 10, 0));
        assertSays(advice.finding(), "4,096", "13.7 ms", "60,000 packets a second", "10.0 ms", "600");
        assertSays(advice.change(), "3,000 descriptors", "5 frames a packet", "32,768", "109.2 ms");
        assertEquals(new Advice.Settings(32_768, 32_768, null, null, null, false, false), advice.settings());
    }

    /** A deeper ring would fill up as well. */
    @Test
    void aReceiverThatFailedNeedsNoRing() {
        Optional<Throwable> failure = Optional.of(new IllegalStateException("of the handler"));
        for (Cause cause : List.of(Cause.FILL_RING_EMPTY, Cause.RX_RING_FULL, Cause.APPLICATION)) {
            Advice advice = on(cause, 1_000, xdp(2_048, 2_048, 390_000, 10, new long[1], 0, failure));
            assertSays(advice.finding(), "of the handler");
            assertEquals(Advice.Settings.NONE, advice.settings());
        }
    }

    /** 1,000,000 x 1 s is more than any ring holds. */
    @Test
    void aRingThatCannotBeDeeperIsNotAdvised() {
        int deepest = 1 << 18;
        Advice advice =
                on(Cause.FILL_RING_EMPTY, 1_000, xdp(deepest, deepest, 1e6, 1_000, new long[1], 0, Optional.empty()));
        assertSays(advice.change(), "No ring can be deeper");
        assertEquals(new Advice.Settings(null, null, null, null, null, false, true), advice.settings());
    }

    @Test
    void otherCausesAreNamedWithTheirEvidence() {
        assertSays(on(Cause.NIC, 1, question(1, 1)).finding(), "rx_missed_errors 7");
        assertSays(on(Cause.NIC, 1, question(1, 1)).change(), "ethtool -G eth1 rx 4096.");
        assertSays(on(Cause.STACK, 1, socket(1, 1, 1)).finding(), "7 for a full backlog");
        Optional<Throwable> failure = Optional.of(new IllegalStateException("of the handler"));
        assertSays(on(Cause.APPLICATION, 1, xdp(64, 64, 1, 1, new long[1], 0, failure)).finding(), "of the handler");
        assertTrue(on(Cause.NO_METADATA, 1, question(1, 1)).settings().generic());
    }

    @Test
    void everyCauseSaysWhatItIs() {
        for (Cause cause : Cause.values()) {
            for (String sentence : List.of(cause.happened(), cause.proof(), cause.change())) {
                assertTrue(sentence.endsWith(".") && sentence.length() > 20, cause + ": " + sentence);
            }
            assertEquals(cause.label().toLowerCase(), cause.name().toLowerCase().replace('_', ' '));
        }
    }

    @Test
    void withoutLossThereIsNoAdvice() {
        FlowLedger ledger = new FlowLedger(FLOW, 5, 5, 0, Map.of(Cause.NIC, 0L), 0);
        assertEquals(List.of(), new Adviser(ledger, question(1, 1), () -> "", "", () -> "").advice());
    }
}
