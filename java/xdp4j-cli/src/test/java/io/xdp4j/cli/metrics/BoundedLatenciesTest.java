// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.cli.receive.LatencyBuckets;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class BoundedLatenciesTest {
    private static Histogram of(long... latenciesNs) {
        Histogram histogram = LatencyBuckets.newHistogram();
        for (long ns : latenciesNs) {
            histogram.recordValue(ns);
        }
        return histogram;
    }

    @Test
    void theBoundsAreTheLastNanosecondsBeforePowersOfTwo() {
        double[] bounds = BoundedLatencies.bounds();
        assertEquals(22, bounds.length);
        assertEquals(1.023e-6, bounds[0]);
        assertEquals(2.047e-6, bounds[1]);
        assertEquals(0.001048575, bounds[10]);
        assertEquals(1.073741823, bounds[20]);
        assertEquals(Double.POSITIVE_INFINITY, bounds[21]);
    }

    @Test
    void aBoundBelongsToTheBucketBelowIt() {
        Histogram latencies = of(
                0, 1_023, 1_024, 2_047, 2_048, 1_048_575, 1_048_576, 1_073_741_823, 1_073_741_824, 60_000_000_000L);
        long[] counts = BoundedLatencies.of(latencies).counts();
        long[] expected = new long[22];
        expected[0] = 2;
        expected[1] = 2;
        expected[2] = 1;
        expected[10] = 1;
        expected[11] = 1;
        expected[20] = 1;
        expected[21] = 2;
        assertEquals(Arrays.toString(expected), Arrays.toString(counts));
    }

    /** What the histogram no longer knows, each latency, is counted here one by one. */
    @Test
    void noCountIsAnEstimate() {
        Random random = new Random(7);
        long[] latencies = LongStream.generate(() -> (long) Math.exp(random.nextDouble() * Math.log(60e9)))
                .limit(100_000)
                .toArray();
        BoundedLatencies buckets = BoundedLatencies.of(of(latencies));
        double[] bounds = BoundedLatencies.bounds();
        long counted = 0;
        for (int bucket = 0; bucket < bounds.length; bucket++) {
            double bound = bounds[bucket];
            counted += buckets.counts()[bucket];
            assertEquals(LongStream.of(latencies).filter(ns -> ns / 1e9 <= bound).count(), counted, "up to " + bound);
        }
        double sum = LongStream.of(latencies).mapToDouble(ns -> ns / 1e9).sum();
        assertEquals(sum, buckets.sumSeconds(), 0.004 * sum);
    }

    @Test
    void nothingCameNothingIsCounted() {
        assertEquals(0, Arrays.stream(BoundedLatencies.of(of()).counts()).sum());
        assertEquals(0, BoundedLatencies.of(of()).sumSeconds());
    }
}
