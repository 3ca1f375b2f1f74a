// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class WallClockTest {
    private static long nanoseconds(Instant instant) {
        return instant.getEpochSecond() * 1_000_000_000 + instant.getNano();
    }

    /** Between two readings of the machine's own clock; a reading may have been up to 1 ms from the one before. */
    @Test
    void saysWhatTheMachinesClockSays() {
        WallClock clock = WallClock.now();
        long before = nanoseconds(Instant.now());
        long now = clock.at(System.nanoTime());
        long after = nanoseconds(Instant.now());
        assertTrue(before - 1_000_000 <= now && now <= after + 1_000_000, before + " " + now + " " + after);
    }

    @Test
    void keepsDistances() {
        WallClock clock = WallClock.now();
        assertEquals(12_345, clock.at(1_012_345) - clock.at(1_000_000));
    }
}
