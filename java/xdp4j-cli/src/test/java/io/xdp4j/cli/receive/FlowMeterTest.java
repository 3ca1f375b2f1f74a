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
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
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

    /** Of all flows together. */
    private Histogram taken() {
        Histogram taken = LatencyBuckets.newHistogram();
        meter.takeLatencies((flow, latencyNs) -> taken.add(latencyNs));
        return taken;
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

        Histogram taken = taken();
        assertEquals(1, taken.getTotalCount());
        assertEquals(agoNs, taken.getMaxValue(), agoNs / 10.0);
    }

    @Test
    void whatNoClockCanTellIsRecordedAtTheEndsOfTheRange() {
        meter.expect(0, rtp);
        arrive(-TimeUnit.SECONDS.toNanos(1), 0);
        arrive(TimeUnit.HOURS.toNanos(1), 0);

        Histogram taken = taken();
        assertEquals(2, taken.getTotalCount());
        assertEquals(0, taken.getMinValue());
        assertEquals(TimeUnit.MINUTES.toNanos(1), taken.getMaxValue(), TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void packetsOfAForgottenFlowAreNotCounted() {
        meter.expect(0, rtp);
        arrive(0, 0);
        forgetAndCount(0);
        arrive(0, 0);

        assertEquals(Map.of(), takenCounts());
        assertEquals(1, rtp.snapshot().count(RtpCounter.RECEIVED));
    }

    private Map<Integer, Long> forgetAndCount(int id) {
        Map<Integer, Long> counts = new TreeMap<>();
        meter.forget(id, (flow, latencyNs) -> counts.put(flow, latencyNs.getTotalCount()));
        return counts;
    }

    @Test
    void theLastLatenciesOfAForgottenFlowAreHandedOver() {
        meter.expect(0, rtp);
        meter.expect(1, new RtpFlow());
        arrive(0, 0, 1);
        takenCounts();
        arrive(0, 0, 1, 0);

        assertEquals(Map.of(0, 2L), forgetAndCount(0));
        assertEquals(Map.of(), forgetAndCount(0));
        assertEquals(Map.of(), forgetAndCount(7), "it was never expected");
        assertEquals(Map.of(1, 1L), takenCounts());
        meter.expect(0, new RtpFlow());
        assertEquals(Map.of(), takenCounts());
    }

    /** The reader waits for a batch in hand: one that ended by an exception must not keep it waiting for ever. */
    @Test
    void aBatchThatFailsDoesNotHoldTheReader() {
        meter.expect(0, rtp);
        arrive(0, 0);
        assertThrows(ArrayIndexOutOfBoundsException.class, () -> arrive(0, 7));

        assertEquals(Map.of(0, 1L), takenCounts());
    }

    /** While another thread takes, and flows come and go, no packet is missing or counted twice. */
    @Test
    void takingDisturbsNoReceiver() throws InterruptedException {
        RtpFlow other = new RtpFlow();
        meter.expect(0, rtp);
        meter.expect(1, other);
        int batches = 20_000;
        Thread receiver = new Thread(() -> {
            for (int i = 0; i < batches; i++) {
                arrive(0, 0, 1, 0);
            }
        });
        receiver.start();
        LongAdder ofStaying = new LongAdder();
        LongAdder ofOther = new LongAdder();
        FlowMeter.LatencySink sink =
                (flow, latencyNs) -> (flow == 0 ? ofStaying : ofOther).add(latencyNs.getTotalCount());
        long countedOfOther = 0;
        for (int round = 0; receiver.isAlive(); round++) {
            meter.takeLatencies(sink);
            meter.forget(1, sink);
            countedOfOther += other.snapshot().count(RtpCounter.RECEIVED);
            other = new RtpFlow();
            meter.expect(1, other);
            meter.expect(2 + round % 100, new RtpFlow()); // more room
        }
        meter.takeLatencies(sink);

        assertEquals(2L * batches, ofStaying.sum());
        assertEquals(countedOfOther + other.snapshot().count(RtpCounter.RECEIVED), ofOther.sum());
    }
}
