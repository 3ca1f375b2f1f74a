// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.schedule;

import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.packet.PacketSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * The thread that receives from the sources of one queue: it visits each in turn, hands what is there to the handler,
 * and idles when a whole visit brought nothing.
 *
 * <p>Nothing is allocated by it in steady state, neither per packet nor per batch.
 *
 * <p>An exception of the handler, or a call that the kernel refuses, ends the thread; it is logged (by the {@link
 * System.Logger} of this class's name) and {@link #failure()} tells it. The frames are not lost: they go back when the
 * sources are closed. An interrupt ends the thread as {@link #close()} does.
 */
public final class Receiver implements AutoCloseable {
    /** How long {@link #close()} goes on receiving at most when packets keep coming. */
    private static final long DRAIN_LIMIT_NS = 1_000_000_000L;

    /** Few enough that the loop of so many is soon compiled, and enough that the loop around it costs nothing. */
    private static final int TURNS = 64;

    private final Thread thread;
    private final PacketSource[] sources;
    private final PacketHandler handler;
    private final IdleStrategy idle;
    private final ThreadPlacement placement;
    private final CompletableFuture<Void> placed = new CompletableFuture<>();
    private volatile boolean stopping;

    private final ReceiverCounts counts;
    private volatile Throwable failure;

    private long lastLookNs; // the thread's own, like the next one
    private boolean lastLookBrought;

    private Receiver(
            String name,
            IdleStrategy idle,
            ThreadPlacement placement,
            PacketHandler handler,
            List<? extends PacketSource> sources,
            ReceiverCounts counts) {
        this.sources = sources.toArray(PacketSource[]::new);
        this.counts = counts;
        this.handler = handler;
        this.idle = idle;
        this.placement = placement;
        this.thread = new Thread(this::run, name);
    }

    /**
     * Starts the thread. The sources stay the caller's, to be closed after the receiver.
     *
     * @param name of the thread
     * @param idle what to do when nothing is there
     * @param handler called by the thread for every batch that is not empty
     * @param sources those of one queue: several AF_XDP sockets on one UMEM, or one socket of another kind
     * @return the running receiver, to be closed by the caller
     */
    public static Receiver start(
            String name, IdleStrategy idle, PacketHandler handler, List<? extends PacketSource> sources) {
        return startThread(
                name, idle, ThreadPlacement.NONE, handler, sources, new ReceiverCounts(sources.size()));
    }

    /**
     * Starts the thread on a CPU or with a priority of its own, which it has before its first look at the sources.
     *
     * @param name of the thread
     * @param idle what to do when nothing is there
     * @param placement applied by the thread
     * @param handler called by the thread for every batch that is not empty
     * @param sources those of one queue
     * @return the running receiver, to be closed by the caller
     * @throws KernelException what {@link ThreadPlacement#apply()} was refused; the thread has then ended, without a
     *     look
     * @throws UnsupportedOperationException when the native library is not there, likewise
     * @see #start(String, IdleStrategy, PacketHandler, List)
     */
    public static Receiver start(
            String name,
            IdleStrategy idle,
            ThreadPlacement placement,
            PacketHandler handler,
            List<? extends PacketSource> sources)
            throws KernelException {
        return start(name, idle, placement, handler, sources, new ReceiverCounts(sources.size()));
    }

    /**
     * Starts the thread, which counts in memory of the caller's.
     *
     * @param name of the thread
     * @param idle what to do when nothing is there
     * @param placement applied by the thread
     * @param handler called by the thread for every batch that is not empty
     * @param sources those of one queue
     * @param counts new, for as many sources
     * @return the running receiver, to be closed by the caller
     * @throws KernelException as that one
     * @see #start(String, IdleStrategy, ThreadPlacement, PacketHandler, List)
     */
    public static Receiver start(
            String name,
            IdleStrategy idle,
            ThreadPlacement placement,
            PacketHandler handler,
            List<? extends PacketSource> sources,
            ReceiverCounts counts)
            throws KernelException {
        Receiver receiver =
                startThread(name, idle, Objects.requireNonNull(placement, "placement"), handler, sources, counts);
        receiver.awaitPlacement();
        return receiver;
    }

    private static Receiver startThread(
            String name,
            IdleStrategy idle,
            ThreadPlacement placement,
            PacketHandler handler,
            List<? extends PacketSource> sources,
            ReceiverCounts counts) {
        if (sources.isEmpty() || counts.sources() != sources.size()) {
            throw new IllegalArgumentException("a receiver needs a source, and counts for each: " + sources.size()
                    + " sources, counts for " + counts.sources());
        }
        Receiver receiver = new Receiver(name, idle, placement, handler, sources, counts);
        receiver.thread.start();
        return receiver;
    }

    private void awaitPlacement() throws KernelException {
        try {
            placed.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof KernelException refused) {
                throw refused;
            }
            if (e.getCause() instanceof RuntimeException unavailable) {
                throw unavailable;
            }
            throw e;
        }
    }

    /**
     * Starts the thread with one source.
     *
     * @param name of the thread
     * @param idle what to do when nothing is there
     * @param handler called by the thread for every batch that is not empty
     * @param source the only one
     * @return the running receiver, to be closed by the caller
     * @see #start(String, IdleStrategy, PacketHandler, List)
     */
    public static Receiver start(String name, IdleStrategy idle, PacketHandler handler, PacketSource source) {
        return start(name, idle, handler, List.of(source));
    }

    /** {@return what ended the thread before its time; empty while all is well} */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** {@return the thread, for example to ask how much CPU time it has taken} */
    public Thread thread() {
        return thread;
    }

    /** {@return what it receives from, in the order of the visits} */
    public List<PacketSource> sources() {
        return List.of(sources);
    }

    /** {@return whether the thread has ended, by {@link #close()} or by a failure: it will take nothing more} */
    public boolean hasEnded() {
        return !thread.isAlive();
    }

    /** {@return what it counts} For any thread. */
    public ReceiverCounts counts() {
        return counts;
    }

    /** {@return as {@link ReceiverCounts#longestAbsenceNs()} says} */
    public long longestAbsenceNs() {
        return counts.longestAbsenceNs();
    }

    /**
     * Receives what is still there, then ends the thread and waits for it. To leave nothing behind, stop the flow
     * first (detach the XDP program); while packets keep coming it ends after a second. Does nothing the second time.
     *
     * <p>From the handler it only asks the thread to end, and returns at once.
     */
    @Override
    public void close() {
        stopping = true;
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            placement.apply();
            placed.complete(null);
        } catch (Throwable e) { // any: start waits for the answer
            failure = e;
            placed.completeExceptionally(e);
            return;
        }
        receive();
    }

    private void receive() {
        lastLookNs = System.nanoTime();
        try {
            while (!stopping) {
                takeTurns();
            }
            long limit = System.nanoTime() + DRAIN_LIMIT_NS;
            while (visit() > 0 && System.nanoTime() - limit < 0) {
                Thread.onSpinWait();
            }
        } catch (Throwable e) {
            failure = e;
            System.Logger logger = System.getLogger(Receiver.class.getName());
            if (e instanceof KernelException) {
                logger.log(System.Logger.Level.ERROR, thread.getName() + " ended: " + e.getMessage());
            } else {
                logger.log(System.Logger.Level.ERROR, thread.getName() + " ended", e); // a defect: of the handler's
            }
        }
    }

    /**
     * A loop in a loop, for the JIT compiles a method that is called often within seconds, but one that is entered
     * once, and takes a thousand turns a second, only after a minute.
     */
    private void takeTurns() throws KernelException {
        for (int turn = 0; turn < TURNS && !stopping; turn++) {
            if (visit() > 0) {
                continue;
            }
            idle.idle(sources[0]);
            if (idle.endsWithAPacket()) {
                lastLookNs = System.nanoTime();
            }
            if (Thread.interrupted()) {
                stopping = true; // never set back: close() may be setting it just now
            }
        }
    }

    /** One look at each source; how many packets that brought. */
    private int visit() throws KernelException {
        noteTime();
        int packets = 0;
        for (int i = 0; i < sources.length; i++) {
            counts.beginLook(i);
            PacketBatch batch = sources[i].receive();
            int size = batch.size();
            counts.endLook(i, size);
            if (size > 0) {
                packets += size;
                try {
                    handler.onBatch(batch);
                } finally {
                    counts.handledAll(i);
                }
            }
        }
        lastLookBrought = packets > 0;
        return packets;
    }

    /** One look at the clock for both: a visit that brought packets ends where the next one begins. */
    private void noteTime() {
        long now = System.nanoTime();
        long sinceNs = now - lastLookNs;
        counts.absence(sinceNs);
        if (lastLookBrought) {
            counts.busy(sinceNs, now);
        }
        lastLookNs = now;
    }
}
