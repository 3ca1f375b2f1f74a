// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.rtp.RtpCounter;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** What a worker publishes of each batch. */
class RecordingMeterTest {
    private static final int FLOWS = 4;
    private static final int BATCH = 8;

    private final WorkerMemory memory = new WorkerMemory(
            ByteBuffer.allocateDirect(WorkerMemory.bytes(1, FLOWS)).order(ByteOrder.nativeOrder()), 1);
    private final RecordingMeter meter = new RecordingMeter(FLOWS, BATCH);
    private final Packets packets = new Packets(BATCH);

    private void expect(int... flows) {
        for (int flow : flows) {
            meter.expect(flow, new RtpFlow(), memory.record(flow));
        }
    }

    private long count(int flow, RtpCounter counter) {
        return memory.record(flow).snapshot().count(counter);
    }

    @Test
    void whatCameIsThereWhenTheBatchIsDone() {
        expect(0, 1, 2);
        meter.onBatch(packets.of(0, 1, 0, 0));
        assertEquals(3, count(0, RtpCounter.RECEIVED));
        assertEquals(1, count(1, RtpCounter.RECEIVED));
        assertEquals(0, count(2, RtpCounter.RECEIVED));

        meter.onBatch(packets.of(2, 2, 1));
        meter.onBatch(packets.of(1, 1, 1, 1, 1, 1, 1, 1));
        assertEquals(3, count(0, RtpCounter.RECEIVED));
        assertEquals(10, count(1, RtpCounter.RECEIVED));
        assertEquals(2, count(2, RtpCounter.RECEIVED));
        assertEquals(0, count(1, RtpCounter.LOST) + count(1, RtpCounter.DUPLICATE));
    }

    /** The packets have a dynamic payload type, 96. */
    @Test
    void eachFlowHasItsClock() {
        meter.expect(0, new RtpFlow(48_000), memory.record(0));
        meter.expect(1, new RtpFlow(27_000_000), memory.record(1));
        meter.onBatch(packets.of(0, 1));
        assertEquals(48_000, memory.record(0).snapshot().latestStream().orElseThrow().clockRateHz());
        assertEquals(27_000_000, memory.record(1).snapshot().latestStream().orElseThrow().clockRateHz());
    }

    /** An id that was another flow's before. */
    @Test
    void aFlowThatComesAnewBeginsAnew() {
        expect(0, 1);
        meter.onBatch(packets.of(0, 0, 1));
        meter.forget(0, (flow, latencyNs) -> {});
        memory.clear(0);
        expect(0);
        meter.onBatch(packets.of(0, 1));
        assertEquals(1, count(0, RtpCounter.RECEIVED));
        assertEquals(0, count(0, RtpCounter.LOST));
        assertEquals(2, count(1, RtpCounter.RECEIVED));
    }

    /** A packet that was on its way longer than its flow's end could wait. */
    @Test
    void stragglersOfAForgottenFlowDoNotCount() {
        expect(0, 1);
        meter.onBatch(packets.of(0, 1));
        meter.forget(0, (flow, latencyNs) -> {});
        meter.onBatch(packets.of(0, 1));
        assertEquals(1, count(0, RtpCounter.RECEIVED));
        assertEquals(2, count(1, RtpCounter.RECEIVED));
    }

    @Test
    void allocatesNothing() {
        expect(0, 1, 2, 3);
        run(100_000);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(self);
        run(100_000);
        long allocated = threads.getThreadAllocatedBytes(self) - before;
        assertTrue(allocated < 10_000, "100,000 batches allocated " + allocated + " bytes"); // the measurement's own
    }

    private void run(int batches) {
        int[] flows = {0, 1, 2, 3, 0, 1, 2, 3};
        for (int i = 0; i < batches; i++) {
            meter.onBatch(packets.of(flows));
        }
    }
}
