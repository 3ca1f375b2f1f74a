// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.Errors;
import io.xdp4j.jni.FlowKey;
import io.xdp4j.jni.SteerNative;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

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
    /** What holds the program on its interface. The order is that of C's enum xdp4j_attachment. */
    public enum Attachment {
        /** A bpf_link: no other XDP program can be there, and the kernel detaches when this process ends. */
        LINK,
        /**
         * The dispatcher of libxdp, which runs several programs in turn: what this one passes goes on to the next. It
         * stays when this process is killed: {@link XdpProgram#detachFromDispatcher} is for the one that cleans up.
         * Needs a bpffs, CAP_SYS_ADMIN and CAP_PERFMON.
         */
        DISPATCHER
    }

    private final long handle;
    private final int queues;
    private final Set<String> socketInterfaces = new HashSet<>();
    private final Map<Integer, List<XdpSocket>> sockets = new HashMap<>(); // by flow
    private String attachedTo; // null while it is not
    private Mode mode; // of the latest attachment; null before the first
    private String fallback;
    private int flows;
    private boolean closed;

    private XdpProgram(long handle, int queues) {
        this.handle = handle;
        this.queues = queues;
    }

    /**
     * Loads the program; attaches nothing yet.
     *
     * @param flows how many flows it can steer at most
     * @param queues how many queues of the interface it serves
     * @throws KernelException EINVAL (fewer than 1 flow or queue, more than 16,384 flows, or too many of both), EPERM
     *     (needs CAP_BPF and CAP_NET_ADMIN), or a kernel that is too old
     * @throws UnsupportedOperationException when AF_XDP is not available
     */
    public static XdpProgram load(int flows, int queues) throws KernelException {
        Xdp.require();
        return new XdpProgram(SteerNative.load(flows, queues), queues);
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
     * @return the mode in force, {@link Mode#NATIVE} or {@link Mode#GENERIC}
     * @throws KernelException EBUSY when another program is attached (with {@link Attachment#DISPATCHER}: one that is
     *     in no dispatcher), E2BIG (the dispatcher is full), ENODEV, EPERM, EOPNOTSUPP (also where no dispatcher can be
     *     had; the message says why), ERANGE (MTU)
     * @throws IllegalArgumentException when a flow is redirected into a socket on another interface
     */
    public synchronized Mode attach(String interfaceName, Mode wanted, Attachment attachment) throws KernelException {
        requireOpen();
        Objects.requireNonNull(interfaceName, "interfaceName");
        for (String other : socketInterfaces) {
            requireSame(interfaceName, other);
        }
        String[] reason = new String[1];
        mode = Mode.of(SteerNative.attach(
                handle, interfaceName, wanted.ordinal(), attachment.ordinal(), reason));
        fallback = reason[0];
        attachedTo = interfaceName;
        return mode;
    }

    /**
     * The mode in which it is attached, {@link Mode#NATIVE} or {@link Mode#GENERIC}, or was last; empty before the
     * first time.
     */
    public synchronized Optional<Mode> mode() {
        return Optional.ofNullable(mode);
    }

    /** Why native mode was refused, when {@link Mode#AUTO} fell back to generic. */
    public Optional<String> fallbackReason() {
        return Optional.ofNullable(fallback);
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
            throw new UncheckedIOException(new KernelException(
                    -result, "taking the XDP program out of the dispatcher on " + attachedTo + ": errno " + -result));
        }
        attachedTo = null;
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
     * @return its id, from 0 in the order of adding: {@link io.xdp4j.packet.PacketBatch#flow(int)}
     * @throws KernelException EEXIST when the flow is there already, EINVAL when there are too many
     */
    public synchronized int add(Flow flow) throws KernelException {
        requireOpen();
        SteerNative.addFlow(handle, FlowKey.of(flow), flows);
        return flows++;
    }

    /**
     * Sends the packets of a flow that arrive on the socket's queue into the socket. Several flows may share a socket;
     * a flow may have a socket on each queue. When the socket is closed they pass to the stack again. A packet that is
     * longer than the socket's frames less {@link Umem#HEADROOM} passes to the stack.
     *
     * @param flow the id that {@link #add} gave
     * @throws KernelException when the kernel refused
     * @throws IllegalArgumentException when the program is attached to another interface: the kernel would drop the
     *     packets and count them nowhere
     */
    public synchronized void redirect(int flow, XdpSocket socket) throws KernelException {
        requireOpen();
        requireFlow(flow);
        if (attachedTo != null) {
            requireSame(attachedTo, socket.interfaceName());
        }
        socket.redirectHere(
                fd -> SteerNative.setSocket(handle, flow, socket.queue(), fd, longest(socket)),
                () -> clear(flow, socket));
        socketInterfaces.add(socket.interfaceName());
        List<XdpSocket> ofFlow = sockets.computeIfAbsent(flow, none -> new ArrayList<>());
        ofFlow.removeIf(other -> other.queue() == socket.queue()); // whose slot it takes
        ofFlow.add(socket);
    }

    /** The kernel drops a packet that is longer, with copies and without. */
    private static int longest(XdpSocket socket) {
        return socket.umem().frameSize() - Umem.HEADROOM;
    }

    private synchronized void clear(int flow, XdpSocket socket) {
        // A socket that took its slot meanwhile keeps it.
        if (!closed && sockets.get(flow).remove(socket)) {
            SteerNative.clearSocket(handle, flow, socket.queue());
        }
    }

    /** How many flows have been added. */
    public synchronized int flowCount() {
        return flows;
    }

    /**
     * The sockets that a flow is redirected into, one a queue at most.
     *
     * @param flow the id that {@link #add} gave
     */
    public synchronized List<XdpSocket> sockets(int flow) {
        requireFlow(flow);
        return List.copyOf(sockets.getOrDefault(flow, List.of()));
    }

    private static void requireSame(String program, String socket) {
        if (!program.equals(socket)) {
            throw new IllegalArgumentException("the program is for " + program + " and the socket is on " + socket
                    + ": a packet is redirected within an interface only");
        }
    }

    private void requireFlow(int flow) {
        if (flow < 0 || flow >= flows) {
            throw new IllegalArgumentException("there is no flow " + flow + ": " + flows + " were added");
        }
    }

    /**
     * Adds a flow and sends it into the socket.
     *
     * @return its id
     * @throws KernelException see {@link #add} and {@link #redirect(int, XdpSocket)}
     */
    public synchronized int redirect(Flow flow, XdpSocket socket) throws KernelException {
        int id = add(flow);
        redirect(id, socket);
        return id;
    }

    /**
     * What has been counted for a flow.
     *
     * @param flow the id that {@link #add} gave
     * @throws KernelException when the kernel refused
     * @throws IllegalArgumentException when there is no such flow
     */
    public synchronized FlowCounters counters(int flow) throws KernelException {
        requireOpen();
        requireFlow(flow);
        long[] counters = new long[12];
        Errors.ioResult(SteerNative.flowCounters(handle, flow, counters), "counters of flow " + flow);
        return new FlowCounters(
                counters[0],
                counters[1],
                counters[2],
                counters[3],
                counters[4],
                counters[5],
                counters[6],
                counters[7],
                counters[8],
                counters[9],
                counters[10],
                counters[11]);
    }

    /**
     * On which queues the packets arrived that {@link FlowCounters#noSocket} counts. Those of queues beyond the ones
     * that the program was loaded for are left out.
     *
     * @param flow the id that {@link #add} gave
     * @return packets by queue, an element for each queue that the program was loaded for
     * @throws KernelException when the kernel refused
     * @throws IllegalArgumentException when there is no such flow
     */
    public synchronized long[] arrivedWithoutSocket(int flow) throws KernelException {
        requireOpen();
        requireFlow(flow);
        long[] perQueue = new long[queues];
        Errors.ioResult(SteerNative.strays(handle, flow, perQueue), "strays of flow " + flow);
        return perQueue;
    }

    /**
     * What has been counted for all packets.
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
     * The number by which {@code bpftool prog} names the program. It is another one while the program is attached by
     * {@link Attachment#DISPATCHER}, which runs a copy.
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
            mode = null;
            SteerNative.close(handle);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the XDP program is closed");
        }
    }
}
