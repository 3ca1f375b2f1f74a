// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The other side of a {@link RingMemory}: takes the packets out, one after the other.
 *
 * <p>A worker may write anything there at any time. So a packet is copied to memory of this process first, is checked
 * there, and is read from there alone. A worker that wrote what cannot be is believed no more.
 *
 * <p>Threads: one.
 */
final class RingReader {
    /** The writer learns of room in steps of this part of it: each is a write that the other CPU has to fetch. */
    private static final int RELEASES = 64;

    private static final int FIRST_COPY_BYTES = 1 << 11;

    /** More than the longest IP packet and what stands in front of it. */
    private static final int MOST_PACKET_BYTES = 1 << 17;

    private final int index;
    private final RingMemory ring;
    private final ByteBuffer shared;
    private ByteBuffer copy = copyOf(FIRST_COPY_BYTES);
    private final int start;
    private final int room;
    private long head;
    private long released;
    private long tail; // as it was when last looked at
    private int recordBytes;
    private long arrivalNs;
    private long taken;
    private boolean broken;

    /** @param index which of the receivers fills it */
    RingReader(int index, RingMemory ring) {
        this.index = index;
        this.ring = ring;
        this.shared = ring.memory();
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
            tail = (long) RingMemory.LONGS.getAcquire(shared, RingMemory.TAIL);
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
        int bytes = RecordedPacket.bytes(shared, start + place);
        if (bytes == RingMemory.END_OF_ROOM) {
            head += room - place;
            place = 0;
            bytes = RecordedPacket.bytes(shared, start);
        }
        if (bytes < 0 || bytes > MOST_PACKET_BYTES) {
            return false;
        }
        recordBytes = RingMemory.recordBytes(bytes);
        if (recordBytes > Math.min(room - place, tail - head)) {
            return false;
        }
        copy(start + place, bytes);
        arrivalNs = RecordedPacket.arrivalNs(copy, 0);
        int flow = RecordedPacket.flow(copy, 0);
        return flow >= 0 && flow < ring.flows() && RecordedPacket.missed(copy, 0) >= 0;
    }

    /** @param bytes of the packet, as they have been checked: in memory they may be others by now */
    private void copy(int from, int bytes) {
        if (copy.capacity() < recordBytes) {
            copy = copyOf(Math.max(recordBytes, 2 * copy.capacity()));
        }
        copy.put(0, shared, from, recordBytes);
        RecordedPacket.putBytes(copy, 0, bytes);
    }

    private static ByteBuffer copyOf(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** Whether something was there that cannot be: nothing comes of it any more. */
    boolean isBroken() {
        return broken;
    }

    /** With the packet, until there is another one. */
    ByteBuffer memory() {
        return copy;
    }

    /** Where in {@link #memory()} it is: {@link RecordedPacket}. */
    int at() {
        return 0;
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
            RingMemory.LONGS.setRelease(shared, RingMemory.HEAD, head);
        }
    }

    /** Whether the writer will soon find no room. */
    boolean isHalfFull() {
        return (long) RingMemory.LONGS.getOpaque(shared, RingMemory.TAIL) - released > room / 2;
    }

    /** The writer needs to copy nothing more. */
    void stop() {
        RingMemory.LONGS.setRelease(shared, RingMemory.STOPPED, 1L);
    }

    /** Packets taken out so far. */
    long taken() {
        return taken;
    }

    /** Packets that the writer did not copy so far. */
    long notRecorded() {
        return (long) RingMemory.LONGS.getAcquire(shared, RingMemory.NOT_RECORDED);
    }
}
