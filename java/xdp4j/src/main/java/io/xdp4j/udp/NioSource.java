// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketSource;
import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A flow received by a {@link DatagramChannel}, without any native code of ours: what Java itself can do. One receive
 * call a packet, up to a batch. It joins the flow's group on its interface, source-specifically when the flow has a
 * source, and needs no {@link Membership} beside it.
 *
 * <p>What Java keeps back: the kernel's arrival time ({@link PacketBatch#arrivalNs(int)} is the time of the receive
 * call), a receive buffer beyond {@code net.core.rmem_max}, and the interface that a packet came by: an IPv6 group
 * joined by somebody on another interface as well is received from both.
 *
 * <p>Allocation: none per packet while one sender sends. The channel keeps the address object of the last sender and
 * makes a new one (120 bytes on JDK 17) whenever the next packet is from another; there is no call that leaves it out.
 *
 * <p>Threads: see {@link PacketSource}; {@link #statistics()} may be called by any.
 */
public final class NioSource implements UdpSource {
    private static final int EIO = 5;
    private static final Consumer<SelectionKey> READABLE = key -> {};

    private final String name;
    private final Flow flow;
    private final int flowId;
    private final Slots slots;
    private final ByteBuffer packets;
    private final PacketBatch batch;
    private final DatagramChannel channel;
    private final Selector selector;
    private final OptionalLong inode;
    private final ReceiveGuard guard;
    private volatile long truncated; // written by the receiving thread alone
    private long drops; // as of the last statistics

    private NioSource(
            NetworkInterface networkInterface,
            Flow flow,
            int flowId,
            int receiveBufferBytes,
            int batchSize,
            DatagramChannel channel,
            Selector selector)
            throws IOException {
        this.name = "DatagramChannel for " + flow + " on " + networkInterface.getName();
        this.flow = flow;
        this.flowId = flowId;
        this.slots = Slots.allocate(networkInterface.getMTU(), batchSize);
        this.packets = slots.area().duplicate();
        this.batch = new PacketBatch(slots.area(), slots.descriptors());
        this.guard = new ReceiveGuard(name);
        this.channel = channel;
        this.selector = selector;
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBufferBytes);
        this.inode = bind(channel, networkInterface, flow);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        JavaMulticast.join(channel, networkInterface, flow);
    }

    /**
     * Opens with the defaults of {@link SocketSource}.
     *
     * @param interfaceName for example {@code eth1}
     * @param flow what to receive
     * @param flowId what {@link PacketBatch#flow(int)} says
     * @return the source, to be closed by the caller
     * @throws IOException as that one
     * @see #open(String, Flow, int, int, int)
     */
    public static NioSource open(String interfaceName, Flow flow, int flowId) throws IOException {
        return open(
                interfaceName, flow, flowId, SocketSource.DEFAULT_RECEIVE_BUFFER_BYTES, SocketSource.DEFAULT_BATCH);
    }

    /**
     * Opens, joins, and from then on receives.
     *
     * @param interfaceName for example {@code eth1}; it must have an address of the flow's family, by which Java names
     *     it to the kernel
     * @param flow what to receive
     * @param flowId what {@link PacketBatch#flow(int)} says
     * @param receiveBufferBytes what to ask for; {@link #statistics()} tells what the kernel granted
     * @param batchSize packets a {@link #receive()} brings at most
     * @return the source, to be closed by the caller
     * @throws KernelException ENODEV when there is no such interface
     * @throws IOException when the kernel refused; the message names the remedy
     */
    public static NioSource open(
            String interfaceName, Flow flow, int flowId, int receiveBufferBytes, int batchSize) throws IOException {
        NetworkInterface networkInterface = JavaMulticast.interfaceNamed(interfaceName);
        DatagramChannel channel = JavaMulticast.openChannel(flow);
        Selector selector = null;
        try {
            selector = Selector.open();
            return new NioSource(networkInterface, flow, flowId, receiveBufferBytes, batchSize, channel, selector);
        } catch (IOException | RuntimeException e) {
            if (selector != null) {
                selector.close();
            }
            channel.close();
            throw e;
        }
    }

    /** One at a time, so that the socket that is new in the kernel's table is this one. Returns its inode. */
    private static synchronized OptionalLong bind(DatagramChannel channel, NetworkInterface networkInterface, Flow flow)
            throws IOException {
        Set<Long> before = ProcNetUdp.inodes(flow);
        try {
            channel.bind(new InetSocketAddress(scoped(flow.group(), networkInterface), flow.port()));
        } catch (BindException e) {
            throw new IOException(
                    "bind to " + flow.group().getHostAddress() + " port " + flow.port() + ": " + e.getMessage()
                            + ": `ss -ulnp` lists who has it",
                    e);
        }
        Set<Long> added = ProcNetUdp.inodes(flow);
        added.removeAll(before);
        return added.size() == 1 ? OptionalLong.of(added.iterator().next()) : OptionalLong.empty();
    }

    /** A link-local group (ff02::/16) needs its link; to others a scope means nothing (RFC 4007). */
    private static InetAddress scoped(InetAddress group, NetworkInterface networkInterface) throws IOException {
        return group instanceof Inet6Address
                ? Inet6Address.getByAddress(null, group.getAddress(), networkInterface.getIndex())
                : group;
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
            int received = 0;
            while (received < batch.capacity() && receiveInto(received)) {
                received++;
            }
            batch.size(received);
            return batch;
        } catch (IOException e) {
            throw failure(e);
        } finally {
            guard.exit();
        }
    }

    private boolean receiveInto(int index) throws IOException {
        int packet = index * slots.slotBytes() + Slots.HEADROOM_BYTES;
        packets.limit(packet + slots.mtuBytes() + 1).position(packet);
        if (channel.receive(packets) == null) {
            return false;
        }
        long arrivalNs = System.nanoTime();
        int length = packets.position() - packet;
        if (length > slots.mtuBytes()) {
            length = slots.mtuBytes();
            truncated = truncated + 1;
        }
        batch.describe(index, packet, length, flowId, 0, length, arrivalNs);
        return true;
    }

    @Override
    public void await(int timeoutMs) throws KernelException {
        guard.enter();
        try {
            if (timeoutMs > 0) {
                selector.select(READABLE, timeoutMs);
            } else {
                selector.selectNow(READABLE);
            }
        } catch (IOException e) {
            throw failure(e);
        } finally {
            guard.exit();
        }
    }

    private KernelException failure(IOException cause) {
        KernelException failure = new KernelException(EIO, name + ": " + cause.getMessage());
        failure.initCause(cause);
        return failure;
    }

    /**
     * Asks the kernel; not for the hot path. The drops are those of {@code /proc/net/udp}.
     *
     * @throws IllegalStateException when the source is closed
     */
    @Override
    public synchronized SocketStatistics statistics() throws IOException {
        guard.requireOpen();
        OptionalLong counter = inode.isPresent() ? ProcNetUdp.drops(flow, inode.getAsLong()) : inode;
        if (counter.isPresent()) {
            drops += Integer.toUnsignedLong((int) counter.getAsLong() - (int) drops); // 32 bits that wrap
        }
        int granted = channel.getOption(StandardSocketOptions.SO_RCVBUF);
        return new SocketStatistics(granted, counter.isPresent() ? drops : -1, truncated, 0, 0, -1, -1);
    }

    @Override
    public void close() throws IOException {
        if (guard.close()) {
            synchronized (this) { // nobody is reading the statistics
                selector.close();
                channel.close();
            }
        }
    }
}
