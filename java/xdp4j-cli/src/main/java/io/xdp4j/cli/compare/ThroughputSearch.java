// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Looks for the highest rate that passes: RFC 2544's throughput (26.1), in steps of 1 % of what the sender can send.
 * It says which rate to try next, and is told what came of it.
 *
 * <p>From a guess it goes on in steps that double until one trial has passed and one has failed, and halves what is
 * between. Then the rate found has to pass {@value #CONFIRMATIONS} longer runs in a row. One that fails sends it
 * {@value #STEPS_DOWN} steps down, for it was found by shorter trials, in which a buffer hides that its reader is too
 * slow; and twice as many after every second time, but by no more than a quarter, so that it comes to an end on a
 * machine that lets little pass. What it left out in such a leap is halved in the same way.
 *
 * <p>Such a machine takes a CPU away for a moment, which would send a search far down. So a trial of the search that
 * fails is repeated once before it counts, and so is a confirmation in which only the sender was held up. Well below
 * what the sender can do such a trial tells nothing of the source: it is repeated {@value #PATIENCE} times.
 */
final class ThroughputSearch {
    static final int CONFIRMATIONS = 3;
    static final int STEPS_DOWN = 2;
    static final int PATIENCE = 4;
    private static final int STEPS = 100;

    /** Of the sender's limit: from here on it may be late because it can do no more. */
    private static final double NEAR_LIMIT = 0.9;

    /** From here on steps are whole thousands, which people can read. */
    private static final long READABLE_PPS = 100_000;

    private final long stepPps;
    private final int top;

    // In steps. Nothing sent is nothing lost; above the top is more than the sender sends.
    private int passing;
    private int failing;
    private int at;

    private int reach = STEPS_DOWN;
    private boolean onePassed;
    private boolean oneFailed;
    private int repeated;
    private boolean confirming;
    private int confirmations; // in a row, of the rate it is at
    private int confirmed; // the highest rate that has all of them
    private int descents;
    private boolean over;

    /**
     * @param limitPps what the sender gets into the source at most; 1 or more
     * @param guessPps where to begin
     */
    ThroughputSearch(double limitPps, double guessPps) {
        stepPps = step(limitPps);
        top = (int) (limitPps / stepPps);
        failing = top + 1;
        at = (int) Math.max(1, Math.min(guessPps / stepPps, top));
    }

    private static long step(double limitPps) {
        return limitPps < READABLE_PPS
                ? Math.max(1, (long) limitPps / STEPS)
                : Math.round(limitPps / STEPS / 1_000) * 1_000;
    }

    long stepPps() {
        return stepPps;
    }

    /** Whether the rate is found, or none passes. */
    boolean isOver() {
        return over;
    }

    /** What to try next; when it is over the rate that passed, or 0. */
    long ratePps() {
        return at * stepPps;
    }

    /** Whether the next trial is one of those that confirm. */
    boolean isConfirming() {
        return confirming;
    }

    /** The lowest rate that failed, or 0 when none did: then the sender cannot send more. */
    long failedPps() {
        return oneFailed ? failing * stepPps : 0;
    }

    /** What may come of a trial. */
    enum Outcome {
        PASSED,

        /** Nothing was lost, but the sender did not hold the rate. */
        LATE,

        LOST;

        /** As the JSON has it. */
        @Override
        @JsonValue
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What came of the trial at {@link #ratePps()}. */
    void took(Outcome outcome) {
        if (repeated < repeats(outcome)) {
            repeated++;
            return;
        }
        repeated = 0;
        if (confirming) {
            confirm(outcome == Outcome.PASSED);
        } else {
            search(outcome == Outcome.PASSED);
        }
    }

    /** How often a trial is made again before such an outcome counts. */
    private int repeats(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> 0;
            case LOST -> confirming ? 0 : 1;
            case LATE -> at > top * NEAR_LIMIT ? 1 : PATIENCE;
        };
    }

    private void search(boolean passed) {
        if (passed) {
            passing = at;
            onePassed = true;
        } else {
            failing = at;
            oneFailed = true;
        }
        if (failing - passing == 1) {
            confirming = true;
            at = passing;
            over = at == 0;
        } else if (onePassed && oneFailed) {
            at = (passing + failing) / 2;
        } else {
            at = passed ? Math.min(at + reach, top) : Math.max(at - reach, at / 2);
            reach *= 2;
        }
    }

    private void confirm(boolean passed) {
        if (passed) {
            confirmations++;
            if (confirmations < CONFIRMATIONS) {
                return;
            }
            confirmed = at;
        } else {
            failing = at;
            oneFailed = true;
        }
        confirmations = 0;
        if (confirmed == 0) {
            at -= Math.max(1, Math.min(STEPS_DOWN << descents / 2, at / 4));
            descents++;
            over = at == 0;
        } else {
            over = failing - confirmed <= STEPS_DOWN;
            at = over ? confirmed : (confirmed + failing) / 2;
        }
    }
}
