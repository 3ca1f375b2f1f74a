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
 * <p>The source itself keeps the schedule, with live frames inside the kernel: what falls due within 50 µs, 64 turns
 * at most, goes out together when the last of it is due, so the stream is even to that grain and no packet is early.
 * This class gives it {@value #CALL_MS} ms of turns at a time, and a single one at rates below 100 a second. Smaller
 * calls would cost more than they send: each one for live frames makes a page pool, which the kernel has 65,533 of and
 * which lingers for a second or two after its last packet has left the receiver's socket buffer. Below 10,000 packets a
 * second, where waiting inside the kernel would keep a CPU from other work for too long, that price is paid for each
 * packet.
 *
 * <p>When it is late, because another thread had its CPU, it catches up at 125 % of the rate and no faster: a burst
 * would fill rings as no real sender does. When it is more than {@value #SLIP_AFTER_MS} ms late, as when the rate is
 * beyond the machine, the schedule slips by that much, and {@link #slippedNs()} tells. The number of packets is exact
 * either way.
 *
 * <p>Threads: one.
 */
public final class PacedSender {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int SLIP_AFTER_MS = 100;
    private static final long SLIP_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(SLIP_AFTER_MS);

    /** A parked thread wakes up so much late: timer slack and wake-up (prctl(2), PR_SET_TIMERSLACK). */
    private static final long WAKE_UP_NS = 100_000;

    private static final int CALL_MS = 10;

    /** What one core sends in some {@value #CALL_MS} ms at most: a rate beyond it makes no longer calls. */
    private static final int MAX_TURNS = 32_768;

    /** {@link RtpSource#send(int, long, long, long)}. */
    @FunctionalInterface
    interface Turns {
        int take(int atMost, long originNs, long turn, long ratePps) throws KernelException;
    }

    private final Turns turns;
    private final long ratePps;
    private final int turnsPerCall;
    private final LongSupplier clock;
    private final LongConsumer park;
    private boolean started;
    private long startNs;
    private long originNs; // when turn 0 of the current second was due; a second counts ratePps turns
    private long turnOfSecond;
    private long slippedNs;
    private long lastNs;

    /**
     * @param source remains the caller's to close
     * @param ratePps turns a second over all flows together, 1 to 1,000,000,000
     */
    public PacedSender(RtpSource source, long ratePps) {
        this(source::send, ratePps, System::nanoTime, LockSupport::parkNanos);
    }

    /** @param clock CLOCK_MONOTONIC, in ns: the source knows no other; on Linux {@link System#nanoTime()} is that */
    PacedSender(Turns turns, long ratePps, LongSupplier clock, LongConsumer park) {
        if (ratePps < 1 || ratePps > SECOND_NS) {
            throw new IllegalArgumentException("rate " + ratePps + ": use 1 to 1000000000 packets a second");
        }
        this.turns = turns;
        this.ratePps = ratePps;
        this.turnsPerCall = (int) Math.max(1, Math.min(ratePps * CALL_MS / 1_000, MAX_TURNS));
        this.clock = clock;
        this.park = park;
    }

    /**
     * Sends the next {@value #CALL_MS} ms of turns, each when it is due. When the first of them is not due soon, waits
     * for some of the time until then instead; an interrupt ends that wait. The first call sends the first packet.
     *
     * @return false when all is sent
     * @throws KernelException when the kernel refused
     */
    public boolean step() throws KernelException {
        long now = clock.getAsLong();
        if (!started) {
            started = true;
            startNs = originNs = lastNs = now;
        }
        long earlyNs = originNs + turnOfSecond * SECOND_NS / ratePps - now;
        if (earlyNs > WAKE_UP_NS) {
            park.accept(earlyNs - WAKE_UP_NS);
            return true;
        }
        if (earlyNs < -SLIP_AFTER_NS) {
            originNs -= earlyNs;
            slippedNs -= earlyNs;
        }
        int taken = turns.take(turnsPerCall, originNs, turnOfSecond, ratePps);
        if (taken == 0) {
            return false;
        }
        lastNs = clock.getAsLong();
        turnOfSecond += taken;
        if (turnOfSecond >= ratePps) {
            turnOfSecond -= ratePps;
            originNs += SECOND_NS;
        }
        return true;
    }

    /** {@return how much the schedule slipped in all: so much longer the sending took than count and rate say} */
    public long slippedNs() {
        return slippedNs;
    }

    /** {@return from the first packet to the last one sent up to now} */
    public long elapsedNs() {
        return lastNs - startNs;
    }
}
