// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static io.xdp4j.rtp.RtpCounter.BYTES;
import static io.xdp4j.rtp.RtpCounter.DISCONTINUITIES;
import static io.xdp4j.rtp.RtpCounter.EXPECTED;
import static io.xdp4j.rtp.RtpCounter.LOST;
import static io.xdp4j.rtp.RtpCounter.NON_RTP;
import static io.xdp4j.rtp.RtpCounter.RECEIVED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Snapshots are those of a moment between two packets, while another thread counts. */
class RtpSnapshotTest {
    private static final int SNAPSHOTS = 100_000;
    static final int STREAMS = 3;

    private static final byte[] NOT_RTP = new byte[20];

    /** One round: a packet of each SSRC in turn, every second sequence number lost, then one that is no RTP. */
    static void sendRound(RtpSender sender, int round) {
        for (int ssrc = 1; ssrc <= STREAMS; ssrc++) {
            sender.ssrc = ssrc;
            sender.send(2L * round);
        }
        sender.bytes(NOT_RTP);
    }

    static void assertBetweenTwoPackets(RtpStatistics statistics) {
        RtpSender.assertBalance(statistics);
        long received = statistics.count(RECEIVED);
        assertEquals(received * RtpSender.PAYLOAD_BYTES, statistics.count(BYTES));
        assertEquals(statistics.count(LOST), statistics.count(DISCONTINUITIES));
        long rounds = received / STREAMS;
        boolean lastOfRound = received > 0 && received % STREAMS == 0;
        long nonRtp = statistics.count(NON_RTP);
        assertTrue(nonRtp == rounds || lastOfRound && nonRtp == rounds - 1, () -> "torn: " + statistics);
        for (RtpStatistics.Stream stream : statistics.streams()) {
            assertEquals(2 * stream.count(RECEIVED) - 1, stream.count(EXPECTED));
            assertEquals(stream.count(EXPECTED) - 1, stream.extendedHighestSequence());
        }
    }

    @Test
    @Timeout(120)
    void noSnapshotIsTorn() throws Exception {
        RtpSender sender = new RtpSender(new RtpFlow());
        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<Integer> rounds = CompletableFuture.supplyAsync(() -> {
            int round = 0;
            while (!enough.get()) {
                sendRound(sender, round++);
            }
            return round;
        });
        try {
            long received = 0;
            for (int i = 0; i < SNAPSHOTS; i++) {
                RtpStatistics statistics = sender.flow.snapshot();
                assertBetweenTwoPackets(statistics);
                assertTrue(statistics.count(RECEIVED) >= received, "never backwards");
                received = statistics.count(RECEIVED);
            }
        } finally {
            enough.set(true);
        }
        long sent = rounds.get();
        RtpStatistics last = sender.flow.snapshot();
        assertBetweenTwoPackets(last);
        assertEquals(sent * STREAMS, last.count(RECEIVED));
        assertEquals(sent, last.count(NON_RTP));
    }

    @Test
    void aSnapshotNeedsNoPackets() {
        RtpSender sender = new RtpSender(new RtpFlow());
        assertBetweenTwoPackets(sender.flow.snapshot());
        sendRound(sender, 0);
        assertEquals(sender.flow.snapshot(), sender.flow.snapshot());
        sendRound(sender, 1);
        assertEquals(2 * STREAMS, sender.flow.snapshot().count(RECEIVED));
    }
}
