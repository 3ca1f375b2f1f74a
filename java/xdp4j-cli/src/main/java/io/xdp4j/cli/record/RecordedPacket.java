// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import java.nio.ByteBuffer;

/** Reads a packet as a {@link RingMemory} has it, and whatever copies it as it is: at {@code at} in {@code memory}. */
final class RecordedPacket {
    private static final int MISSED = 4;
    private static final int FLOW = 8;
    private static final int PAYLOAD_OFFSET = 12;
    private static final int PAYLOAD_LENGTH = 14;
    private static final int ARRIVAL = 16;

    private RecordedPacket() {}

    /** How many bytes the packet has. */
    static int bytes(ByteBuffer memory, int at) {
        return memory.getInt(at);
    }

    static void putBytes(ByteBuffer memory, int at, int bytes) {
        memory.putInt(at, bytes);
    }

    /** Where its first byte is. */
    static int start(int at) {
        return at + RingMemory.HEADER_BYTES;
    }

    /** How many of its flow were not recorded since the flow's last one that was. */
    static int missed(ByteBuffer memory, int at) {
        return memory.getInt(at + MISSED);
    }

    static int flow(ByteBuffer memory, int at) {
        return memory.getInt(at + FLOW);
    }

    /** Where its UDP payload starts. */
    static int payloadStart(ByteBuffer memory, int at) {
        return start(at) + memory.getChar(at + PAYLOAD_OFFSET);
    }

    /** Of the UDP payload; 0 when that would not be within the packet, for a worker may write anything. */
    static int payloadBytes(ByteBuffer memory, int at) {
        int bytes = memory.getChar(at + PAYLOAD_LENGTH);
        return memory.getChar(at + PAYLOAD_OFFSET) + bytes <= bytes(memory, at) ? bytes : 0;
    }

    /** CLOCK_MONOTONIC. */
    static long arrivalNs(ByteBuffer memory, int at) {
        return memory.getLong(at + ARRIVAL);
    }
}
