// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Copies of packets, first in, first out, one behind the other in a ring of bytes.
 *
 * <pre>  | bytes of all of it (4) | interface (4) | the packet as in {@link RingMemory} |</pre>
 *
 * <p>As there, a packet does not run over the end. Adding and removing allocate nothing.
 *
 * <p>Threads: one.
 */
final class PacketQueue {
    private static final int HEADER_BYTES = 8;
    private static final int END_OF_ROOM = -1;

    private ByteBuffer memory;
    private int first;
    private int last; // where the next one goes, if it does not run over the end
    private int used; // bytes, those left free at the end included
    private int size;

    /** @param room bytes, a multiple of 8 */
    PacketQueue(int room) {
        memory = ByteBuffer.allocateDirect(room).order(ByteOrder.nativeOrder());
    }

    /** What a packet takes. */
    static int entryBytes(int recordBytes) {
        return HEADER_BYTES + recordBytes;
    }

    int room() {
        return memory.capacity();
    }

    int size() {
        return size;
    }

    /** Whether a packet was added, for which there was room. */
    boolean add(ByteBuffer from, int at, int recordBytes, int interfaceIndex) {
        int wanted = entryBytes(recordBytes);
        int untilEnd = room() - last;
        int skipped = wanted > untilEnd ? untilEnd : 0;
        if (used + skipped + wanted > room()) {
            return false;
        }
        if (skipped > 0) {
            memory.putInt(last, END_OF_ROOM);
            last = 0;
        }
        memory.putInt(last, wanted);
        memory.putInt(last + Integer.BYTES, interfaceIndex);
        memory.put(last + HEADER_BYTES, from, at, recordBytes);
        last = (last + wanted) % room();
        used += skipped + wanted;
        size++;
        return true;
    }

    /** Where the oldest one is, of one or more. */
    int first() {
        return resolved(first);
    }

    /** Where the one behind it is. */
    int next(int entry) {
        return resolved((entry + memory.getInt(entry)) % room());
    }

    private int resolved(int entry) {
        return size > 0 && memory.getInt(entry) == END_OF_ROOM ? 0 : entry;
    }

    void removeFirst() {
        int entry = first();
        used -= memory.getInt(entry) + (entry == first ? 0 : room() - first);
        first = (entry + memory.getInt(entry)) % room();
        size--;
        if (size == 0) {
            first = last;
            used = 0;
        }
    }

    /** Doubles the room. */
    void grow() {
        PacketQueue larger = new PacketQueue(Math.multiplyExact(room(), 2));
        int entry = size > 0 ? first() : 0;
        for (int i = 0; i < size; i++) {
            larger.add(memory, recordAt(entry), recordBytes(entry), interfaceIndex(entry));
            entry = i < size - 1 ? next(entry) : entry;
        }
        memory = larger.memory;
        first = larger.first;
        last = larger.last;
        used = larger.used;
    }

    ByteBuffer memory() {
        return memory;
    }

    int interfaceIndex(int entry) {
        return memory.getInt(entry + Integer.BYTES);
    }

    int recordAt(int entry) {
        return entry + HEADER_BYTES;
    }

    int recordBytes(int entry) {
        return memory.getInt(entry) - HEADER_BYTES;
    }
}
