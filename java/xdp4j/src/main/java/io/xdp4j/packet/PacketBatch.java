// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.packet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The packets that a {@link PacketSource} brought by one call, wherever they come from.
 *
 * <p>One memory area holds the packets; one array of descriptors, laid out as the kernel's {@code struct xdp_desc},
 * says where in the area each packet starts and how long it is; and in front of each packet stand 16 bytes of metadata
 * ({@code struct packet_meta} in {@code bpf/flow.h}), written by the XDP program or the socket:
 *
 * <pre>
 *   descriptors   | address (8) | length (4) | options (4) |  one for each packet
 *                        |
 *   area  ... | flow (4) | payload offset (2) | payload length (2) | arrival ns (8) | packet ...
 *             address-16  address-12           address-10           address-8        address
 * </pre>
 *
 * <p>The first byte of a packet is its Ethernet header (AF_XDP), its IP header ({@code raw}) or its UDP payload (other
 * sockets); the payload offset hides the difference.
 *
 * <p>Ownership: the packets belong to the caller until the next {@link PacketSource#receive()} on the same source; then
 * their memory goes back to the kernel and holds other packets, unless {@link io.xdp4j.xdp.Umem#lease} keeps it. One
 * batch object serves a source for its whole life.
 *
 * <p>Threads: only the thread that received the batch reads it.
 */
public final class PacketBatch {
    /** Bytes of a descriptor: the kernel's {@code struct xdp_desc}. */
    public static final int DESCRIPTOR_BYTES = 16;

    /** Bytes of metadata in front of each packet: {@code struct packet_meta}. */
    public static final int META_BYTES = 16;

    private static final int DESCRIPTOR_LENGTH = 8;
    private static final int META_PLACE = -16; // flow, payload offset and payload length in one word
    private static final int META_ARRIVAL = -8;

    // With the order of the bytes fixed here the JIT needs no code for the other one, as it does for a buffer's own;
    // and the parts of one word are one access, which is what a packet's cost is made of.
    private static final VarHandle LONGS =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final VarHandle INTS =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final int FLOW_SHIFT = LITTLE_ENDIAN ? 0 : 32;
    private static final int PAYLOAD_OFFSET_SHIFT = LITTLE_ENDIAN ? 32 : 16;
    private static final int PAYLOAD_LENGTH_SHIFT = LITTLE_ENDIAN ? 48 : 0;

    private final ByteBuffer data;
    private final ByteBuffer descriptors;
    private final int capacity;
    private int size;

    /**
     * For implementations of {@link PacketSource}.
     *
     * @param area the memory that holds the packets; direct
     * @param descriptors room for {@code capacity} descriptors; direct
     */
    public PacketBatch(ByteBuffer area, ByteBuffer descriptors) {
        if (!area.isDirect() || !descriptors.isDirect()) {
            throw new IllegalArgumentException("area and descriptors must be direct buffers");
        }
        this.data = area.duplicate().clear().order(ByteOrder.BIG_ENDIAN);
        this.descriptors = descriptors.duplicate().clear();
        this.capacity = descriptors.capacity() / DESCRIPTOR_BYTES;
    }

    /** {@return how many packets a call brings at most} */
    public int capacity() {
        return capacity;
    }

    /** {@return how many packets the last call brought} */
    public int size() {
        return size;
    }

    /**
     * For implementations of {@link PacketSource}: how many descriptors are valid now.
     *
     * @param packets from 0 to {@link #capacity()}
     */
    public void size(int packets) {
        size = packets;
    }

    /**
     * {@return the area that holds all packets, in network byte order, to be read at absolute positions} It is one
     * object for the life of the batch: who wants another position, limit or order takes a duplicate.
     */
    public ByteBuffer data() {
        return data;
    }

    /**
     * {@return where in {@link #data()} packet {@code index} starts}
     *
     * @param index which packet, from 0 to {@link #size()} - 1
     */
    public int packetOffset(int index) {
        return (int) (long) LONGS.get(descriptors, index * DESCRIPTOR_BYTES);
    }

    /**
     * {@return how many bytes of packet {@code index} there are}
     *
     * @param index which packet, from 0 to {@link #size()} - 1
     */
    public int packetLength(int index) {
        return (int) INTS.get(descriptors, index * DESCRIPTOR_BYTES + DESCRIPTOR_LENGTH);
    }

    /**
     * {@return the id of the flow that packet {@code index} belongs to}
     *
     * @param index which packet, from 0 to {@link #size()} - 1
     */
    public int flow(int index) {
        return (int) (place(packetOffset(index)) >>> FLOW_SHIFT);
    }

    /**
     * {@return where in {@link #data()} the UDP payload of packet {@code index} starts}
     *
     * @param index which packet, from 0 to {@link #size()} - 1
     */
    public int payloadOffset(int index) {
        int packet = packetOffset(index);
        return packet + (char) (place(packet) >>> PAYLOAD_OFFSET_SHIFT);
    }

    /**
     * {@return how many bytes of UDP payload packet {@code index} has}
     *
     * @param index which packet, from 0 to {@link #size()} - 1
     */
    public int payloadLength(int index) {
        return (char) (place(packetOffset(index)) >>> PAYLOAD_LENGTH_SHIFT);
    }

    private long place(int packetOffset) {
        return (long) LONGS.get(data, packetOffset + META_PLACE);
    }

    /**
     * {@return when the kernel first saw packet {@code index}, in nanoseconds of the clock of {@link System#nanoTime()}
     * (CLOCK_MONOTONIC)} {@code nio} has no kernel time; there it is the time of the receive call.
     *
     * @param index which packet, from 0 to {@link #size()} - 1
     */
    public long arrivalNs(int index) {
        return (long) LONGS.get(data, packetOffset(index) + META_ARRIVAL);
    }

    /**
     * For implementations of {@link PacketSource} in Java: describes a packet.
     *
     * @param index which descriptor, from 0
     * @param packetOffset where in the area the packet starts, at least {@link #META_BYTES}
     * @param packetLength its bytes
     * @param flow the id of its flow
     * @param payloadOffset where the UDP payload starts, counted from the packet's first byte
     * @param payloadLength bytes of UDP payload
     * @param arrivalNs see {@link #arrivalNs(int)}
     */
    public void describe(
            int index,
            int packetOffset,
            int packetLength,
            int flow,
            int payloadOffset,
            int payloadLength,
            long arrivalNs) {
        LONGS.set(descriptors, index * DESCRIPTOR_BYTES, (long) packetOffset);
        INTS.set(descriptors, index * DESCRIPTOR_BYTES + DESCRIPTOR_LENGTH, packetLength);
        long place = Integer.toUnsignedLong(flow) << FLOW_SHIFT
                | (long) (char) payloadOffset << PAYLOAD_OFFSET_SHIFT
                | (long) (char) payloadLength << PAYLOAD_LENGTH_SHIFT;
        LONGS.set(data, packetOffset + META_PLACE, place);
        LONGS.set(data, packetOffset + META_ARRIVAL, arrivalNs);
    }
}
