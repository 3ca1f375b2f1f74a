// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static io.xdp4j.rtp.RtpCounter.DUPLICATE;
import static io.xdp4j.rtp.RtpCounter.EXPECTED;
import static io.xdp4j.rtp.RtpCounter.LATE;
import static io.xdp4j.rtp.RtpCounter.LOST;
import static io.xdp4j.rtp.RtpCounter.RECEIVED;
import static io.xdp4j.rtp.RtpCounter.REORDERED;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;

/** Writes RTP packets by hand and gives them to a flow, one every {@link #spacingNs}. */
final class RtpSender {
    static final int PAYLOAD_BYTES = 160;
    static final int OFFSET = 42; // behind Ethernet, IPv4 and UDP
    static final int LENGTH = RtpHeader.FIXED_BYTES + PAYLOAD_BYTES;

    final RtpFlow flow;
    long nowNs = 1_000_000_000;
    long spacingNs = 20_000_000;
    int ssrc = 0x1234;
    int payloadType = 0;
    private final ByteBuffer data = ByteBuffer.allocateDirect(2_048);

    RtpSender(RtpFlow flow) {
        this.flow = flow;
    }

    /** Sends these sequence numbers, modulo 65,536. */
    RtpSender send(long... sequences) {
        for (long sequence : sequences) {
            packet((int) sequence, (int) sequence * PAYLOAD_BYTES);
            nowNs += spacingNs;
        }
        return this;
    }

    /** Sends the sequence numbers from {@code first} to {@code last}, both included. */
    RtpSender sendRange(long first, long last) {
        for (long sequence = first; sequence <= last; sequence++) {
            send(sequence);
        }
        return this;
    }

    /** Lets time pass. */
    RtpSender pause(long ns) {
        nowNs += ns;
        return this;
    }

    /** A packet that arrives now. */
    RtpSender packet(int sequence, int timestamp) {
        data.put(OFFSET, (byte) 0x80);
        data.put(OFFSET + 1, (byte) payloadType);
        data.putShort(OFFSET + 2, (short) sequence);
        data.putInt(OFFSET + 4, timestamp);
        data.putInt(OFFSET + 8, ssrc);
        flow.onPacket(data, OFFSET, LENGTH, nowNs);
        return this;
    }

    /** A UDP payload that arrives now. */
    RtpSender bytes(byte[] payload) {
        data.put(OFFSET, payload);
        flow.onPacket(data, OFFSET, payload.length, nowNs);
        return this;
    }

    RtpStatistics statistics() {
        return flow.snapshot();
    }

    long count(RtpCounter counter) {
        return statistics().count(counter);
    }

    /** Checks the five counters that tell where each packet went, and that they balance. */
    void assertCounts(long received, long lost, long reordered, long duplicate, long late) {
        RtpStatistics statistics = statistics();
        assertAll(
                () -> assertEquals(received, statistics.count(RECEIVED), "received"),
                () -> assertEquals(lost, statistics.count(LOST), "lost"),
                () -> assertEquals(lost, flow.lost(), "lost, asked for by the thread that counts"),
                () -> assertEquals(reordered, statistics.count(REORDERED), "reordered"),
                () -> assertEquals(duplicate, statistics.count(DUPLICATE), "duplicate"),
                () -> assertEquals(late, statistics.count(LATE), "late"),
                () -> assertEquals(received - duplicate - late + lost, statistics.count(EXPECTED), "expected"));
        assertBalance(statistics);
    }

    /** The equations of {@link RtpCounter}; and that the flow is the sum of its SSRCs, as long as none is forgotten. */
    static void assertBalance(RtpStatistics statistics) {
        long distinct = statistics.count(RECEIVED) - statistics.count(DUPLICATE) - statistics.count(LATE);
        if (statistics.count(EXPECTED) != statistics.count(LOST) + distinct || statistics.count(LOST) < 0) {
            throw new AssertionError("out of balance: " + statistics);
        }
        if (statistics.count(RtpCounter.SSRC_CHANGES) < RtpFlow.MAX_STREAMS) {
            for (RtpCounter counter : RtpCounter.values()) {
                if (counter != RtpCounter.SSRC_CHANGES && counter != RtpCounter.NON_RTP) {
                    long sum = statistics.streams().stream().mapToLong(s -> s.count(counter)).sum();
                    assertTrue(sum == statistics.count(counter), () -> counter + ": " + statistics);
                }
            }
        }
    }
}
