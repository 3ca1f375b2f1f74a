// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpFlow;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlowMeterTest {
    private static final int SLOT_BYTES = 64;
    private static final int RTP_HEADER_BYTES = 12; // RFC 3550 §5.1, without CSRCs

    private final FlowMeter meter = new FlowMeter();
    private final RtpFlow rtp = new RtpFlow();
    private final ByteBuffer area = ByteBuffer.allocateDirect(4 * SLOT_BYTES);
    private final PacketBatch batch =
            new PacketBatch(area, ByteBuffer.allocateDirect(4 * PacketBatch.DESCRIPTOR_BYTES));
    private short sequence;

    /** As many packets of each flow as its place in the arguments says, which arrived so long ago. */
    private void arrive(long agoNs, int... flows) {
        for (int i = 0; i < flows.length; i++) {
            int packet = i * SLOT_BYTES + PacketBatch.META_BYTES;
            area.put(packet, (byte) 0x80).putShort(packet + 2, sequence++);
            batch.describe(i, packet, RTP_HEADER_BYTES, flows[i], 0, RTP_HEADER_BYTES, System.nanoTime() - agoNs);
        }
        batch.size(flows.length);
        meter.onBatch(batch);
    }

    private Map<Integer, Long> takenCounts() {
        Map<Integer, Long> counts = new TreeMap<>();
        meter.takeLatencies((flow, latencyNs) -> counts.put(flow, latencyNs.getTotalCount()));
        return counts;
    }

    @Test
    void latenciesAreTakenOncePerPacketAndFlow() {
        meter.expect(0, rtp);
        meter.expect(2, new RtpFlow());
        arrive(0, 0, 2, 0);
        arrive(0, 0);

        assertEquals(Map.of(0, 3L, 2, 1L), takenCounts());
        assertEquals(Map.of(), takenCounts());
        arrive(0, 2);
        assertEquals(Map.of(2, 1L), takenCounts());
        assertEquals(3, rtp.snapshot().count(RtpCounter.RECEIVED));
    }

    @Test
    void aLatencyIsThatFromArrivalToTheBatch() {
        meter.expect(0, rtp);
        long agoNs = TimeUnit.SECONDS.toNanos(20); // so long that what the test itself takes does not show
        arrive(agoNs, 0);

        meter.takeLatencies((flow, latencyNs) -> assertEquals(agoNs, latencyNs.getMaxValue(), agoNs / 10.0));
    }

    @Test
    void whatNoClockCanTellIsRecordedAtTheEndsOfTheRange() {
        meter.expect(0, rtp);
        arrive(-TimeUnit.SECONDS.toNanos(1), 0);
        arrive(TimeUnit.HOURS.toNanos(1), 0);

        meter.takeLatencies((flow, latencyNs) -> {
            assertEquals(0, latencyNs.getMinValue());
            assertEquals(TimeUnit.MINUTES.toNanos(1), latencyNs.getMaxValue(), TimeUnit.SECONDS.toNanos(1));
        });
    }

    @Test
    void packetsOfAForgottenFlowAreNotCounted() {
        meter.expect(0, rtp);
        arrive(0, 0);
        meter.forget(0);
        arrive(0, 0);

        assertEquals(Map.of(), takenCounts());
        assertEquals(1, rtp.snapshot().count(RtpCounter.RECEIVED));
    }

    /** The reader waits for a batch in hand: one that ended by an exception must not keep it waiting for ever. */
    @Test
    void aBatchThatFailsDoesNotHoldTheReader() {
        meter.expect(0, rtp);
        arrive(0, 0);
        assertThrows(ArrayIndexOutOfBoundsException.class, () -> arrive(0, 7));

        assertEquals(Map.of(0, 1L), takenCounts());
    }

    /** The receiver records while another thread takes, and no packet is missing or counted twice. */
    @Test
    void takingDisturbsNoReceiver() throws InterruptedException {
        meter.expect(0, rtp);
        int batches = 20_000;
        Thread receiver = new Thread(() -> {
            for (int i = 0; i < batches; i++) {
                arrive(0, 0, 0, 0);
            }
        });
        receiver.start();
        long taken = 0;
        while (receiver.isAlive()) {
            taken += takenCounts().getOrDefault(0, 0L);
        }
        taken += takenCounts().getOrDefault(0, 0L);

        assertEquals(3L * batches, taken);
    }
}
