// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.receive.FlowMeter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Latencies on their way from a worker, which may say what it likes. */
class WorkerSamplesTest {
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    @Test
    void whatAMeterHasArrives() {
        Histogram latencies = FlowMeter.newHistogram();
        latencies.recordValueWithCount(1_000, 3);
        latencies.recordValue(MINUTE_NS);

        Histogram arrived =
                WorkerSamples.decoded(WorkerSamples.encoded(latencies)).orElseThrow();
        assertEquals(latencies, arrived);
        assertEquals(4, arrived.getTotalCount());
        assertEquals(3, arrived.getCountAtValue(1_000));
    }

    @Test
    void whatWouldTakeMoreMemoryIsNotDecoded() {
        assertRefused(new Histogram(100, MINUTE_NS, 5));
        assertRefused(new Histogram(100, Long.MAX_VALUE, 2));
        assertRefused(new Histogram(1, MINUTE_NS, 2));
    }

    /** Its values would fit. */
    private static void assertRefused(Histogram other) {
        other.recordValue(1_000);
        assertEquals(Optional.empty(), WorkerSamples.decoded(WorkerSamples.encoded(other)));
    }

    @Test
    void whatIsNoHistogramIsNotDecoded() {
        byte[] sound = WorkerSamples.encoded(FlowMeter.newHistogram());
        assertTrue(WorkerSamples.decoded(sound).isPresent());
        for (int length = 0; length < sound.length; length++) {
            assertEquals(Optional.empty(), WorkerSamples.decoded(Arrays.copyOf(sound, length)), length + " bytes");
        }
        assertEquals(
                Optional.empty(),
                WorkerSamples.decoded(ByteBuffer.wrap(sound.clone()).putInt(0, 0).array()));
        assertEquals(Optional.empty(), WorkerSamples.decoded(null));
    }
}
