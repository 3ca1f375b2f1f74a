// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import io.xdp4j.jni.Errors;
import io.xdp4j.jni.FlowKey;
import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.NetdevNative;
import io.xdp4j.jni.UdpNative;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketSource;

/**
 * A flow received by an ordinary kernel socket from C, with the kernel's own arrival times: what AF_XDP is compared
 * with. It joins the flow's group on its interface, source-specifically when the flow has a source, and needs no
 * {@link Membership} beside it.
 *
 * <p>The kernel turns its timestamps on some time after the first socket asks for them; packets before that have the
 * time of the receive call.
 *
 * <p>Several sources may have the same group and port, in this process or others; each gets every packet.
 *
 * <p>Threads: see {@link PacketSource}; {@link #statistics()} may be called by any.
 */
public final class SocketSource implements UdpSource {
    /** How packets are taken from the kernel. */
    public enum Kind {
        /**
         * A raw socket, one {@code recvmsg} a packet. It sees all UDP packets of the group and sorts them by port and
         * source itself; packets start with the IP header (IPv4) or the UDP header (IPv6). Needs CAP_NET_RAW.
         */
        RAW,
        /** A UDP socket, one {@code recvmmsg} a batch; packets start with the payload. */
        RECVMMSG
    }

    /** Packets of a batch unless another size is asked for. */
    public static final int DEFAULT_BATCH = 64;

    /** Bytes of receive buffer asked for unless others are. */
    public static final int DEFAULT_RECEIVE_BUFFER_BYTES = 64 << 20;

    private final String name;
    private final Kind kind;
    private final int flowId;
    private final Slots slots; // C writes into them until close
    private final PacketBatch batch;
    private final long handle;
    private final ReceiveGuard guard;

    private SocketSource(
            Kind kind, String interfaceName, Flow flow, int flowId, int receiveBufferBytes, int batchSize)
            throws KernelException {
        this.name = (kind == Kind.RAW ? "raw socket for " : "UDP socket for ") + flow + " on " + interfaceName;
        this.kind = kind;
        this.flowId = flowId;
        this.slots = Slots.allocate((int) NetdevNative.find(interfaceName)[NetdevNative.MTU], batchSize);
        this.batch = new PacketBatch(slots.area(), slots.descriptors());
        this.guard = new ReceiveGuard(name);
        this.handle = UdpNative.open(
                kind.ordinal(),
                interfaceName,
                FlowKey.of(flow),
                flowId,
                receiveBufferBytes,
                slots.area(),
                slots.slotBytes(),
                slots.descriptors());
    }

    /**
     * Opens with the default receive buffer and batch size.
     *
     * @param kind how it is to take packets from the kernel
     * @param interfaceName for example {@code eth1}
     * @param flow what to receive
     * @param flowId what {@link PacketBatch#flow(int)} says
     * @return the source, to be closed by the caller
     * @throws KernelException as that one
     * @see #open(Kind, String, Flow, int, int, int)
     */
    public static SocketSource open(Kind kind, String interfaceName, Flow flow, int flowId) throws KernelException {
        return open(kind, interfaceName, flow, flowId, DEFAULT_RECEIVE_BUFFER_BYTES, DEFAULT_BATCH);
    }

    /**
     * Opens, joins, and from then on receives.
     *
     * @param kind how it is to take packets from the kernel
     * @param interfaceName for example {@code eth1}
     * @param flow what to receive
     * @param flowId what {@link PacketBatch#flow(int)} says
     * @param receiveBufferBytes what to ask for. Without CAP_NET_ADMIN the kernel grants at most {@code
     *     net.core.rmem_max}; {@link #statistics()} tells what it was
     * @param batchSize packets a {@link #receive()} brings at most
     * @return the source, to be closed by the caller
     * @throws KernelException ENODEV (no such interface), EPERM (raw), EADDRINUSE (another socket does not share the
     *     port), ENOBUFS (too many memberships)
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static SocketSource open(
            Kind kind, String interfaceName, Flow flow, int flowId, int receiveBufferBytes, int batchSize)
            throws KernelException {
        NativeLibrary.require();
        return new SocketSource(kind, interfaceName, flow, flowId, receiveBufferBytes, batchSize);
    }

    /** {@return how it takes packets from the kernel} */
    public Kind kind() {
        return kind;
    }

    @Override
    public int flowId() {
        return flowId;
    }

    @Override
    public PacketBatch receive() throws KernelException {
        guard.enter();
        try {
            batch.size(0);
            batch.size(Errors.ioResult(UdpNative.receive(handle), name));
            return batch;
        } finally {
            guard.exit();
        }
    }

    @Override
    public void await(int timeoutMs) throws KernelException {
        guard.enter();
        try {
            Errors.ioResult(UdpNative.await(handle, timeoutMs), name);
        } finally {
            guard.exit();
        }
    }

    /**
     * Asks the kernel; not for the hot path.
     *
     * @throws KernelException when the kernel refused
     * @throws IllegalStateException when the source is closed
     */
    @Override
    public synchronized SocketStatistics statistics() throws KernelException {
        guard.requireOpen();
        long[] counters = new long[6];
        Errors.ioResult(UdpNative.statistics(handle, counters), name);
        int kept = Errors.ioResult(UdpNative.receiveBuffer(handle), name);
        return new SocketStatistics(
                kept / 2, counters[0], counters[1], counters[2], counters[3], counters[4], counters[5]);
    }

    @Override
    public void close() {
        if (guard.close()) {
            synchronized (this) { // nobody is reading the statistics
                UdpNative.close(handle);
            }
        }
    }
}
