// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Figures of each second of a run, however long it is: {@value #MOST} points at most. When there is no more room, two
 * points become one, and from then on a point stands for twice as many seconds; of these it keeps the mean, the least
 * and the most. Nothing is allocated but when a track is added.
 *
 * <p>Threads: one.
 */
final class History {
    static final int MOST = 480; // even

    /** A shorter one gives no rate of its own: a few packets in a millisecond would look like a burst. */
    private static final double SHORTEST_SECONDS = 0.5;

    private final long[] endMs = new long[MOST];
    private final double[] seconds = new double[MOST];
    private final List<Track> tracks = new ArrayList<>();
    private int points;
    private int samplesInLast;
    private int samplesAPoint = 1;
    private double sampleSeconds;
    private boolean sampleIsShort;

    /** One figure over time. */
    final class Track {
        private final double[] seconds = new double[MOST]; // of which there is a figure
        private final double[] sum = new double[MOST]; // of figure times seconds
        private final double[] least = new double[MOST];
        private final double[] most = new double[MOST];

        private Track() {}

        /** Of the sample that {@link #next} told last. */
        void put(double figure) {
            int last = points - 1;
            boolean first = seconds[last] == 0;
            seconds[last] += sampleSeconds;
            sum[last] += figure * sampleSeconds;
            if (first || !sampleIsShort) {
                least[last] = first ? figure : Math.min(least[last], figure);
                most[last] = first ? figure : Math.max(most[last], figure);
            }
        }

        /** Of the whole run. */
        double mean() {
            double time = Arrays.stream(seconds).sum();
            return time == 0 ? 0 : Arrays.stream(sum).sum() / time;
        }

        /** NaN where there is none; so are the next two. */
        double mean(int point) {
            return seconds[point] == 0 ? Double.NaN : sum[point] / seconds[point];
        }

        double least(int point) {
            return seconds[point] == 0 ? Double.NaN : least[point];
        }

        double most(int point) {
            return seconds[point] == 0 ? Double.NaN : most[point];
        }

        private void halve() {
            for (int i = 0; i < MOST / 2; i++) {
                merge(2 * i, 2 * i + 1);
                seconds[i] = seconds[2 * i] + seconds[2 * i + 1];
                sum[i] = sum[2 * i] + sum[2 * i + 1];
            }
            for (double[] each : List.of(seconds, sum)) {
                Arrays.fill(each, MOST / 2, MOST, 0);
            }
        }

        private void merge(int one, int other) {
            boolean isOne = seconds[one] != 0;
            boolean isOther = seconds[other] != 0;
            least[one / 2] = isOne && isOther ? Math.min(least[one], least[other]) : least[isOne ? one : other];
            most[one / 2] = isOne && isOther ? Math.max(most[one], most[other]) : most[isOne ? one : other];
        }
    }

    /** A figure that there was none of up to now. */
    Track addTrack() {
        Track track = new Track();
        tracks.add(track);
        return track;
    }

    /** A figure that was 0 up to now. */
    Track addTrackOfZeros() {
        Track track = addTrack();
        System.arraycopy(seconds, 0, track.seconds, 0, points);
        if (points > 0) {
            track.seconds[points - 1] -= sampleSeconds; // of which it will be told
        }
        return track;
    }

    /** Another sample; each track that has a figure of it is to be told it next. */
    void next(long atMs, double lastedSeconds) {
        sampleSeconds = lastedSeconds;
        sampleIsShort = points > 0 && lastedSeconds < SHORTEST_SECONDS;
        if (!sampleIsShort) {
            beginOrGoOn();
        }
        endMs[points - 1] = atMs;
        seconds[points - 1] += lastedSeconds;
    }

    private void beginOrGoOn() {
        if (points > 0 && samplesInLast < samplesAPoint) {
            samplesInLast++;
            return;
        }
        if (points == MOST) {
            halve();
        }
        points++;
        samplesInLast = 1;
    }

    private void halve() {
        for (int i = 0; i < MOST / 2; i++) {
            endMs[i] = endMs[2 * i + 1];
            seconds[i] = seconds[2 * i] + seconds[2 * i + 1];
        }
        Arrays.fill(seconds, MOST / 2, MOST, 0);
        tracks.forEach(Track::halve);
        points = MOST / 2;
        samplesAPoint *= 2;
    }

    int points() {
        return points;
    }

    /** How many seconds' samples a point stands for. */
    int samplesAPoint() {
        return samplesAPoint;
    }

    /** Milliseconds since 1970: when the time that a point stands for ended. */
    long endMs(int point) {
        return endMs[point];
    }
}
