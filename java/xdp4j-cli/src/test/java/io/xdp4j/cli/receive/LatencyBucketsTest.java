// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** What HdrHistogram itself makes of the same values is the measure. */
class LatencyBucketsTest {
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);

    @Test
    void everyBucketIsOneOfTheHistograms() {
        Histogram histogram = LatencyBuckets.newHistogram();
        long next = 0;
        for (int index = 0; index < LatencyBuckets.COUNT; index++) {
            assertEquals(next, LatencyBuckets.lowestNs(index), () -> "no gap");
            assertEquals(next, histogram.lowestEquivalentValue(next));
            next = histogram.nextNonEquivalentValue(next);
        }
        assertEquals(histogram.nextNonEquivalentValue(MINUTE_NS), next);
    }

    @Test
    void aValueGoesIntoTheBucketOfTheHistogram() {
        Histogram direct = LatencyBuckets.newHistogram();
        int[] counts = new int[LatencyBuckets.COUNT];
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long latencyNs = (long) Math.exp(random.nextDouble() * Math.log(MINUTE_NS));
            direct.recordValue(latencyNs);
            counts[LatencyBuckets.index(latencyNs)]++;
        }

        Histogram moved = LatencyBuckets.newHistogram();
        LatencyBuckets.move(counts, moved);

        assertEquals(direct, moved);
        assertEquals(direct.getMaxValue(), moved.getMaxValue());
        assertEquals(direct.getMinValue(), moved.getMinValue());
        LatencyBuckets.move(counts, moved); // nothing is left there
        assertEquals(100_000, moved.getTotalCount());
    }

    @Test
    void whatNoBucketHasGoesIntoTheOutermost() {
        assertEquals(0, LatencyBuckets.index(-1));
        assertEquals(0, LatencyBuckets.index(Long.MIN_VALUE));
        assertEquals(LatencyBuckets.COUNT - 1, LatencyBuckets.index(MINUTE_NS + 1));
        assertEquals(LatencyBuckets.COUNT - 1, LatencyBuckets.index(Long.MAX_VALUE));
    }
}
