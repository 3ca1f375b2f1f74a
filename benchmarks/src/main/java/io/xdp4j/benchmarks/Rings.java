// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.xdp.Umem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A UMEM and a socket that the library receives from as from the kernel's, without a kernel: the rings are memory of
 * this process, and nobody is on their other side.
 *
 * <p>Every slot of the RX ring holds the descriptor of its own frame for good, and the fill ring takes frames that
 * nobody reads. All that a kernel would do is to move its index, and that can be done in advance: {@link #replenish}
 * puts it 2^31 - 1 packets ahead in both rings. The indices are unsigned and only subtracted from each other, modulo
 * 2^32, so that the ring looks very full to one side and very empty to the other. Nothing writes beside the receiver
 * while it is measured.
 */
final class Rings implements AutoCloseable {
    /** Offsets in a ring as the kernel maps it (XDP_MMAP_OFFSETS tells a program); rings.c has the same. */
    static final int PRODUCER = 0;

    static final int CONSUMER = 128;
    static final int FLAGS = 196;
    static final int DESCRIPTORS = 320;

    /** Where the payload starts in a packet: Ethernet, IPv4 and UDP headers. */
    static final int PAYLOAD_OFFSET = 42;

    /** The fixed header of RTP and 20 ms of G.711. */
    static final int PAYLOAD_BYTES = 172;

    private static final int PACKETS_AHEAD = Integer.MAX_VALUE;

    private final int depth;
    private final ByteBuffer descriptors; // C writes into it until close
    private final long handle;
    private final ByteBuffer rx;
    private final ByteBuffer fill;
    private final ByteBuffer area;

    /**
     * @param depth descriptors of each ring, and frames; a power of two
     * @param batch packets of a batch
     */
    Rings(int depth, int batch) {
        NativeLibrary.require();
        this.depth = depth;
        descriptors = ByteBuffer.allocateDirect(batch * PacketBatch.DESCRIPTOR_BYTES);
        handle = RingsNative.open(depth, PAYLOAD_OFFSET + PAYLOAD_BYTES, descriptors);
        if (handle == 0) {
            throw new OutOfMemoryError("no memory for rings of " + depth + " descriptors and their frames");
        }
        rx = RingsNative.rx(handle).order(ByteOrder.nativeOrder());
        fill = RingsNative.fill(handle).order(ByteOrder.nativeOrder());
        area = RingsNative.area(handle);
    }

    int depth() {
        return depth;
    }

    /** For {@link io.xdp4j.jni.XskNative}. */
    long xsk() {
        return RingsNative.xsk(handle);
    }

    ByteBuffer rx() {
        return rx;
    }

    ByteBuffer fill() {
        return fill;
    }

    /** Where the descriptors of a batch are, once it is received. */
    ByteBuffer descriptors() {
        return descriptors;
    }

    /** The memory of all frames. */
    ByteBuffer area() {
        return area;
    }

    /** Where in {@link #area()} the packet of a slot of the RX ring starts. */
    static int packetOffset(int slot) {
        return slot * Umem.DEFAULT_FRAME_SIZE + Umem.HEADROOM;
    }

    /** Has packets arrive, and frames taken, for one iteration. */
    void replenish() {
        rx.putInt(PRODUCER, rx.getInt(CONSUMER) + PACKETS_AHEAD);
        fill.putInt(CONSUMER, fill.getInt(PRODUCER) + PACKETS_AHEAD);
    }

    /** To be called behind an iteration: calls that found nothing were not what was to be measured. */
    void requirePackets() {
        if (rx.getInt(PRODUCER) == rx.getInt(CONSUMER)) {
            throw new IllegalStateException(
                    PACKETS_AHEAD + " packets were received in one iteration, which is all: use a shorter one, -r");
        }
    }

    @Override
    public void close() {
        RingsNative.close(handle);
    }
}
