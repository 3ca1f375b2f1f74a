// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jfr.JfrEvents;
import io.xdp4j.jfr.RingWatch;
import io.xdp4j.jni.Errors;
import io.xdp4j.jni.XskNative;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketSource;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * An AF_XDP socket: an RX ring bound to one queue of one interface, with frames from a {@link Umem}.
 *
 * <p>Packets come once an {@link XdpProgram} redirects a flow into it. One {@link #receive()} is one native call: it
 * gives the frames of the previous batch back, refills the fill ring and brings the next batch.
 *
 * <p>Threads: as {@link Umem} says. {@link #statistics()}, {@link #waiting()} and how full the ring was may be asked by
 * any thread while the socket is open.
 */
public final class XdpSocket implements PacketSource {
    private static final int EINVAL = 22;
    private static final int EALREADY = 114;

    private final Umem umem;
    private final String interfaceName;
    private final int queue;
    private final int rxRing;
    private final ByteBuffer descriptors; // C writes into it until close
    private final PacketBatch batch;
    private final long handle;
    private final String name;
    private final RingWatch ring;
    private final Set<XdpProgram> programs = new HashSet<>(); // that redirect into this
    private Thread receiver; // that has the batch; used while in the UMEM
    private boolean closed; // written by a thread that is in the UMEM and holds this monitor: either may read it

    private XdpSocket(Umem umem, String interfaceName, int queue, XdpSocketOptions options) throws KernelException {
        this.umem = umem;
        this.interfaceName = interfaceName;
        this.queue = queue;
        this.rxRing = options.rxRing();
        this.name = "AF_XDP socket on " + interfaceName + " queue " + queue;
        this.descriptors = ByteBuffer.allocateDirect(options.batch() * PacketBatch.DESCRIPTOR_BYTES);
        this.batch = new PacketBatch(umem.area(), descriptors);
        this.handle = XskNative.open(
                umem.handle(),
                interfaceName,
                queue,
                rxRing,
                options.mode().ordinal(),
                options.busyPollBudget(),
                descriptors);
        this.ring = watch(interfaceName, queue, Math.min(rxRing, umem.fillRing()), handle);
    }

    /** Static, so that a socket that nobody closes can be forgotten with all its memory. */
    private static RingWatch watch(String interfaceName, int queue, int room, long handle) {
        return RingWatch.open(interfaceName, queue, room, () -> XskNative.fullest(handle));
    }

    /**
     * Opens with {@link XdpSocketOptions#DEFAULT}.
     *
     * @param umem its frames; all sockets of a UMEM are on one interface and queue
     * @param interfaceName for example {@code eth1}
     * @param queue from 0; below {@link NetDevice#rxQueues()}
     * @return the socket, to be closed by the caller before the UMEM
     * @throws KernelException see {@link #open(Umem, String, int, XdpSocketOptions)}
     */
    public static XdpSocket open(Umem umem, String interfaceName, int queue) throws KernelException {
        return open(umem, interfaceName, queue, XdpSocketOptions.DEFAULT);
    }

    /**
     * Binds a socket to a queue.
     *
     * @param umem its frames; all sockets of a UMEM are on one interface and queue
     * @param interfaceName for example {@code eth1}
     * @param queue from 0; below {@link NetDevice#rxQueues()}
     * @param options ring, batch, mode and busy poll
     * @return the socket, to be closed by the caller before the UMEM
     * @throws KernelException ENODEV, EINVAL (no such queue, a ring that is no power of two; packets of several frames
     *     before Linux 6.6.10), EBUSY (the queue is taken, also after three seconds of retries), EPERM, EOPNOTSUPP (no
     *     zero-copy), ENOBUFS (the UMEM has too little room for long packets), ENOPROTOOPT (busy poll on a kernel
     *     without)
     * @throws IllegalStateException when the UMEM is closed or another thread receives on it
     */
    public static XdpSocket open(Umem umem, String interfaceName, int queue, XdpSocketOptions options)
            throws KernelException {
        Objects.requireNonNull(interfaceName, "interfaceName");
        Objects.requireNonNull(options, "options");
        umem.enter();
        try {
            XdpSocket socket = new XdpSocket(umem, interfaceName, queue, options);
            umem.opened(socket);
            if (JfrEvents.recordsModes()) {
                socket.recordModes(options);
            }
            return socket;
        } finally {
            umem.exit();
        }
    }

    private void recordModes(XdpSocketOptions options) {
        try {
            JfrEvents.mode(name, options.mode().word(), zeroCopy() ? Mode.ZERO_COPY.word() : "copies", null);
            if (options.busyPollBudget() > 0) {
                int napi = napiId();
                JfrEvents.mode(
                        "busy poll of the " + name,
                        "up to " + options.busyPollBudget() + " packets",
                        napi > 0 ? "of NAPI " + napi : "none",
                        napi > 0 ? null : "the kernel knows no NAPI of the queue (before Linux 6.13: yet)");
            }
        } catch (KernelException e) {
            JfrEvents.mode(name, options.mode().word(), "unknown", e.getMessage());
        }
    }

    @Override
    public PacketBatch receive() throws KernelException {
        umem.enter();
        try {
            requireOpen();
            if (receiver != Thread.currentThread()) {
                receiver = Thread.currentThread(); // not each time: a collector's barrier may cost more than the look
            }
            batch.size(0); // should the call fail, the old frames are gone all the same
            batch.size(Errors.ioResult(XskNative.receive(handle), name));
            return batch;
        } finally {
            umem.exit();
        }
    }

    /** Whether this is the one that {@link #receive()} returns. */
    boolean isBatch(PacketBatch other) {
        return batch == other;
    }

    /**
     * Takes a frame out of the batch. For {@link Umem}, while in there.
     *
     * @return its number, or -1 when as many are leased as can be
     */
    int lease(int index) {
        if (receiver != Thread.currentThread()) {
            throw new IllegalStateException("only the thread that received a batch leases from it");
        }
        int result = XskNative.lease(handle, index);
        switch (-result) {
            case EINVAL -> throw new IndexOutOfBoundsException("packet " + index + " of a batch of " + batch.size());
            case EALREADY -> throw new IllegalStateException("packet " + index + " is leased already");
            default -> {
                return Math.max(result, -1); // ENOBUFS
            }
        }
    }

    /** Waits for all sockets of the UMEM. */
    @Override
    public void await(int timeoutMs) throws KernelException {
        umem.enter();
        try {
            requireOpen();
            Errors.ioResult(XskNative.await(handle, timeoutMs), name);
        } finally {
            umem.exit();
        }
    }

    /**
     * {@return the kernel's own counters of this socket}
     *
     * @throws KernelException when the kernel refused
     * @throws IllegalStateException when closed
     */
    public synchronized XdpStatistics statistics() throws KernelException {
        requireOpen();
        long[] counters = new long[4];
        Errors.ioResult(XskNative.statistics(handle, counters), name);
        return new XdpStatistics(counters[0], counters[1], counters[2], counters[3]);
    }

    /**
     * {@return whether the driver writes straight into the UMEM, asked of the kernel: a bind that tries zero-copy falls
     * back without a word}
     *
     * @throws KernelException when the kernel refused
     */
    public synchronized boolean zeroCopy() throws KernelException {
        requireOpen();
        return Errors.ioResult(XskNative.zeroCopy(handle), name) == 1;
    }

    /**
     * {@return the NAPI instance that serves its queue, as the kernel knows it (SO_INCOMING_NAPI_ID); 0 when it knows
     * none, so that {@link XdpSocketOptions#busyPoll(int)} has no effect}
     *
     * <p>From Linux 6.13 on a socket gets it when it is bound, if the driver has told the kernel which NAPI serves the
     * queue (veth does not); before, with the first packet.
     *
     * @throws KernelException when the kernel refused
     */
    public synchronized int napiId() throws KernelException {
        requireOpen();
        return Errors.ioResult(XskNative.napiId(handle), name);
    }

    /**
     * {@return packets that wait in the RX ring at this moment; those of the batch last received are not among them}
     * For any thread.
     *
     * @throws IllegalStateException when closed
     */
    public synchronized int waiting() {
        requireOpen();
        return XskNative.waiting(handle);
    }

    /**
     * {@return the most packets that a {@link #receive()} has found in the RX ring since the socket was opened; where a
     * packet takes several frames, the most descriptors} So deep the ring had to be. For any thread.
     *
     * @throws IllegalStateException when closed
     */
    public synchronized int fullest() {
        requireOpen();
        return XskNative.fullest(handle);
    }

    /**
     * {@return the same since the last call of this} It begins anew. For any thread, but for one reader.
     *
     * @throws IllegalStateException when closed
     */
    public synchronized int takeFullest() {
        requireOpen();
        return XskNative.takeFullest(handle);
    }

    /**
     * {@return its file descriptor, to be handed over to another process ({@link io.xdp4j.process.Channel}, {@link
     * HandedSocket})} It stays this object's.
     *
     * @throws IllegalStateException when closed
     */
    public synchronized int descriptor() {
        requireOpen();
        return XskNative.fd(handle);
    }

    /** {@return the interface that it is bound to} */
    public String interfaceName() {
        return interfaceName;
    }

    /** {@return the queue that it is bound to} */
    public int queue() {
        return queue;
    }

    /** {@return descriptors of its RX ring} */
    public int rxRing() {
        return rxRing;
    }

    /** {@return the UMEM that it shares} */
    public Umem umem() {
        return umem;
    }

    /**
     * For {@link XdpProgram}.
     *
     * @param program to be told before this is closed
     * @param redirect takes the descriptor, which is open while it runs
     */
    synchronized void redirectHere(XdpProgram program, Redirect redirect) throws KernelException {
        requireOpen();
        redirect.to(XskNative.fd(handle));
        programs.removeIf(XdpProgram::isClosed); // which may come and go while this stays
        programs.add(program);
    }

    /** Tells the kernel to send packets to a socket. */
    interface Redirect {
        void to(int fd) throws KernelException;
    }

    /**
     * Closes: programs no longer redirect into it, and its frames go back to the UMEM. Takes some 25 ms.
     *
     * @throws IllegalStateException while another thread is receiving
     */
    @Override
    public void close() {
        if (isClosed()) {
            return;
        }
        umem.enter();
        try {
            // So that no packet comes behind the last look at the ring. Without this monitor: a program that redirects
            // into this socket holds its own and waits for this one.
            programsThatRedirectHere().forEach(program -> program.withdraw(this));
            closeNow();
        } finally {
            umem.exit();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private synchronized Set<XdpProgram> programsThatRedirectHere() {
        return Set.copyOf(programs);
    }

    private synchronized void closeNow() {
        if (!closed) {
            closed = true;
            ring.close();
            XskNative.close(handle);
            umem.closed(this);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException(name + " is closed");
        }
    }
}
