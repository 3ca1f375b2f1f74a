// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.Errors;
import io.xdp4j.jni.FlowKey;
import io.xdp4j.jni.SteerNative;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The XDP program that redirects flows into AF_XDP sockets and passes everything else to the kernel's stack: {@code
 * bpf/steer.bpf.c}.
 *
 * <p>It is attached by a bpf_link, which the kernel takes away when this process ends, however it ends; or, when asked,
 * beside other XDP programs ({@link Attachment#DISPATCHER}). It fails open: a packet of no flow, or of a flow without a
 * socket on the queue it arrives on, takes its ordinary way.
 *
 * <p>Threads: any thread may call anything; calls wait for each other.
 */
public final class XdpProgram implements AutoCloseable {
    private final long handle;
    private final int queues;
    private final FlowTable flows;
    private final ProgramMode mode = new ProgramMode();
    private volatile boolean closed; // changed under the monitor

    private XdpProgram(long handle, int flows, int queues) {
        this.handle = handle;
        this.flows = new FlowTable(flows);
        this.queues = queues;
    }

    /**
     * Loads the program for packets of one buffer; attaches nothing yet.
     *
     * @param flows how many flows it can steer at most
     * @param queues how many queues of the interface it serves: {@link NetDevice#rxQueues()}
     * @return the program, to be closed by the caller
     * @throws KernelException see {@link #load(int, int, boolean)}
     */
    public static XdpProgram load(int flows, int queues) throws KernelException {
        return load(flows, queues, false);
    }

    /**
     * Loads the program; attaches nothing yet.
     *
     * @param flows how many flows it can steer at most
     * @param queues how many queues of the interface it serves
     * @param multiBuffer whether the kernel may show it packets of several buffers: {@link Umem#multiBuffer()}. Without
     *     that a driver refuses it on an interface whose MTU is larger than a buffer of the driver, mostly some 3,500
     * @return the program, to be closed by the caller
     * @throws KernelException EINVAL (fewer than 1 flow or queue, more than 16,384 flows, or too many of both), EPERM
     *     (needs CAP_BPF and CAP_NET_ADMIN), or a kernel that is too old
     * @throws UnsupportedOperationException when AF_XDP is not available
     */
    public static XdpProgram load(int flows, int queues, boolean multiBuffer) throws KernelException {
        Xdp.require();
        return new XdpProgram(SteerNative.load(flows, queues, multiBuffer), flows, queues);
    }

    /**
     * Attaches to an interface by a {@linkplain Attachment#LINK link}: from now on flows are redirected.
     *
     * @param interfaceName for example {@code eth1}
     * @param wanted {@link Mode#AUTO} tries native mode and falls back to generic; the others are as they say
     * @return the mode in force, {@link Mode#NATIVE} or {@link Mode#GENERIC}
     * @throws KernelException EBUSY when another program is attached, ENODEV, EPERM, EOPNOTSUPP, ERANGE (MTU)
     * @throws IllegalArgumentException when a flow is redirected into a socket on another interface
     */
    public synchronized Mode attach(String interfaceName, Mode wanted) throws KernelException {
        return attach(interfaceName, wanted, Attachment.LINK);
    }

    /**
     * Attaches to an interface: from now on flows are redirected.
     *
     * @param interfaceName for example {@code eth1}
     * @param wanted {@link Mode#AUTO} tries native mode and falls back to generic; the others are as they say. A
     *     dispatcher that is there already has its mode, and AUTO takes it
     * @param attachment alone, or beside other programs
     * @return the mode in force, {@link Mode#NATIVE} or {@link Mode#GENERIC}
     * @throws KernelException EBUSY when another program is attached (with {@link Attachment#DISPATCHER}: one that is
     *     in no dispatcher), E2BIG (the dispatcher is full), ENODEV, EPERM, EOPNOTSUPP (also where no dispatcher can be
     *     had; the message says why), ERANGE (MTU)
     * @throws IllegalArgumentException when a flow is redirected into a socket on another interface
     */
    public synchronized Mode attach(String interfaceName, Mode wanted, Attachment attachment) throws KernelException {
        requireOpen();
        Objects.requireNonNull(interfaceName, "interfaceName");
        flows.requireOn(interfaceName);
        String[] reason = new String[1];
        try {
            int attached = SteerNative.attach(handle, interfaceName, wanted.ordinal(), attachment.ordinal(), reason);
            Mode inForce = Mode.of(attached);
            mode.attached(interfaceName, wanted, inForce, reason[0]);
            return inForce;
        } catch (KernelException e) {
            mode.refused(interfaceName, wanted, e.getMessage());
            throw e;
        }
    }

    /** {@return the mode in force, {@link Mode#NATIVE} or {@link Mode#GENERIC}, or the latest; empty before any} */
    public synchronized Optional<Mode> mode() {
        return closed ? Optional.empty() : mode.mode();
    }

    /** {@return why native mode was refused, when {@link Mode#AUTO} fell back to generic} */
    public synchronized Optional<String> fallbackReason() {
        return mode.fallback();
    }

    /**
     * Detaches; when it returns, nothing is redirected any more. Does nothing when not attached.
     *
     * @throws UncheckedIOException when libxdp could not take it out of the dispatcher; it is attached still
     */
    public synchronized void detach() {
        requireOpen();
        int result = SteerNative.detach(handle);
        if (result < 0) {
            String what = "taking the XDP program out of the dispatcher on " + mode.interfaceName();
            throw new UncheckedIOException(new KernelException(-result, what + ": errno " + -result));
        }
        mode.detached();
    }

    /**
     * Takes a program that was attached by {@link Attachment#DISPATCHER} off its interface, after its process was
     * killed. Other programs stay; with the last one the dispatcher goes.
     *
     * @param interfaceName where it is attached
     * @param programId what {@link #programId} was while it was attached
     * @throws KernelException ENOENT when it is not there (any more), ENODEV, EPERM
     * @throws UnsupportedOperationException when AF_XDP is not available
     */
    public static void detachFromDispatcher(String interfaceName, int programId) throws KernelException {
        Xdp.require();
        SteerNative.detachFromDispatcher(Objects.requireNonNull(interfaceName, "interfaceName"), programId);
    }

    /**
     * Makes known which packets are the flow. They pass to the stack until {@link #redirect} names a socket.
     *
     * @param flow a flow that names a source goes before one on the same group and port that takes any
     * @return its id, see {@link #prepare}
     * @throws KernelException EEXIST when the flow is there already, EINVAL when there are too many
     */
    public synchronized int add(Flow flow) throws KernelException {
        int id = prepare(flow);
        try {
            admit(id);
            return id;
        } catch (KernelException | RuntimeException e) {
            remove(id);
            throw e;
        }
    }

    /**
     * Gives a flow an id, under which it can be redirected; its packets go their old way until {@link #admit}. So
     * everything can be ready, a {@link io.xdp4j.ledger.LossLedger} as well, before the first packet is counted.
     *
     * @param flow group, port and source
     * @return its id, with all counters at 0: {@link io.xdp4j.packet.PacketBatch#flow(int)}. From 0 on in the order of
     *     adding; when the program is full, ids of removed flows are given again
     * @throws KernelException EEXIST when the flow is there already, EINVAL when there are too many
     */
    public synchronized int prepare(Flow flow) throws KernelException {
        requireOpen();
        Objects.requireNonNull(flow, "flow");
        int id = flows.idFor(flow);
        Errors.ioResult(SteerNative.resetFlow(handle, id), "counters of flow " + id);
        flows.add(id, flow);
        return id;
    }

    /**
     * Packets of a prepared flow are the flow's from now on.
     *
     * @param flow the id that {@link #prepare} gave
     * @throws KernelException when the kernel refused
     */
    public synchronized void admit(int flow) throws KernelException {
        requireOpen();
        FlowTable.Entry steered = flows.require(flow);
        if (steered.admitted) {
            throw new IllegalStateException("flow " + flow + ", " + steered.flow + ", has been admitted already");
        }
        SteerNative.addFlow(handle, FlowKey.of(steered.flow), flow);
        steered.admitted = true;
    }

    /**
     * Ends a flow while others go on: when it returns, no packet is counted or redirected as this flow's any more. What
     * was redirected before is still in the sockets. The counters can be read until {@link #prepare} gives the id to
     * another flow, which it does to the one removed longest ago.
     *
     * @param flow its id
     * @throws KernelException when the kernel refused
     */
    public synchronized void remove(int flow) throws KernelException {
        requireOpen();
        FlowTable.Entry steered = flows.require(flow);
        if (steered.admitted) {
            Errors.ioResult(SteerNative.removeFlow(handle, FlowKey.of(steered.flow), flow), "flow " + steered.flow);
        }
        for (int queue : steered.slots.keySet()) {
            SteerNative.clearSocket(handle, flow, queue);
        }
        flows.remove(flow);
    }

    /**
     * Sends the packets of a flow that arrive on the socket's queue into the socket. Several flows may share a socket;
     * a flow may have a socket on each queue. When the socket is closed they pass to the stack again. A packet that is
     * longer than {@link Umem#longestPacket()} passes to the stack.
     *
     * @param flow its id
     * @param socket open, on the interface that the program is or will be attached to
     * @throws KernelException when the kernel refused
     * @throws IllegalArgumentException when the program is attached to another interface: the kernel would drop the
     *     packets and count them nowhere
     */
    public synchronized void redirect(int flow, XdpSocket socket) throws KernelException {
        requireOpen();
        FlowTable.Entry steered = flows.require(flow);
        FlowTable.requireSame(mode.interfaceName(), socket.interfaceName());
        int longest = socket.umem().longestPacket();
        socket.redirectHere(this, fd -> SteerNative.setSocket(handle, flow, socket.queue(), fd, longest));
        steered.put(socket.queue(), socket, socket.interfaceName());
    }

    /**
     * Sends the packets of a flow that arrive on a queue into a socket that another process receives from. As {@link
     * #redirect(int, XdpSocket)}, but the socket's end is not noticed: {@link #withdraw} it.
     *
     * @param flow its id
     * @param socket open, on the interface that the program is or will be attached to
     * @throws KernelException when the kernel refused
     * @throws IllegalArgumentException when the program is attached to another interface
     */
    public synchronized void redirect(int flow, HandedSocket socket) throws KernelException {
        requireOpen();
        FlowTable.Entry steered = flows.require(flow);
        FlowTable.requireSame(mode.interfaceName(), socket.interfaceName());
        socket.redirectHere(fd -> SteerNative.setSocket(handle, flow, socket.queue(), fd, socket.longestPacket()));
        steered.put(socket.queue(), socket, socket.interfaceName());
    }

    /**
     * When it returns, nothing is redirected into the socket any more: its packets pass to the stack.
     *
     * @param socket open, on the interface that the program is or will be attached to
     */
    public void withdraw(HandedSocket socket) {
        clearSlotsOf(socket);
    }

    /** When it returns, nothing is redirected into the socket any more. */
    void withdraw(XdpSocket socket) {
        clearSlotsOf(socket);
    }

    private synchronized void clearSlotsOf(Object socket) {
        if (closed) {
            return;
        }
        boolean any = false;
        for (FlowTable.Entry flow : flows.all()) {
            for (int queue : flow.removeSlotsOf(socket)) {
                SteerNative.clearSocket(handle, flow.id, queue);
                any = true;
            }
        }
        if (any) {
            SteerNative.synchronize();
        }
    }

    /** {@return how many flows there are now} */
    public synchronized int flowCount() {
        return flows.size();
    }

    /**
     * {@return the sockets of this process that a flow is redirected into, one a queue at most}
     *
     * @param flow its id
     */
    public synchronized List<XdpSocket> sockets(int flow) {
        return flows.require(flow).sockets();
    }

    /**
     * Adds a flow and sends it into the socket.
     *
     * @param flow group, port and source
     * @param socket open, on the interface that the program is or will be attached to
     * @return its id
     * @throws KernelException see {@link #add} and {@link #redirect(int, XdpSocket)}
     */
    public synchronized int redirect(Flow flow, XdpSocket socket) throws KernelException {
        int id = prepare(flow);
        try {
            redirect(id, socket);
            admit(id);
            return id;
        } catch (KernelException | RuntimeException e) {
            remove(id);
            throw e;
        }
    }

    /**
     * {@return what has been counted for a flow}
     *
     * @param flow its id
     * @throws KernelException when the kernel refused
     * @throws IllegalArgumentException when there is no such flow
     */
    public synchronized FlowCounters counters(int flow) throws KernelException {
        requireOpen();
        flows.requireGiven(flow);
        long[] counters = new long[FlowCounters.FIELDS];
        Errors.ioResult(SteerNative.flowCounters(handle, flow, counters), "counters of flow " + flow);
        return FlowCounters.of(counters);
    }

    /**
     * On which queues the packets arrived that {@link FlowCounters#noSocket} counts. Those of queues beyond the ones
     * that the program was loaded for are left out.
     *
     * @param flow its id
     * @return packets by queue, an element for each queue that the program was loaded for
     * @throws KernelException when the kernel refused
     * @throws IllegalArgumentException when there is no such flow
     */
    public synchronized long[] arrivedWithoutSocket(int flow) throws KernelException {
        requireOpen();
        flows.requireGiven(flow);
        long[] perQueue = new long[queues];
        Errors.ioResult(SteerNative.strays(handle, flow, perQueue), "strays of flow " + flow);
        return perQueue;
    }

    /**
     * {@return what has been counted for all packets}
     *
     * @throws KernelException when the kernel refused
     */
    public synchronized ProgramCounters counters() throws KernelException {
        requireOpen();
        long[] counters = new long[3];
        Errors.ioResult(SteerNative.programCounters(handle, counters), "counters of the XDP program");
        return new ProgramCounters(counters[0], counters[1], counters[2]);
    }

    /**
     * {@return the number by which {@code bpftool prog} names the program} It is another one while the program is
     * attached by {@link Attachment#DISPATCHER}, which runs a copy.
     *
     * @throws KernelException when the kernel refused
     */
    public synchronized int programId() throws KernelException {
        requireOpen();
        return Errors.ioResult(SteerNative.programId(handle), "id of the XDP program");
    }

    /** The number by which the kernel's tracepoints name the map that redirects go through. */
    synchronized int socketsId() throws KernelException {
        requireOpen();
        return Errors.ioResult(SteerNative.socketsId(handle), "id of the map of sockets");
    }

    /** Detaches and unloads; the second time does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            SteerNative.close(handle);
            mode.detached();
        }
    }

    boolean isClosed() {
        return closed;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the XDP program is closed");
        }
    }
}
