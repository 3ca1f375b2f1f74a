// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * Looks for the highest rate that passes: RFC 2544's throughput (26.1), in steps of 1 % of what the sender can send.
 * It says which rate to try next, and is told what came of it.
 *
 * <p>From a guess it goes on in steps that double until one trial has passed and one has failed, and halves what is
 * between. Then the rate found has to pass {@value #CONFIRMATIONS} longer runs in a row. One that loses sends it
 * {@value #STEPS_DOWN} steps down, for it was found by shorter trials, in which a buffer hides that its reader is too
 * slow; and twice as many after every second time, so that it comes to an end on a machine that lets nothing pass.
 *
 * <p>Such a machine takes a CPU away for a moment, which would send a search far down. So a trial of the search that
 * fails is repeated once before it counts, and so is a confirmation in which only the sender was held up.
 */
final class ThroughputSearch {
    static final int CONFIRMATIONS = 3;
    static final int STEPS_DOWN = 2;
    private static final int STEPS = 100;

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
    private boolean failedOnce;
    private boolean confirming;
    private int confirmed;
    private int descents;

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
        return confirmed == CONFIRMATIONS || at == 0;
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
        boolean passed = outcome == Outcome.PASSED;
        boolean mayBeBadLuck = confirming ? outcome == Outcome.LATE : !passed;
        if (mayBeBadLuck && !failedOnce) {
            failedOnce = true;
            return;
        }
        failedOnce = false;
        if (confirming) {
            confirm(passed);
        } else {
            search(passed);
        }
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
        } else if (onePassed && oneFailed) {
            at = (passing + failing) / 2;
        } else {
            at = passed ? Math.min(at + reach, top) : Math.max(at - reach, 1);
            reach *= 2;
        }
    }

    private void confirm(boolean passed) {
        if (passed) {
            confirmed++;
        } else {
            failing = at;
            oneFailed = true;
            at = Math.max(at - (STEPS_DOWN << descents / 2), 0);
            descents++;
            confirmed = 0;
        }
    }
}
