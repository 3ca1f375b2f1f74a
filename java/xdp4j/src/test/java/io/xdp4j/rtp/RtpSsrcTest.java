// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static io.xdp4j.rtp.RtpCounter.BYTES;
import static io.xdp4j.rtp.RtpCounter.DISCONTINUITIES;
import static io.xdp4j.rtp.RtpCounter.EXPECTED;
import static io.xdp4j.rtp.RtpCounter.LOST;
import static io.xdp4j.rtp.RtpCounter.NON_RTP;
import static io.xdp4j.rtp.RtpCounter.RECEIVED;
import static io.xdp4j.rtp.RtpCounter.SSRC_CHANGES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xdp4j.packet.PacketBatch;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Several SSRCs on one flow, and what is no RTP at all. */
class RtpSsrcTest {
    private final RtpSender sender = new RtpSender(new RtpFlow());

    private RtpSender from(int ssrc) {
        sender.ssrc = ssrc;
        return sender;
    }

    private List<Integer> ssrcs() {
        return sender.statistics().streams().stream()
                .map(RtpStatistics.Stream::ssrc)
                .toList();
    }

    @Test
    void interleavedSsrcsKeepTheirOwnSequences() {
        for (int i = 0; i < 1_000; i++) {
            from(0xAAAAAAAA).send(60_000 + i);
            from(0xBBBBBBBB).send(10 + 2 * i);
        }
        sender.assertCounts(2_000, 999, 0, 0, 0);
        assertEquals(1, sender.count(SSRC_CHANGES), "the second SSRC appeared once");
        assertEquals(999, sender.count(DISCONTINUITIES));
        assertEquals(List.of(0xBBBBBBBB, 0xAAAAAAAA), ssrcs());
        var first = sender.statistics().streams().get(1);
        assertEquals(1_000, first.count(RECEIVED));
        assertEquals(0, first.count(LOST));
        assertEquals(60_999, first.extendedHighestSequence());
    }

    @Test
    void anSsrcOfZeroIsOneLikeAnyOther() {
        from(0).send(5, 6);
        assertEquals(List.of(0), ssrcs());
        assertEquals(0, sender.count(SSRC_CHANGES));
        sender.assertCounts(2, 0, 0, 0, 0);
    }

    @Test
    void aNewSsrcBeginsAtItsFirstPacket() {
        from(1).send(100, 101);
        from(2).send(50_000, 50_001);
        sender.assertCounts(4, 0, 0, 0, 0);
        assertEquals(1, sender.count(SSRC_CHANGES));
        assertEquals(0, sender.count(DISCONTINUITIES));
    }

    @Test
    void anSsrcThatComesBackGoesOn() {
        from(1).send(100, 101);
        from(2).send(7);
        from(1).send(103);
        sender.assertCounts(4, 1, 0, 0, 0);
        assertEquals(1, sender.count(SSRC_CHANGES));
    }

    @Test
    void theLongestSilentIsForgottenAndItsCountsStay() {
        for (int ssrc = 1; ssrc <= RtpFlow.MAX_STREAMS; ssrc++) {
            from(ssrc).send(1, 3);
        }
        from(1).send(4);
        from(100).send(9);
        var ssrcs = ssrcs();
        assertEquals(RtpFlow.MAX_STREAMS, ssrcs.size());
        assertEquals(List.of(100, 1, 16, 15), ssrcs.subList(0, 4));
        assertEquals(3, ssrcs.get(RtpFlow.MAX_STREAMS - 1), "2 was the longest silent");
        sender.assertCounts(2 * RtpFlow.MAX_STREAMS + 2, RtpFlow.MAX_STREAMS, 0, 0, 0);
        from(2).send(500);
        assertEquals(RtpFlow.MAX_STREAMS + 1, sender.count(SSRC_CHANGES));
        sender.assertCounts(2 * RtpFlow.MAX_STREAMS + 3, RtpFlow.MAX_STREAMS, 0, 0, 0);
    }

    @Test
    void aPlaceUsedAgainKeepsNothing() {
        from(1).send(50_000, 50_002, 50_001, 50_001, 10, 11, 30_000);
        for (int ssrc = 2; ssrc <= RtpFlow.MAX_STREAMS; ssrc++) {
            from(ssrc).send(7);
        }
        var before = sender.statistics();
        from(100).send(9);
        var reused = sender.statistics().latestStream().orElseThrow();
        assertEquals(100, reused.ssrc());
        assertEquals(0, reused.jitterNs());
        var onePacket = Map.of(RECEIVED, 1L, EXPECTED, 1L, BYTES, (long) RtpSender.PAYLOAD_BYTES);
        for (RtpCounter counter : RtpCounter.values()) {
            assertEquals(onePacket.getOrDefault(counter, 0L), reused.count(counter), counter.name());
            long added = counter == SSRC_CHANGES ? 1 : onePacket.getOrDefault(counter, 0L);
            assertEquals(before.count(counter) + added, sender.count(counter), counter.name());
        }
    }

    @Test
    void aFloodOfSsrcsStaysBounded() {
        int flood = 200_000;
        for (int i = 0; i < flood; i++) {
            from(0x9E3779B9 * (i + 1)).send(i); // an odd factor: all different
        }
        assertEquals(RtpFlow.MAX_STREAMS, sender.statistics().streams().size());
        assertEquals(flood - 1, sender.count(SSRC_CHANGES));
        sender.assertCounts(flood, 0, 0, 0, 0);
        assertEquals((long) flood * RtpSender.PAYLOAD_BYTES, sender.count(BYTES));
    }

    @Test
    void whatIsNotRtpIsCountedAndTouchesNothingElse() {
        sender.send(1, 2);
        sender.bytes(new byte[0]);
        sender.bytes(new byte[] {(byte) 0x80});
        sender.bytes("not RTP at all, but long enough".getBytes());
        sender.bytes(HexFormat.of().parseHex("80C80006" + "00".repeat(24))); // RTCP sender report
        sender.bytes(HexFormat.of().parseHex("902100030000000000001234BEDE0009")); // extension cut
        sender.bytes(HexFormat.of().parseHex("A02100030000000000001234010203FF")); // padding too long
        sender.send(3);
        assertEquals(6, sender.count(NON_RTP));
        sender.assertCounts(3, 0, 0, 0, 0);
        assertEquals(0, sender.count(DISCONTINUITIES));
    }

    @Test
    void bytesAreThoseOfThePayload() {
        // 1 CSRC, an extension of 1 word, 5 bytes of payload, 3 of padding
        sender.bytes(HexFormat.of()
                .parseHex("B1210003000000000000123400000001BEDE000110AA00000102030405000003"));
        assertEquals(5, sender.count(BYTES));
    }

    @Test
    void readsPacketsOfABatch() {
        ByteBuffer area = ByteBuffer.allocateDirect(4_096);
        PacketBatch batch = new PacketBatch(area, ByteBuffer.allocateDirect(2 * PacketBatch.DESCRIPTOR_BYTES));
        byte[] rtp = HexFormat.of().parseHex("8021000300000000000012340102030405");
        for (int i = 0; i < 2; i++) {
            int packet = 256 + i * 2_048;
            batch.describe(i, packet, 42 + rtp.length, 0, 42, rtp.length, 1_000 + i * 5_000_000L);
            area.put(packet + 42, rtp);
        }
        area.put(256 + 2_048 + 42 + 3, (byte) 5); // the second's sequence number
        batch.size(2);
        for (int i = 0; i < batch.size(); i++) {
            sender.flow.onPacket(batch, i);
        }
        sender.assertCounts(2, 1, 0, 0, 0);
        assertEquals(10, sender.count(BYTES));
        var stream = sender.statistics().latestStream().orElseThrow();
        assertEquals(0x1234, stream.ssrc());
        assertEquals(33, stream.payloadType());
        assertEquals(5.0 / 16, stream.jitterMs(), 1e-9);
    }

    @Test
    void aPacketOutsideTheBufferLeavesTheFlowReadable() {
        sender.send(1);
        ByteBuffer data = ByteBuffer.allocate(20).put(15, (byte) 0x80);
        assertThrows(IndexOutOfBoundsException.class, () -> sender.flow.onPacket(data, 15, 12, 0));
        assertEquals(1, sender.count(EXPECTED));
    }

    @Test
    void aStatisticIsReadOnlyAndListsEveryCounterInOrder() {
        sender.send(1);
        var statistics = sender.statistics();
        assertEquals(List.of(RtpCounter.values()), List.copyOf(statistics.counts().keySet()));
        assertThrows(UnsupportedOperationException.class, () -> statistics.counts().put(LOST, 0L));
        assertThrows(
                UnsupportedOperationException.class, () -> statistics.streams().clear());
    }

    @Test
    void theClockRateMustBePositive() {
        assertThrows(IllegalArgumentException.class, () -> new RtpFlow(0));
    }
}
