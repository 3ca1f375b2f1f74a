// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** {@link Difference}, {@link Level} and {@link PeakRate}. */
class CounterLooksTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @Test
    void aDifferenceCountsFromTheFirstLook() {
        Difference difference = new Difference();
        assertEquals(0, difference.update(1_000));
        assertEquals(5, difference.update(1_005));
        assertEquals(5, difference.latest());
        assertEquals(5, difference.update(1_005));
        assertEquals(0, difference.latest());
        assertEquals(5, difference.risen());
    }

    /** 1,000 → 1,010, reset, → 7: ten and seven. */
    @Test
    void aDifferenceSurvivesAReset() {
        Difference difference = new Difference();
        difference.update(1_000);
        difference.update(1_010);
        assertEquals(17, difference.update(7));
        assertEquals(20, difference.update(10));
    }

    @Test
    void aLevelFallsAndNeverBelowZero() {
        Level level = new Level();
        assertEquals(0, level.update(5));
        assertEquals(3, level.update(8));
        assertEquals(0, level.update(4)); // one of the five from before has healed as well
        assertEquals(2, level.update(6));
        assertEquals(2, level.value());
    }

    @Test
    void thePeakIsTheHighestOfTheRates() {
        PeakRate rate = new PeakRate();
        rate.update(0, 0);
        rate.update(1_000, SECOND_NS);
        rate.update(4_000, 2 * SECOND_NS);
        rate.update(4_500, 3 * SECOND_NS);
        assertEquals(3_000, rate.pps());
    }

    /** Ten packets within a microsecond are no ten million a second. */
    @Test
    void thePeakIgnoresLooksTooCloseTogether() {
        PeakRate rate = new PeakRate();
        rate.update(0, 0);
        rate.update(1_000, SECOND_NS);
        rate.update(1_010, SECOND_NS + 1_000);
        assertEquals(1_000, rate.pps());
        rate.update(2_000, 2 * SECOND_NS);
        assertEquals(1_000, rate.pps());
    }

    @Test
    void aRateOfAMomentIsBetterThanNoneUntilThereIsABetterOne() {
        PeakRate rate = new PeakRate();
        rate.update(0, 0);
        rate.update(100, SECOND_NS / 10);
        assertEquals(1_000, rate.pps());
        rate.update(500, SECOND_NS);
        assertEquals(500, rate.pps());
    }
}
