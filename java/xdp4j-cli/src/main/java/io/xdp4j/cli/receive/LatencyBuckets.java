// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * The buckets of a {@link Histogram} for latencies, as a receiver counts in them: in a bare array. Besides the count, a
 * Histogram keeps its total, least and greatest value, on cache lines of their own, which is 2 ns more for each packet
 * of one flow and 6 ns of 512 flows; all these follow from the counts.
 *
 * <p>A value has a unit of 64 ns and two digits: 256 buckets for the first 16 µs, then 128 for every doubling.
 */
public final class LatencyBuckets {
    static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(1);

    private static final long LOWEST_NS = 100; // in a Histogram's words: its unit is the power of two below
    private static final int DIGITS = 2;
    private static final int UNIT_SHIFT = 6;
    private static final int DOUBLING_SHIFT = 7; // 128 buckets
    private static final long FIRST_MASK = (1L << UNIT_SHIFT + DOUBLING_SHIFT + 1) - 1;
    private static final int FIRST_ZEROS = Long.numberOfLeadingZeros(FIRST_MASK);

    /** How many there are; below what it is reckoned from. */
    static final int COUNT = index(HIGHEST_NS) + 1;

    private LatencyBuckets() {}

    /** A Histogram that has these buckets, empty. */
    public static Histogram newHistogram() {
        return new Histogram(LOWEST_NS, HIGHEST_NS, DIGITS);
    }

    /** As near as the buckets take it: the clocks of two CPUs may differ by some nanoseconds. */
    static int index(long latencyNs) {
        long within = Math.min(Math.max(latencyNs, 0), HIGHEST_NS);
        int doublings = FIRST_ZEROS - Long.numberOfLeadingZeros(within | FIRST_MASK);
        return (doublings << DOUBLING_SHIFT) + (int) (within >>> doublings + UNIT_SHIFT);
    }

    /** The least latency that belongs there. */
    static long lowestNs(int index) {
        int doublings = Math.max((index >> DOUBLING_SHIFT) - 1, 0);
        return (long) (index - (doublings << DOUBLING_SHIFT)) << doublings + UNIT_SHIFT;
    }

    /** Moves the counts there. */
    static void move(int[] counts, Histogram to) {
        for (int index = 0; index < COUNT; index++) {
            if (counts[index] != 0) {
                to.recordValueWithCount(lowestNs(index), counts[index]);
                counts[index] = 0;
            }
        }
    }
}
