// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

import io.xdp4j.packet.KernelException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Sends an {@link RtpSource} at an even rate: turn {@code n} is due {@code n / rate} after the first.
 *
 * <p>When it is late, because another thread had its CPU, it catches up at {@value #CATCH_UP_PERCENT} % of the rate and no
 * faster: a burst would fill rings as no real sender does. When it is more than {@value #SLIP_AFTER_MS} ms late, as when
 * the rate is beyond the machine, the schedule slips by that much, and {@link #slippedNs()} tells. The number of packets
 * is exact either way.
 *
 * <p>What falls due within {@value #CALL_EVERY_US} µs goes out together, so the stream is even to that grain. Each call for
 * live frames takes one of the kernel's 65,533 page pool ids, and gives it back a second or two after the last packet
 * has left its receiver's socket buffer: a call for every packet would use them up.
 *
 * <p>Threads: one.
 */
public final class PacedSender {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int CATCH_UP_PERCENT = 125;
    private static final int SLIP_AFTER_MS = 100;
    private static final long SLIP_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(SLIP_AFTER_MS);

    /** A parked thread wakes up so much late: timer slack and wake-up (prctl(2), PR_SET_TIMERSLACK). */
    private static final long WAKE_UP_NS = 100_000;

    /** As many as the kernel runs at a time for live frames; a veth's ring holds 256. */
    private static final int MAX_TURNS = 64;

    private static final int CALL_EVERY_US = 100;
    private static final long CALL_EVERY_NS = TimeUnit.MICROSECONDS.toNanos(CALL_EVERY_US);

    /** {@link RtpSource#send(int)}. */
    @FunctionalInterface
    interface Turns {
        int take(int atMost) throws KernelException;
    }

    private final Turns turns;
    private final long ratePps;
    private final LongSupplier clock;
    private final LongConsumer park;
    private boolean started;
    private long startNs;
    private long originNs; // when turn 0 of the current second was due; a second counts ratePps turns
    private long turnOfSecond;
    private long nextCallNs;
    private long lastCallNs;
    private long slippedNs;
    private long lastNs;

    /**
     * @param source remains the caller's to close
     * @param ratePps turns a second over all flows together, 1 to 1,000,000,000
     */
    public PacedSender(RtpSource source, long ratePps) {
        this(source::send, ratePps, System::nanoTime, LockSupport::parkNanos);
    }

    PacedSender(Turns turns, long ratePps, LongSupplier clock, LongConsumer park) {
        if (ratePps < 1 || ratePps > SECOND_NS) {
            throw new IllegalArgumentException("rate " + ratePps + ": use 1 to 1000000000 packets a second");
        }
        this.turns = turns;
        this.ratePps = ratePps;
        this.clock = clock;
        this.park = park;
    }

    /**
     * Sends what is due, {@value #MAX_TURNS} turns at most; while nothing is due, waits for some or all of the time
     * until the next turn. The first call sends the first packet.
     *
     * @return false when all is sent
     * @throws KernelException when the kernel refused
     */
    public boolean step() throws KernelException {
        long now = clock.getAsLong();
        if (!started) {
            started = true;
            startNs = originNs = nextCallNs = lastCallNs = now;
        }
        long earlyNs = Math.max(dueNs(), nextCallNs) - now;
        if (earlyNs > 0) {
            await(earlyNs);
            return true;
        }
        long lateNs = now - dueNs();
        if (lateNs > SLIP_AFTER_NS) {
            originNs += lateNs;
            slippedNs += lateNs;
        }
        int taken = turns.take((int) Math.min(Math.min(dueTurns(now), catchUpTurns(now)), MAX_TURNS));
        if (taken == 0) {
            return false;
        }
        nextCallNs = taken == MAX_TURNS ? now : now + CALL_EVERY_NS; // a full call leaves no time to wait
        lastCallNs = now;
        lastNs = clock.getAsLong();
        turnOfSecond += taken;
        if (turnOfSecond >= ratePps) {
            turnOfSecond -= ratePps;
            originNs += SECOND_NS;
        }
        return true;
    }

    /** When the next turn is due. */
    private long dueNs() {
        return originNs + turnOfSecond * SECOND_NS / ratePps;
    }

    /** The next turn, which is due whatever rounding says, and those behind it that are due as well. */
    private long dueTurns(long now) {
        return Math.max(1, (now - originNs) * ratePps / SECOND_NS + 1 - turnOfSecond);
    }

    /** What may go out in one call, however late it is; a longer absence counts as two calls' time. */
    private long catchUpTurns(long now) {
        long sinceNs = Math.min(now - lastCallNs, 2 * CALL_EVERY_NS);
        return Math.max(1, sinceNs * ratePps / SECOND_NS * CATCH_UP_PERCENT / 100);
    }

    private void await(long nanoseconds) {
        if (nanoseconds > WAKE_UP_NS) {
            park.accept(nanoseconds - WAKE_UP_NS);
        } else {
            Thread.onSpinWait();
        }
    }

    /** How much the schedule slipped in all: so much longer the sending took than count and rate say. */
    public long slippedNs() {
        return slippedNs;
    }

    /** From the first packet to the last one sent up to now. */
    public long elapsedNs() {
        return started ? lastNs - startNs : 0;
    }
}
