// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static io.xdp4j.cli.compare.ThroughputSearch.Outcome.LATE;
import static io.xdp4j.cli.compare.ThroughputSearch.Outcome.LOST;
import static io.xdp4j.cli.compare.ThroughputSearch.Outcome.PASSED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.compare.ThroughputSearch.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** With a limit of 1,000,000 a second a step is 10,000. */
class ThroughputSearchTest {
    private static final double LIMIT = 1_000_000;

    private final List<Long> tried = new ArrayList<>();

    /** What a source makes of a trial. */
    private interface Source {
        Outcome at(long pps, boolean confirming);
    }

    @Test
    void aStepIsOnePercentInWholeThousandsAboveAHundredThousand() {
        assertEquals(10_000, new ThroughputSearch(1_000_000, 1).stepPps());
        assertEquals(12_000, new ThroughputSearch(1_247_613, 1).stepPps());
        assertEquals(1_000, new ThroughputSearch(100_000, 1).stepPps());
        assertEquals(999, new ThroughputSearch(99_999, 1).stepPps());
        assertEquals(1, new ThroughputSearch(50, 1).stepPps());
    }

    @Test
    void upByDoublingThenHalving() {
        // 300, 320, 360 pass; 440 twice not; then halves: 400, 380, 390.
        assertEquals(390_000, search(300_000, upTo(395_000)).ratePps());
        assertEquals(
                List.of(300L, 320L, 360L, 440L, 440L, 400L, 400L, 380L, 390L, 390L, 390L, 390L), thousandsTried());
    }

    @Test
    void downByDoublingThenHalving() {
        assertEquals(440_000, search(500_000, upTo(445_000)).ratePps());
        assertEquals(
                List.of(500L, 500L, 480L, 480L, 440L, 460L, 460L, 450L, 450L, 440L, 440L, 440L), thousandsTried());
    }

    @Test
    void aSourceThatTakesAllTheSenderSendsIsTriedNowhereElse() {
        ThroughputSearch search = search(LIMIT, upTo(9_000_000));

        assertEquals(1_000_000, search.ratePps());
        assertEquals(0, search.failedPps());
        assertEquals(List.of(1_000L, 1_000L, 1_000L, 1_000L), thousandsTried());
    }

    @Test
    void fromAGuessBelowTheTopIsReached() {
        assertEquals(1_000_000, search(970_000, upTo(9_000_000)).ratePps());
        assertEquals(List.of(970L, 990L, 1_000L, 1_000L, 1_000L, 1_000L), thousandsTried());
    }

    @Test
    void whereTheSenderIsLateIsNoPass() {
        ThroughputSearch search = search(LIMIT, (pps, confirming) -> pps > 985_000 ? LATE : PASSED);

        assertEquals(980_000, search.ratePps());
        assertEquals(990_000, search.failedPps());
        assertEquals(List.of(1_000L, 1_000L, 980L, 990L, 990L, 980L, 980L, 980L), thousandsTried());
    }

    @Test
    void oneUnluckyTrialChangesNothing() {
        // As above, where every trial fails for the first time.
        Source source = (pps, confirming) -> confirming || tried.indexOf(pps) < tried.size() - 1
                ? upTo(395_000).at(pps, confirming)
                : LOST;

        assertEquals(390_000, search(300_000, source).ratePps());
    }

    @Test
    void aConfirmationThatLosesLeadsTwoStepsDown() {
        ThroughputSearch search = search(390_000, upTo(395_000, 375_000));

        assertEquals(370_000, search.ratePps());
        assertEquals(390_000, search.failedPps());
        assertEquals(List.of(390L, 370L, 370L, 370L), thousandsTried().subList(tried.size() - 4, tried.size()));
    }

    @Test
    void fromThereFurtherAfterEverySecondTimeAndWhatWasLeftOutIsHalved() {
        ThroughputSearch search = search(500_000, upTo(505_000, 330_000));

        assertEquals(320_000, search.ratePps()); // 340 failed, which is two steps above
        assertEquals(340_000, search.failedPps());
        assertEquals( // 2, 2, 4, 4 and 8 steps down
                List.of(500L, 480L, 460L, 420L, 380L, 300L, 300L, 300L, 340L, 320L, 320L, 320L),
                thousandsTried().subList(tried.size() - 12, tried.size()));
    }

    @Test
    void neverDownByMoreThanAQuarter() {
        ThroughputSearch search = search(200_000, upTo(205_000, 95_000));

        assertEquals(90_000, search.ratePps());
        assertEquals( // 2, 2, 4 and, of 12, 3 steps down
                List.of(200L, 180L, 160L, 120L, 90L, 90L, 90L, 100L),
                thousandsTried().subList(tried.size() - 8, tried.size()));
    }

    @Test
    void aConfirmationThatFailsAtLastBeginsThemAnew() {
        Source source = (pps, confirming) -> tried.size() == 8 ? LOST : upTo(395_000).at(pps, confirming);

        assertEquals(370_000, search(390_000, source).ratePps());
        assertEquals(
                List.of(390L, 390L, 390L, 370L, 370L, 370L), thousandsTried().subList(tried.size() - 6, tried.size()));
    }

    @Test
    void aSenderHeldUpOnceDoesNotEndAConfirmation() {
        Source source = (pps, confirming) -> tried.size() == 7 ? LATE : upTo(395_000).at(pps, confirming);

        assertEquals(390_000, search(390_000, source).ratePps());
        assertEquals(9, tried.size()); // 390, 410 twice, 400 twice, and four confirmations
    }

    @Test
    void wellBelowItsLimitASenderMayBeHeldUpFourTimes() {
        Source source = (pps, confirming) -> confirming && tried.size() < 10 ? LATE : upTo(395_000).at(pps, confirming);

        assertEquals(390_000, search(390_000, source).ratePps());
        assertEquals(12, tried.size()); // 390, 410 twice, 400 twice, four late, three confirmations
    }

    @Test
    void butNotFiveTimes() {
        Source source = (pps, confirming) ->
                confirming && pps == 390_000 ? LATE : upTo(395_000).at(pps, confirming);

        assertEquals(370_000, search(390_000, source).ratePps());
        assertEquals(5 + 5 + 3, tried.size());
    }

    @Test
    void nearItsLimitNotTwice() {
        Source source = (pps, confirming) -> confirming && pps == 1_000_000 ? LATE : PASSED;

        assertEquals(980_000, search(LIMIT, source).ratePps());
        assertEquals(1 + 2 + 3, tried.size());
    }

    @Test
    void aSourceThatAlwaysLosesEndsAtNothing() {
        ThroughputSearch search = search(500_000, (pps, confirming) -> LOST);

        assertEquals(0, search.ratePps());
        assertEquals(10_000, search.failedPps());
        assertTrue(tried.size() < 30, tried::toString);
    }

    @Test
    void aSourceThatNeverConfirmsEndsAtNothing() {
        assertEquals(0, search(500_000, (pps, confirming) -> confirming ? LOST : PASSED).ratePps());
        assertTrue(tried.size() < 30, tried::toString);
    }

    /** Whatever comes, it ends soon, at a rate that passed three times in a row. */
    @Test
    void aSourceThatAnswersAtRandomIsNoTrap() {
        for (int seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            tried.clear();
            Map<Long, Integer> confirmed = new HashMap<>();
            ThroughputSearch search = search(random.nextInt(2_000_000), (pps, confirming) -> {
                Outcome outcome = Outcome.values()[random.nextInt(3)];
                if (confirming && outcome == PASSED) {
                    confirmed.merge(pps, 1, Integer::sum);
                }
                return outcome;
            });

            assertTrue(tried.size() < 150, tried::toString);
            assertEquals(search.ratePps() == 0 ? null : 3, confirmed.get(search.ratePps()));
        }
    }

    /** Loses one trial in twelve for nothing at all. */
    @Test
    void aNoisyMachineTakesAwayLittle() {
        List<Long> found = new ArrayList<>();
        for (int seed = 0; seed < 1_000; seed++) {
            Random random = new Random(seed);
            Source source = (pps, confirming) ->
                    random.nextInt(12) == 0 ? LOST : upTo(700_000).at(pps, confirming);
            found.add(search(600_000, source).ratePps());
        }

        found.sort(null);
        assertEquals(700_000, found.get(999));
        assertTrue(found.get(500) >= 690_000, found::toString);
        assertTrue(found.get(100) >= 650_000, found::toString);
    }

    private static Source upTo(long capacityPps) {
        return upTo(capacityPps, capacityPps);
    }

    private static Source upTo(long capacityPps, long confirmedPps) {
        return (pps, confirming) -> pps > (confirming ? confirmedPps : capacityPps) ? LOST : PASSED;
    }

    private ThroughputSearch search(double guessPps, Source source) {
        ThroughputSearch search = new ThroughputSearch(LIMIT, guessPps);
        assertFalse(search.isOver());
        while (!search.isOver()) {
            tried.add(search.ratePps());
            assertTrue(search.ratePps() >= 10_000 && search.ratePps() <= LIMIT, tried::toString);
            search.took(source.at(search.ratePps(), search.isConfirming()));
        }
        return search;
    }

    private List<Long> thousandsTried() {
        return tried.stream().map(pps -> pps / 1_000).toList();
    }
}
