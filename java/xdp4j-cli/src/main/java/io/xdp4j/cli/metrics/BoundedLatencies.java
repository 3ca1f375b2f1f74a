// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * How many latencies there were up to each bound. A bound is the last nanosecond before a power of two, where a cell of
 * {@link io.xdp4j.cli.receive.LatencyBuckets} ends: no count is an estimate.
 *
 * @param counts of each bucket, not of those below it; the last has what is beyond all bounds
 * @param sumSeconds of all, each taken for the middle of its cell: it may be wrong by 0.4 %
 */
record BoundedLatencies(long[] counts, double sumSeconds) {
    private static final double NS_PER_SECOND = 1e9;
    private static final int LOWEST = 10; // 1,024 ns
    private static final int HIGHEST = 30; // 1.07 s

    /** Without the infinite one. */
    static final int BOUNDS = HIGHEST - LOWEST + 1;

    /** @param latencyNs is read, and not kept */
    static BoundedLatencies of(Histogram latencyNs) {
        long[] counts = new long[BOUNDS + 1];
        double sumNs = 0;
        if (latencyNs.getTotalCount() > 0) {
            long highest = latencyNs.getMaxValue();
            for (long ns = 0; ns <= highest; ns = latencyNs.nextNonEquivalentValue(ns)) {
                long count = latencyNs.getCountAtValue(ns);
                counts[bucket(ns)] += count;
                sumNs += (double) count * latencyNs.medianEquivalentValue(ns);
            }
        }
        return new BoundedLatencies(counts, sumNs / NS_PER_SECOND);
    }

    private static int bucket(long ns) {
        int power = Long.SIZE - Long.numberOfLeadingZeros(ns); // that ns is below of
        return Math.min(Math.max(power - LOWEST, 0), BOUNDS);
    }

    /** The upper bound of each bucket, in seconds. */
    static double[] bounds() {
        return IntStream.rangeClosed(0, BOUNDS)
                .mapToDouble(bucket ->
                        bucket == BOUNDS
                                ? Double.POSITIVE_INFINITY
                                : ((1L << (LOWEST + bucket)) - 1) / NS_PER_SECOND)
                .toArray();
    }
}
