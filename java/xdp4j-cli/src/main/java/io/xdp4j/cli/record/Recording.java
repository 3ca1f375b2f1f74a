// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.Figures;
import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.ReceiveObserver;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.cli.receive.Sample;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.process.SharedMemory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Records what receivers receive. Each of them copies its packets into a ring in memory, and never waits; a thread here
 * empties the rings, in the order of arrival, into one file.
 *
 * <p>When the file is full, or cannot be written any more, that is said, and the receivers go on.
 *
 * <p>Threads: one, which makes it, tells it and closes it; rings are written by the receivers.
 */
public final class Recording implements ReceiveObserver, Closeable {
    /** For packets on their way to the file, in all rings together, and in each of them. */
    private static final long MOST_BYTES = 256 << 20;

    private static final int MOST_RING_BYTES = 64 << 20;
    private static final int LEAST_RING_BYTES = 1 << 20;

    /** For packets that may turn out to be near a gap. */
    private static final int MOST_GAP_BYTES = 256 << 20;

    /** Of what the JVM may have: that much for the rings, and half of it for what is near gaps. */
    private static final int PART_OF_MEMORY = 4;

    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long FLUSH_NS = TimeUnit.SECONDS.toNanos(1);

    /** Together less than a command has that was interrupted: io.xdp4j.cli.Interruption. */
    private static final Duration PATIENCE = Duration.ofSeconds(9);

    private static final long STOPPING_MS = 1_500;

    private final String interfaceName;
    private final int ringBytes;
    private final RecordFile file;
    private final FlowNames names = new FlowNames();
    private final List<RecordedInterface> interfaces = new ArrayList<>();
    private final List<RingReader> readers = new ArrayList<>();
    private final List<SharedMemory> shared = new ArrayList<>();
    private final AroundLoss aroundLoss; // null when every packet is wanted
    private final Duration patience;
    private Selection selection; // the thread's
    private final Queue<LedgerLook> looks = new ConcurrentLinkedQueue<>();
    private volatile LedgerLook lastLook; // null until the receivers have ended
    private final Thread thread = new Thread(this::run, "recorder");
    private volatile boolean ending;
    private volatile String stopped; // why, for the thread that tells it
    private boolean told;

    /**
     * @param clock {@link System#nanoTime()}
     * @param patience how long what is in memory may take to get into the file when the receivers have ended
     */
    Recording(
            RecordSettings settings,
            String interfaceName,
            int receivers,
            RecordFile file,
            LongSupplier clock,
            Duration patience) {
        long memory = Runtime.getRuntime().maxMemory() / PART_OF_MEMORY;
        long share = Math.min(memory, MOST_BYTES) / receivers;
        this.interfaceName = interfaceName;
        this.ringBytes = (int) Math.max(
                LEAST_RING_BYTES, Math.min(Long.highestOneBit(Math.max(share, 1)), MOST_RING_BYTES));
        this.file = file;
        int gapBytes = (int) Math.min(memory / 2, MOST_GAP_BYTES) & -16;
        this.aroundLoss = settings.aroundLoss().isPresent()
                ? new AroundLoss(settings.aroundLoss().getAsInt(), file, names, gapBytes, clock)
                : null;
        this.patience = patience;
        this.selection = aroundLoss != null ? aroundLoss : Selection.everything(file);
    }

    /**
     * Opens the file.
     *
     * @param receivers how many there will be
     * @throws BadInput when it cannot be written there, or they are too many
     */
    public static Recording open(RecordSettings settings, String interfaceName, int receivers) {
        long most = Runtime.getRuntime().maxMemory() / 2 / LEAST_RING_BYTES;
        if (receivers > most) {
            throw new BadInput("--record takes 1 MiB of memory for each receiver, and there is enough for "
                    + Figures.count(most) + ", not for " + Figures.count(receivers)
                    + ": receive fewer flows, or use --backend xdp, which has a receiver for each RX queue");
        }
        RecordFile file = RecordFile.open(settings.file(), settings.limitBytes());
        return new Recording(settings, interfaceName, receivers, file, System::nanoTime, PATIENCE);
    }

    /**
     * Of AF_XDP: what a receiver of this process does with its packets.
     *
     * @param flows for ids below this
     * @param handler what it would do without a recording
     */
    public PacketHandler ofQueue(int queue, int flows, PacketHandler handler) {
        return recorded(receiverOf(queue), LinkLayer.ETHERNET, flows, handler);
    }

    /**
     * Of AF_XDP: memory for receivers in other processes, one after the other, who have a {@link RingWriter#in} it. It
     * is this object's.
     *
     * @param flows for ids below this
     */
    public SharedMemory memoryOfQueue(int queue, int flows) throws KernelException {
        SharedMemory memory = SharedMemory.create("xdp4j-record", RingMemory.bytes(flows, ringBytes));
        shared.add(memory);
        add(receiverOf(queue), LinkLayer.ETHERNET, flows, memory.buffer());
        return memory;
    }

    private static String receiverOf(int queue) {
        return "RX queue " + queue;
    }

    /**
     * Of a socket: what its receiver does with its packets.
     *
     * @param id of the flow
     * @param handler what it would do without a recording
     */
    public PacketHandler ofSocket(Backend backend, int id, Flow flow, PacketHandler handler) {
        name(id, flow);
        LinkLayer linkLayer = backend == Backend.RAW ? LinkLayer.ofRawSocket(flow) : LinkLayer.ofUdpSocket(flow);
        return recorded(flow + " by " + backend, linkLayer, id + 1, handler);
    }

    private PacketHandler recorded(String receiver, LinkLayer linkLayer, int flows, PacketHandler handler) {
        ByteBuffer memory = ByteBuffer.allocateDirect(RingMemory.bytes(flows, ringBytes));
        return new RecordedHandler(handler, new RingWriter(add(receiver, linkLayer, flows, memory)));
    }

    private RingMemory add(String receiver, LinkLayer linkLayer, int flows, ByteBuffer memory) {
        RingMemory ring = new RingMemory(memory, flows);
        readers.add(new RingReader(readers.size(), ring));
        interfaces.add(new RecordedInterface(interfaceName, receiver, linkLayer));
        return ring;
    }

    /** Packets of this flow may come, under this id. */
    public void name(int id, Flow flow) {
        names.put(id, flow);
    }

    /** All receivers are there, and the first packets may be in the rings. */
    @Override
    public void receiving(ReceiveSettings settings, String inForce) {
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void sampled(Sample sample) throws IOException {
        if (aroundLoss != null) {
            looks.add(LedgerLook.of(sample.ledger(), sample.atNs(), false));
        }
        tellWhyItStopped();
    }

    @Override
    public void ended(Sample last, ReceiveReport report) throws IOException {
        tellWhyItStopped();
    }

    /** Once; whoever threw an exception is not asked again. */
    private void tellWhyItStopped() throws IOException {
        String why = stopped;
        if (why != null && !told) {
            told = true;
            throw new IOException("recording to " + file.path() + " has stopped: " + why);
        }
    }

    /**
     * The receivers have ended: writes what is still in the rings. What is then to be told is told by {@link #ended}.
     *
     * @param closing of the ledger
     */
    public RecordReport finish(LedgerSnapshot closing) throws IOException {
        lastLook = LedgerLook.of(closing, System.nanoTime(), true);
        end();
        long notRecorded = aroundLoss == null ? 0 : aroundLoss.crowdedOut();
        for (RingReader reader : readers) {
            notRecorded += reader.notRecorded() + file.refused(reader.index());
        }
        return new RecordReport(
                file.path().toString(),
                file.packets(),
                file.bytes(),
                notRecorded,
                aroundLoss == null ? null : aroundLoss.leftOut(),
                aroundLoss == null ? null : aroundLoss.gaps(),
                stopped);
    }

    /** A disk may be slower than the patience of whoever waits, and a pipe or a server may take nothing any more. */
    private void end() throws IOException {
        if (ending) {
            return;
        }
        ending = true;
        LockSupport.unpark(thread);
        try {
            thread.join(patience.toMillis());
            if (thread.isAlive()) {
                file.stop("what was received could not be written within " + patience.toSeconds() + " s of the end");
                thread.join(STOPPING_MS); // it goes on as soon as it has written what it is writing
            }
            if (thread.isAlive()) {
                // It hangs in the system's write, and so may whoever interrupts it, which closes the file.
                Thread interrupting = new Thread(thread::interrupt, "recorder-end");
                interrupting.setDaemon(true);
                interrupting.start();
                thread.join(STOPPING_MS);
            }
            if (thread.isAlive()) { // counts are as far as it has got
                stopped = file.stopped().orElseThrow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private void run() {
        try {
            file.begin(interfaces);
            record();
        } catch (RuntimeException | Error e) { // a defect, or no memory: the receivers are not to know of it
            if (aroundLoss != null) {
                aroundLoss.giveUp();
            }
            selection = Selection.everything(file); // which refuses it
            file.stop(e.toString());
            record();
        }
    }

    private void record() {
        ArrivalOrder order = new ArrivalOrder(readers);
        Consumer<RingReader> add = selection::add;
        long flushedNs = System.nanoTime();
        while (!ending) {
            int taken = order.take(System.nanoTime(), add);
            lookAtLedger();
            selection.release();
            if (System.nanoTime() - flushedNs > FLUSH_NS) {
                file.flush();
                flushedNs = System.nanoTime();
            }
            stopIfFileHas();
            if (taken == 0) {
                LockSupport.parkNanos(this, PAUSE_NS);
            }
        }
        while (order.take(Long.MAX_VALUE, add) > 0) {
            // until all is taken
        }
        lookAtLedger();
        if (lastLook != null) {
            selection.look(lastLook);
        }
        selection.finish();
        for (RingReader reader : readers) {
            long lost = reader.notRecorded() + file.refused(reader.index());
            file.statistics(reader.index(), reader.taken() + reader.notRecorded(), lost);
        }
        file.flush();
        stopIfFileHas();
    }

    private void lookAtLedger() {
        for (LedgerLook look = looks.poll(); look != null; look = looks.poll()) {
            selection.look(look);
        }
    }

    private void stopIfFileHas() {
        if (readers.stream().anyMatch(RingReader::isBroken)) {
            file.stop("what a receiver left for it in memory cannot be");
        }
        if (stopped == null && file.stopped().isPresent()) {
            readers.forEach(RingReader::stop);
            stopped = file.stopped().get();
        }
    }

    /** When the receivers have ended; the second time does nothing. */
    @Override
    public void close() throws IOException {
        end();
        if (!thread.isAlive()) { // else it has all that until the process ends
            shared.forEach(SharedMemory::close);
            file.close();
        }
    }
}
