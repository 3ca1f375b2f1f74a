// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Turns times of {@link System#nanoTime()}, on which packets arrive, into times since 1970, by an offset taken once:
 * when somebody sets the machine's clock, the distances between the packets of a file stay what they were.
 *
 * @param offsetNs to be added
 */
record WallClock(long offsetNs) {
    private static final int READINGS = 100;

    /** The reading that took least time is the surest: the others may have been interrupted. */
    static WallClock now() {
        long narrowestNs = Long.MAX_VALUE;
        long offsetNs = 0;
        for (int i = 0; i < READINGS; i++) {
            long before = System.nanoTime();
            Instant instant = Instant.now(); // CLOCK_REALTIME, with all its nanoseconds
            long tookNs = System.nanoTime() - before;
            if (tookNs < narrowestNs) {
                narrowestNs = tookNs;
                long realtime = TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
                offsetNs = realtime - before - tookNs / 2;
            }
        }
        return new WallClock(offsetNs);
    }

    /** Nanoseconds since 1970-01-01T00:00Z. */
    long at(long nanoTime) {
        return nanoTime + offsetNs;
    }
}
