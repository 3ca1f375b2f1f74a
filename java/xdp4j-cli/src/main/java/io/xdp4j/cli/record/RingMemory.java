// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.packet.PacketBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The memory through which a receiver hands copies of its packets to the thread that writes them to a file; it may be
 * shared by two processes. What one side writes is on cache lines of its own.
 *
 * <pre>
 *   | tail (8) | ... | head (8) | stopped (8) | ... | not recorded (8) | ... | missed (4) of each flow | packets
 *   0                64                             128                      192
 *
 *   a packet:  | bytes (4) | missed (4) | metadata (16), as in {@link PacketBatch} | the bytes | to a multiple of 8
 * </pre>
 *
 * <p>A packet's <em>missed</em> says how many of its flow were not copied, for want of room, since the flow's last one
 * that was: so what is not here is not mistaken for a loss. Head and tail only rise; their place among the packets is
 * what is left of them modulo the room. A packet does not run over the end: there {@link #END_OF_ROOM} stands in place
 * of its bytes, and it begins at the start.
 *
 * <p>Agrona's OneToOneRingBuffer does this as well; but it publishes each record by itself, believes what it reads,
 * which a process without privileges may have written, and needs JVM flags on the command line since version 2.
 *
 * @param memory direct, aligned to 8
 * @param flows for ids below this
 */
record RingMemory(ByteBuffer memory, int flows) {
    static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    static final int TAIL = 0;
    static final int HEAD = 64;
    static final int STOPPED = 72;
    static final int NOT_RECORDED = 128;
    private static final int MISSED = 192;
    private static final int CACHE_LINE = 64;

    /** In front of a packet's bytes. */
    static final int HEADER_BYTES = 8 + PacketBatch.META_BYTES;

    static final int END_OF_ROOM = -1;

    /** In native byte order. */
    RingMemory {
        memory = memory.duplicate().clear().order(ByteOrder.nativeOrder());
    }

    /**
     * How much memory it takes.
     *
     * @param room for packets and what stands in front of them; a power of two
     */
    static int bytes(int flows, int room) {
        if (Integer.bitCount(room) != 1 || room < CACHE_LINE) {
            throw new IllegalArgumentException("room of " + room + " bytes is not a power of two");
        }
        return Math.addExact(packetsStart(flows), room);
    }

    private static int packetsStart(int flows) {
        return (MISSED + flows * Integer.BYTES + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    }

    /** Where the packets begin. */
    int start() {
        return packetsStart(flows);
    }

    /** A power of two. */
    int room() {
        return memory.capacity() - start();
    }

    /** Where {@code missed} of a flow is. */
    int missed(int flow) {
        return MISSED + flow * Integer.BYTES;
    }

    /** What a packet takes. */
    static int recordBytes(int packetBytes) {
        return HEADER_BYTES + packetBytes + 7 & ~7;
    }
}
