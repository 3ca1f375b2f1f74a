// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.cli.Figures;
import io.xdp4j.packet.KernelException;
import io.xdp4j.schedule.IdleStrategy;
import io.xdp4j.schedule.ThreadPlacement;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * The longest time that this machine kept a thread from looking at the clock.
 *
 * @param seconds measured for so long
 * @param cpu on which a thread did nothing else
 * @param spinningNs that thread's
 * @param sleepingNs that of a thread which sleeps 1 ms between two looks, as a receiver does when nothing is there
 */
record Absence(int seconds, int cpu, long spinningNs, long sleepingNs) {
    private static final long SLEEP_NS = 1_000_000;

    /** In which the loops are compiled. */
    private static final long WARM_UP_NS = 200_000_000;

    /** One look at the clock, and what is between it and the next. */
    @FunctionalInterface
    private interface Pause {
        void pause() throws KernelException;
    }

    /**
     * Measures. Where there are two CPUs, both threads at a time.
     *
     * @param cpus that this process may use; the last one is that of the thread that spins
     */
    static Absence measure(int seconds, List<Integer> cpus) throws KernelException, InterruptedException {
        int cpu = cpus.get(cpus.size() - 1);
        IdleStrategy sleep = IdleStrategy.sleep(SLEEP_NS);
        FutureTask<Long> spinning = start("spins", () -> {
            new ThreadPlacement(OptionalInt.of(cpu), OptionalInt.empty()).apply();
            return longest(seconds, Thread::onSpinWait);
        });
        if (cpus.size() == 1) {
            value(spinning);
        }
        FutureTask<Long> sleeping = start("sleeps", () -> longest(seconds, () -> sleep.idle(null)));
        return new Absence(seconds, cpu, value(spinning), value(sleeping));
    }

    private static FutureTask<Long> start(String name, Callable<Long> measurement) {
        FutureTask<Long> task = new FutureTask<>(measurement);
        Thread thread = new Thread(task, name);
        thread.setDaemon(true); // so that Ctrl-C need not wait for it
        thread.start();
        return task;
    }

    private static long value(FutureTask<Long> task) throws KernelException, InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof KernelException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static long longest(int seconds, Pause pause) throws KernelException {
        longestNs(WARM_UP_NS, pause);
        return longestNs(seconds * 1_000_000_000L, pause);
    }

    private static long longestNs(long lengthNs, Pause pause) throws KernelException {
        long start = System.nanoTime();
        long before = start;
        long longest = 0;
        while (before - start < lengthNs) {
            pause.pause();
            long now = System.nanoTime();
            longest = Math.max(longest, now - before);
            before = now;
        }
        return longest;
    }

    /** Of the two. */
    long longestNs() {
        return Math.max(spinningNs, sleepingNs);
    }

    /** What is said of it; whether it is too long the rates tell. */
    List<Finding> findings() {
        String measured = ", measured for " + seconds + " s";
        return List.of(
                Finding.ok(Check.SPINNING, "away for " + milliseconds(spinningNs) + " at the longest" + measured
                        + " on CPU " + cpu, ""),
                Finding.ok(Check.SLEEPING, "away for " + milliseconds(sleepingNs) + " at the longest" + measured,
                        "So does a receiver when nothing is there, unless --idle says otherwise."));
    }

    private static String milliseconds(long nanoseconds) {
        return Figures.milliseconds(nanoseconds / 1e6);
    }
}
