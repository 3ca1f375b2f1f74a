// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final History history = new History();
    private final History.Track track = history.addTrack();

    /** Seconds 1, 2, 3 ... with these figures. */
    private void put(double... figures) {
        for (double figure : figures) {
            history.next(history.points() == 0 ? 1_000 : history.endMs(history.points() - 1) + 1_000, 1);
            track.put(figure);
        }
    }

    @Test
    void aSecondIsAPointWhileThereIsRoom() {
        put(5, 7);

        assertEquals(2, history.points());
        assertEquals(1, history.samplesAPoint());
        assertEquals(2_000, history.endMs(1));
        assertEquals(7, track.mean(1));
        assertEquals(7, track.least(1));
        assertEquals(7, track.most(1));
    }

    @Test
    void withoutRoomTwoPointsBecomeOneThatKnowsMeanLeastAndMost() {
        put(IntStream.rangeClosed(1, History.MOST + 1).asDoubleStream().toArray());

        assertEquals(History.MOST / 2 + 1, history.points());
        assertEquals(2, history.samplesAPoint());
        assertEquals(2_000, history.endMs(0));
        assertEquals(1.5, track.mean(0));
        assertEquals(1, track.least(0));
        assertEquals(2, track.most(0));
        assertEquals(History.MOST - 1, track.least(History.MOST / 2 - 1));
        assertEquals(History.MOST, track.most(History.MOST / 2 - 1));
        assertEquals(History.MOST + 1, track.mean(History.MOST / 2)); // half of a point, so far
    }

    /** A quarter of a year: 8,000,000 seconds, of which one had a burst and one had nothing. */
    @Test
    void aRunOfMonthsIsBoundedAndForgetsNoExtreme() {
        int seconds = 8_000_000;
        for (int i = 0; i < seconds; i++) {
            history.next(1_000L * i, 1);
            track.put(i == 1_234_567 ? 1e6 : i == 5_000_001 ? 0 : 100);
        }

        assertTrue(history.points() <= History.MOST && history.points() > History.MOST / 2, "" + history.points());
        assertEquals((100.0 * (seconds - 2) + 1e6) / seconds, track.mean(), 1e-6);
        assertEquals(1e6, IntStream.range(0, history.points()).mapToDouble(track::most).max().orElseThrow());
        assertEquals(0, IntStream.range(0, history.points()).mapToDouble(track::least).min().orElseThrow());
        assertEquals(1_000L * (seconds - 1), history.endMs(history.points() - 1));
    }

    @Test
    void secondsWithoutAFigureHaveNone() {
        put(1);
        history.next(2_000, 1); // nothing is told
        put(3);

        assertTrue(Double.isNaN(track.mean(1)));
        assertTrue(Double.isNaN(track.least(1)));
        assertEquals(2, track.mean());
    }

    @Test
    void aGapMergesAsWhatIsThere() {
        for (int i = 0; i <= History.MOST; i++) {
            history.next(1_000L * (i + 1), 1);
            if (i % 2 == 1) {
                track.put(i);
            }
        }

        assertEquals(1, track.mean(0));
        assertEquals(1, track.least(0));
        assertEquals(1, track.most(0));
    }

    /** 30 packets in the last 10 ms are no 3,000 a second. */
    @Test
    void aShortLastSampleCountsAndIsNoExtreme() {
        put(100);
        history.next(1_010, 0.01);
        track.put(3_000);

        assertEquals(1, history.points());
        assertEquals(1_010, history.endMs(0));
        assertEquals(100, track.most(0));
        assertEquals(130 / 1.01, track.mean(0), 1e-9);
    }

    @Test
    void aShortSampleThatIsTheOnlyOneIsAPoint() {
        history.next(10, 0.01);
        track.put(3_000);

        assertEquals(1, history.points());
        assertEquals(3_000, track.mean(0));
        assertEquals(3_000, track.most(0));
    }

    @Test
    void aTrackOfZerosBeginsAtTheBeginning() {
        put(1, 1);
        history.next(3_000, 1);
        History.Track later = history.addTrackOfZeros();
        later.put(6);

        assertEquals(0, later.mean(0));
        assertEquals(0, later.most(1));
        assertEquals(6, later.mean(2));
        assertEquals(2, later.mean());
    }
}
