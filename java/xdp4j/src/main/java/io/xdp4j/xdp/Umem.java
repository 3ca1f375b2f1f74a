// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.UmemNative;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketBatch;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The frames of one queue: memory registered with the kernel, a pool of free frames, and the fill ring by which frames
 * go to the kernel. All sockets that are opened on it share the three.
 *
 * <p>The memory is made by C, on huge pages where the system has set some aside. It goes back to the system on close;
 * a buffer that was kept for longer then reads zeros.
 *
 * <p>The first socket binds it to a queue, which it holds until it is closed itself.
 *
 * <p>A packet is gone when the receiver comes again, unless it was leased: {@link #lease}. Frames that can be leased
 * come on top of those for the fill ring, so that it can always be filled, whoever keeps them for however long.
 *
 * <p>Threads: one thread receives on all sockets of a UMEM, and leases. A second one in there, or a close meanwhile,
 * gets an {@link IllegalStateException}. Any thread may {@link #release}.
 */
public final class Umem implements AutoCloseable {
    /** Bytes of a frame unless another size is asked for; 256 of them are headroom. */
    public static final int DEFAULT_FRAME_SIZE = 2048;

    /** Descriptors of a ring unless another depth is asked for: 63 ms of packets at 520,000 packets a second. */
    public static final int DEFAULT_RING = 32_768;

    /** What the kernel keeps free in front of every packet (XDP_PACKET_HEADROOM). */
    public static final int HEADROOM = 256;

    /**
     * Bytes of the longest packet that a UMEM can be made for: what the length field of IP allows, an Ethernet header
     * and two VLAN tags.
     */
    public static final int LONGEST_PACKET = 65_535 + 14 + 8;

    /** What {@link #lease} returns while as many frames are leased as can be. */
    public static final long NO_LEASE = -1;

    private static final Cleaner CLEANER = Cleaner.create();

    private static final int IDLE = 0;
    private static final int RECEIVING = 1;
    private static final int CLOSED = 2;

    private final long handle;
    private final ByteBuffer area;
    private final UmemOptions options;
    private final boolean hugePages;
    private final Optional<String> hugePageRefusal;
    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final List<XdpSocket> sockets = new ArrayList<>(); // changed and read while in here
    private final Leases leases;

    private Umem(long handle, UmemOptions options) {
        this.handle = handle;
        this.area = UmemNative.area(handle);
        this.options = options;
        this.leases = new Leases(options.leases() == 0 ? 0 : options.frames());
        this.hugePages = UmemNative.hugePages(handle);
        this.hugePageRefusal = Optional.ofNullable(UmemNative.hugePageRefusal(handle));
        unmapWhenUnreachable(area, UmemNative.address(handle));
    }

    /** Static, so that the cleaning action cannot hold what it waits for. */
    private static void unmapWhenUnreachable(ByteBuffer area, long address) {
        long bytes = area.capacity();
        CLEANER.register(area, () -> UmemNative.unmap(address, bytes));
    }

    /**
     * As many frames as a fill ring of the default depth takes: 64 MiB.
     *
     * @return the UMEM, to be closed by the caller behind its sockets
     * @throws KernelException see {@link #open(UmemOptions)}
     */
    public static Umem open() throws KernelException {
        return open(UmemOptions.DEFAULT);
    }

    /**
     * Opens with {@link UmemOptions#DEFAULT} but for these.
     *
     * @param frameSize bytes of a frame: 2,048 or 4,096
     * @param frames how many; at least {@code fillRing}
     * @param fillRing descriptors, a power of two: the packets that can arrive while nobody receives
     * @return the UMEM, to be closed by the caller behind its sockets
     * @throws KernelException see {@link #open(UmemOptions)}
     * @throws UnsupportedOperationException when AF_XDP is not available
     */
    public static Umem open(int frameSize, int frames, int fillRing) throws KernelException {
        return open(UmemOptions.DEFAULT.frameSize(frameSize).fillRing(fillRing).frames(frames));
    }

    /**
     * Makes and registers the memory and fills the fill ring.
     *
     * @param options frames, rings and where the memory is to be
     * @return the UMEM, to be closed by the caller behind its sockets
     * @throws KernelException EINVAL (also when frames and long packets take more than 2 GiB, or there is no such NUMA
     *     node), EPERM (needs CAP_NET_RAW), ENOBUFS (needs memory that may be locked)
     * @throws UnsupportedOperationException when AF_XDP is not available
     */
    public static Umem open(UmemOptions options) throws KernelException {
        Xdp.require();
        long handle = UmemNative.open(
                options.frameSize(),
                options.frames(),
                options.fillRing(),
                options.longestPacket(),
                options.longPackets(),
                options.numaNode(),
                options.leases());
        return new Umem(handle, options);
    }

    /**
     * {@return the frames, and behind them the room for long packets, mapped once; packets are read from it through
     * {@link io.xdp4j.packet.PacketBatch}}
     */
    public ByteBuffer area() {
        return area;
    }

    /** {@return bytes of a frame} */
    public int frameSize() {
        return options.frameSize();
    }

    /** {@return how many frames there are} */
    public int frames() {
        return options.frames();
    }

    /** {@return descriptors of the fill ring} */
    public int fillRing() {
        return options.fillRing();
    }

    /** {@return bytes of the longest packet that a socket of this UMEM takes, Ethernet header included} */
    public int longestPacket() {
        return Math.max(options.longestPacket(), options.frameSize() - HEADROOM);
    }

    /** {@return whether a packet may come in several frames} */
    public boolean multiBuffer() {
        return longestPacket() > options.frameSize() - HEADROOM;
    }

    /** {@return whether the memory is on huge pages} */
    public boolean hugePages() {
        return hugePages;
    }

    /**
     * {@return why the memory is not on huge pages, how many it takes, how many are free and how to set more aside, in
     * one line; empty when it is on huge pages} It works without, with more misses of the CPU's address cache (TLB).
     */
    public Optional<String> hugePageRefusal() {
        return hugePageRefusal;
    }

    /**
     * Counts every frame at its place. To be called while no other thread receives.
     *
     * @return where each was
     * @throws IllegalStateException when closed or while another thread receives
     */
    public UmemAudit audit() {
        enter();
        try {
            long[] places = new long[7];
            UmemNative.audit(handle, places);
            return new UmemAudit(
                    frames(),
                    (int) places[0],
                    (int) places[1],
                    (int) places[2],
                    (int) places[3],
                    (int) places[4],
                    (int) places[5],
                    (int) places[6]);
        } finally {
            exit();
        }
    }

    /**
     * Keeps a packet beyond its batch. Its bytes and its metadata stay at the same place of {@link #area()}, also when
     * its socket is closed, until {@link #release}. To be called by the thread that received the batch, before its next
     * look; from the handler, that is. It allocates nothing and takes some 20 ns.
     *
     * @param batch the batch last received from a socket of this UMEM
     * @param index which packet, from 0
     * @return what to release it by; or {@link #NO_LEASE} while as many are leased as {@link UmemOptions#leases} says:
     *     copy the packet then, or do without
     * @throws IndexOutOfBoundsException when the batch has no such packet, or is gone
     * @throws IllegalArgumentException when the batch is of no open socket of this UMEM
     * @throws IllegalStateException when the packet is leased already, the caller is not the thread that received it,
     *     or the UMEM is closed
     * @throws UnsupportedOperationException when the UMEM was opened without leases
     */
    public long lease(PacketBatch batch, int index) {
        enter();
        try {
            if (options.leases() == 0) {
                throw new UnsupportedOperationException("this UMEM was opened without leases: use UmemOptions.leases");
            }
            int frame = socketOf(batch).lease(index);
            return frame < 0 ? NO_LEASE : leases.begin(frame);
        } finally {
            exit();
        }
    }

    private XdpSocket socketOf(PacketBatch batch) {
        for (int i = 0; i < sockets.size(); i++) {
            if (sockets.get(i).isBatch(batch)) {
                return sockets.get(i);
            }
        }
        throw new IllegalArgumentException("the batch is of no open socket of this UMEM");
    }

    /**
     * Gives a leased frame back: what is read of it from now on is anything. For any thread, at any time; it allocates
     * nothing and never waits. The receiver puts the frame to use when it comes again.
     *
     * @param lease what {@link #lease} returned
     * @throws IllegalStateException when it was released before
     * @throws IllegalArgumentException when it is no lease of this UMEM
     */
    public void release(long lease) {
        int frame = leases.end(lease);
        UmemNative.release(handle, frame); // still open: close() waits for ended()
        leases.ended();
    }

    /**
     * Gives the memory back; the second time does nothing.
     *
     * @throws IllegalStateException while a socket is open on it or a frame is leased
     */
    @Override
    public void close() {
        if (state.get() == CLOSED) {
            return;
        }
        enter();
        if (!sockets.isEmpty() || leases.out() > 0) {
            int open = sockets.size();
            exit();
            throw new IllegalStateException(
                    open > 0
                            ? open + " sockets are open on this UMEM: close them first"
                            : leases.out() + " frames of this UMEM are leased: release them first");
        }
        UmemNative.close(handle);
        state.set(CLOSED);
    }

    /** For {@link XdpSocket}, between {@link #enter()} and {@link #exit()}. */
    long handle() {
        return handle;
    }

    void opened(XdpSocket socket) {
        sockets.add(socket);
    }

    void closed(XdpSocket socket) {
        sockets.remove(socket);
    }

    /** Makes this thread the one that may touch the fill ring and the frame pool. */
    void enter() {
        if (!state.compareAndSet(IDLE, RECEIVING)) {
            throw new IllegalStateException(
                    state.get() == CLOSED ? "the UMEM is closed" : "another thread is receiving on this UMEM");
        }
    }

    void exit() {
        state.setRelease(IDLE);
    }
}
