// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import java.nio.ByteBuffer;

/**
 * The other side of a {@link RingMemory}: takes the packets out, one after the other.
 *
 * <p>What a worker wrote is checked before it is believed: no packet is outside the memory. One that wrote what cannot
 * be is believed no more.
 *
 * <p>Threads: one.
 */
final class RingReader {
    /** The writer learns of room in steps of this part of it: each is a write that the other CPU has to fetch. */
    private static final int RELEASES = 64;

    private final int index;
    private final RingMemory ring;
    private final ByteBuffer memory;
    private final int start;
    private final int room;
    private long head;
    private long released;
    private long tail; // as it was when last looked at
    private int at;
    private int recordBytes;
    private long arrivalNs;
    private long taken;
    private boolean broken;

    /** @param index which of the receivers fills it */
    RingReader(int index, RingMemory ring) {
        this.index = index;
        this.ring = ring;
        this.memory = ring.memory();
        this.start = ring.start();
        this.room = ring.room();
    }

    int index() {
        return index;
    }

    /** Whether there is a packet; then {@link #at()} and {@link #arrivalNs()} tell of it until {@link #take()}. */
    boolean hasPacket() {
        if (head == tail) {
            release();
            tail = (long) RingMemory.LONGS.getAcquire(memory, RingMemory.TAIL);
        }
        if (broken || head == tail) {
            return false;
        }
        if (tail - head < 0 || tail - head > room || !findPacket()) {
            broken = true;
            stop();
            return false;
        }
        return true;
    }

    private boolean findPacket() {
        int place = (int) head & room - 1;
        if (place % Long.BYTES != 0) {
            return false;
        }
        if (memory.getInt(start + place) == RingMemory.END_OF_ROOM) {
            head += room - place;
            place = 0;
        }
        int bytes = memory.getInt(start + place);
        recordBytes = RingMemory.recordBytes(bytes);
        if (bytes < 0 || recordBytes < 0 || recordBytes > Math.min(room - place, tail - head)) {
            return false;
        }
        at = start + place;
        arrivalNs = RecordedPacket.arrivalNs(memory, at);
        int flow = RecordedPacket.flow(memory, at);
        return flow >= 0 && flow < ring.flows();
    }

    /** Whether something was there that cannot be: nothing comes of it any more. */
    boolean isBroken() {
        return broken;
    }

    ByteBuffer memory() {
        return memory;
    }

    /** Where in {@link #memory()} it is: {@link RecordedPacket}. */
    int at() {
        return at;
    }

    /** Bytes from {@link #at()} on that are to be copied to have all of it. */
    int recordBytes() {
        return recordBytes;
    }

    long arrivalNs() {
        return arrivalNs;
    }

    /** Moves past the packet, whose memory the writer may use from now on. */
    void take() {
        head += recordBytes;
        taken++;
        if (head - released > room / RELEASES) {
            release();
        }
    }

    private void release() {
        if (released != head) {
            released = head;
            RingMemory.LONGS.setRelease(memory, RingMemory.HEAD, head);
        }
    }

    /** Whether the writer will soon find no room. */
    boolean isHalfFull() {
        return (long) RingMemory.LONGS.getOpaque(memory, RingMemory.TAIL) - released > room / 2;
    }

    /** The writer needs to copy nothing more. */
    void stop() {
        RingMemory.LONGS.setRelease(memory, RingMemory.STOPPED, 1L);
    }

    /** Packets taken out so far. */
    long taken() {
        return taken;
    }

    /** Packets that the writer did not copy so far. */
    long notRecorded() {
        return (long) RingMemory.LONGS.getAcquire(memory, RingMemory.NOT_RECORDED);
    }
}
