// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C and SIGTERM for a command that has something to put right: one that comes while this is open ends the JVM,
 * with exit code 130 or 143, only when the command has ended and what it failed of is said: {@link #commandEnded()}. The
 * thread that opened it is interrupted, unless it asked not to be.
 *
 * <pre>{@code
 * try (var interruption = Interruption.ofThisThread()) {
 *     ...                      // an InterruptedException leads to finally blocks
 *     interruption.settle();
 *     ...                      // the summary
 * }
 * }</pre>
 */
public final class Interruption implements AutoCloseable {
    /** Then the JVM ends all the same; what is attached or joined goes with the process. */
    private static final int PATIENCE_S = 15;

    /** Of the process, which runs one command: its failure is said when it has closed this. */
    private static final CountDownLatch COMMAND_ENDED = new CountDownLatch(1);

    private final Thread command = Thread.currentThread();
    private final Thread hook = new Thread(this::interrupt, "interruption");
    private boolean requested;
    private boolean woken;
    private boolean settled;

    private Interruption() {}

    public static Interruption ofThisThread() {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** Interrupts nothing: for a command that waits by {@link #sleepUntil} and reads files and counters between. */
    public static Interruption noticedOnly() {
        Interruption interruption = ofThisThread();
        interruption.settle();
        return interruption;
    }

    /** All is put right and said: now the JVM may end. */
    static void commandEnded() {
        COMMAND_ENDED.countDown();
    }

    /** Whether a signal has come. */
    public synchronized boolean isRequested() {
        return requested;
    }

    /**
     * Waits for a time to come, or a signal, or {@link #wake()}.
     *
     * @param deadlineNs as {@link System#nanoTime()} tells it
     * @return whether the time has come
     */
    public synchronized boolean sleepUntil(long deadlineNs) {
        try {
            for (long left = deadlineNs - System.nanoTime(); left > 0; left = deadlineNs - System.nanoTime()) {
                if (requested || woken) {
                    woken = false;
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return !requested;
        } catch (InterruptedException e) {
            return false; // by a signal, unless only noticed
        }
    }

    /** Ends a {@link #sleepUntil}, or the next one. For any thread. */
    public synchronized void wake() {
        woken = true;
        notifyAll();
    }

    /**
     * From now on a signal interrupts nothing, and one that has come has done its work: what is written now is written
     * whole. (An interrupt would close the file that is being written.)
     */
    public synchronized void settle() {
        settled = true;
        Thread.interrupted();
    }

    private synchronized void interruptCommand() {
        requested = true;
        notifyAll();
        if (!settled) {
            command.interrupt();
        }
    }

    private void interrupt() {
        interruptCommand();
        try {
            if (!COMMAND_ENDED.await(PATIENCE_S, TimeUnit.SECONDS)) {
                System.err.println("xdp4j: did not end in order within " + PATIENCE_S + " s: ends now");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does; the JVM then ends at once
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the JVM is ending: the hook waits for the end of the command
        }
    }
}
