// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.cli.JavaProgram;
import io.xdp4j.packet.KernelException;
import io.xdp4j.process.Channel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps one worker process ready that has no queue yet: a JVM takes most of a second to start and to compile what a
 * packet goes through, and the packets of a queue whose worker has died do not wait.
 *
 * <p>Threads: any may take; one of its own starts all processes, for they are killed when the thread that started them
 * ends (PR_SET_PDEATHSIG).
 */
public final class Standby implements AutoCloseable {
    private static final int LOOK_EVERY_MS = 200;
    private static final int CONNECTED_WITHIN_MS = 30_000;
    private static final int ETIMEDOUT = 110;

    private final BlockingQueue<Outcome> ready = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> wanted = new LinkedBlockingQueue<>();
    private final Thread keeper = new Thread(this::keep, "standby");
    private final AtomicInteger ordered; // of those that will be taken, have been ordered already
    private final boolean recorded;
    private volatile boolean closed;

    /** A process that waits for its task. */
    record Recruit(Process process, Channel channel) {
        void dismiss() {
            channel.close();
            process.destroyForcibly();
        }
    }

    /** One of the two is null. */
    private record Outcome(Recruit recruit, IOException failure) {}

    private record Starting(Process process, Channel.Listener listener) {}

    private Standby(int workers, boolean recorded) {
        this.recorded = recorded;
        ordered = new AtomicInteger(workers);
        wanted.add(workers + 1);
    }

    /**
     * @param workers how many will be taken at once; one more is kept
     * @param recorded whether their packets will be
     */
    public static Standby start(int workers, boolean recorded) {
        Standby standby = new Standby(workers, recorded);
        standby.keeper.setDaemon(true);
        standby.keeper.start();
        return standby;
    }

    /**
     * Takes a process that is ready, and has another one started.
     *
     * @throws IOException when none could be started
     */
    Recruit take() throws IOException, InterruptedException {
        if (ordered.getAndDecrement() <= 0) {
            wanted.add(1);
        }
        Outcome outcome = ready.take();
        while (outcome.failure() == null && !outcome.recruit().process().isAlive()) {
            outcome.recruit().dismiss(); // somebody killed it just now
            wanted.add(1);
            outcome = ready.take();
        }
        if (outcome.failure() != null) {
            throw outcome.failure();
        }
        return outcome.recruit();
    }

    /** The pid of the one that waits, while one does. */
    public OptionalLong pid() {
        Outcome waiting = ready.peek();
        return waiting == null || waiting.recruit() == null
                ? OptionalLong.empty()
                : OptionalLong.of(waiting.recruit().process().pid());
    }

    /** As many at a time as are wanted, side by side. */
    private void keep() {
        try {
            while (true) {
                List<Starting> starting = new ArrayList<>();
                for (int count = wanted.take(); count > 0; count--) {
                    start(starting);
                }
                for (Starting each : starting) {
                    offer(each);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void start(List<Starting> starting) {
        Channel.Listener listener = null;
        try {
            listener = Channel.Listener.open();
            starting.add(new Starting(process(listener.name()), listener));
        } catch (IOException | RuntimeException | Error e) {
            if (listener != null) {
                listener.close();
            }
            fail(e);
        }
    }

    private Process process(String channel) throws IOException {
        Process process = new ProcessBuilder(JavaProgram.detached(
                        WorkerMain.class,
                        List.of(channel, Long.toString(ProcessHandle.current().pid()), Boolean.toString(recorded))))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().close();
        return process;
    }

    private void offer(Starting starting) {
        try (Channel.Listener listener = starting.listener()) {
            Recruit recruit = new Recruit(starting.process(), connected(starting.process(), listener));
            Outcome outcome = new Outcome(recruit, null);
            ready.add(outcome);
            recruit.process().onExit().thenRun(() -> replace(outcome));
            if (closed) {
                dismissAll();
            }
        } catch (IOException | RuntimeException | Error e) {
            starting.process().destroyForcibly();
            fail(e);
        }
    }

    /** One that somebody kills while it waits. */
    private void replace(Outcome waiting) {
        if (ready.remove(waiting)) {
            waiting.recruit().dismiss();
            if (!closed) {
                wanted.add(1);
            }
        }
    }

    /** Whatever it was (no thread, no memory): this thread must not end, and who waits is to know. */
    private void fail(Throwable e) {
        ready.add(new Outcome(null, e instanceof IOException known ? known : new IOException(e.toString(), e)));
    }

    private static Channel connected(Process process, Channel.Listener listener) throws IOException {
        for (int waitedMs = 0; waitedMs < CONNECTED_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
            try {
                return listener.accept(process.pid(), LOOK_EVERY_MS);
            } catch (KernelException e) {
                if (e.errno() != ETIMEDOUT) {
                    throw e;
                }
            }
            if (!process.isAlive()) {
                throw new IOException("a worker ended with exit code " + process.exitValue() + " before it began");
            }
        }
        throw new IOException("a worker did not begin within " + CONNECTED_WITHIN_MS / 1_000 + " s");
    }

    private void dismissAll() {
        for (Outcome outcome = ready.poll(); outcome != null; outcome = ready.poll()) {
            if (outcome.recruit() != null) {
                outcome.recruit().dismiss();
            }
        }
    }

    /** Ends the processes that were not taken, and the others with them: close their queues first. */
    @Override
    public void close() {
        closed = true;
        dismissAll();
        keeper.interrupt();
        try {
            keeper.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        dismissAll();
    }
}
