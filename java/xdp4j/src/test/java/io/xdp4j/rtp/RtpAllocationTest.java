// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.AllocatedBytes;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Counting a packet allocates nothing. */
class RtpAllocationTest {
    private static final int PACKETS = 1_000_000;
    /** Far below a byte a packet; the measurement itself boxes a few numbers. */
    private static final long MEASUREMENT_BYTES = 10_000;

    private final RtpSender sender = new RtpSender(
            new RtpFlow(new RtpClocks(Map.of(0, 16_000, 127, 48_000), 90_000), null));
    private long sequence;

    /** In order, with losses, duplicates, stragglers, restarts, other payload types and a flood of SSRCs. */
    private void sendMixed(int packets) {
        for (int i = 0; i < packets; i++) {
            sender.ssrc = i % 1_000 == 0 ? i : 1;
            if (i % 10_000 == 0) {
                sequence += 20_000;
            } else {
                sequence += i % 100 == 0 ? 7 : i % 50 == 0 ? -3 : 1;
            }
            sender.payloadType = i % 3 == 0 ? 127 : i % 2;
            sender.packet((int) sequence, (int) sequence * 3_000);
            sender.nowNs += 1_923;
        }
    }

    @Test
    void nothingAllocated() {
        sendMixed(PACKETS);
        long before = AllocatedBytes.ofThisThread();
        sendMixed(PACKETS);
        long allocated = AllocatedBytes.ofThisThread() - before;
        assertTrue(allocated < MEASUREMENT_BYTES, PACKETS + " packets allocated " + allocated + " bytes");
    }
}
