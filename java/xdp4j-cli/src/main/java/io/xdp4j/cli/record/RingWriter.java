// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.packet.PacketBatch;
import java.nio.ByteBuffer;

/**
 * The receiver's side of a {@link RingMemory}: copies packets into it as far as there is room, and counts the others.
 * It never waits and allocates nothing. All packets of a batch appear to the other side at once.
 *
 * <p>What was written is there when the writer's process is killed; another writer goes on behind it.
 *
 * <p>Threads: the receiver's alone.
 */
public final class RingWriter {
    private final RingMemory ring;
    private final ByteBuffer memory;
    private final int start;
    private final int room;
    private long tail;
    private long head; // as it was when last looked at
    private long notRecorded;

    RingWriter(RingMemory ring) {
        this.ring = ring;
        this.memory = ring.memory();
        this.start = ring.start();
        this.room = ring.room();
        this.tail = (long) RingMemory.LONGS.getAcquire(memory, RingMemory.TAIL);
        this.head = (long) RingMemory.LONGS.getAcquire(memory, RingMemory.HEAD);
        this.notRecorded = (long) RingMemory.LONGS.getAcquire(memory, RingMemory.NOT_RECORDED);
    }

    /**
     * In memory that another process made for it.
     *
     * @param flows for ids below this, as the other process has it
     */
    public static RingWriter in(ByteBuffer memory, int flows) {
        return new RingWriter(new RingMemory(memory, flows));
    }

    /** Copies what there is room for. */
    void add(PacketBatch batch) {
        int size = batch.size();
        long before = notRecorded;
        if ((long) RingMemory.LONGS.getOpaque(memory, RingMemory.STOPPED) != 0) {
            notRecorded += size;
        } else {
            for (int i = 0; i < size; i++) {
                add(batch, i);
            }
            RingMemory.LONGS.setRelease(memory, RingMemory.TAIL, tail);
        }
        if (notRecorded != before) {
            RingMemory.LONGS.setRelease(memory, RingMemory.NOT_RECORDED, notRecorded);
        }
    }

    private void add(PacketBatch batch, int index) {
        int packet = batch.packetOffset(index);
        int bytes = batch.packetLength(index);
        int missedAt = ring.missed(batch.flow(index));
        int missed = memory.getInt(missedAt);
        int wanted = RingMemory.recordBytes(bytes);
        int place = (int) tail & room - 1;
        int skipped = wanted > room - place ? room - place : 0;
        if (!isThereRoom(skipped + wanted)) {
            memory.putInt(missedAt, missed + 1);
            notRecorded++;
            return;
        }
        if (skipped > 0) {
            memory.putInt(start + place, RingMemory.END_OF_ROOM);
            place = 0;
        }
        int at = start + place;
        memory.putInt(at, bytes);
        memory.putInt(at + Integer.BYTES, missed);
        int withMeta = bytes + PacketBatch.META_BYTES;
        memory.put(at + 2 * Integer.BYTES, batch.data(), packet - PacketBatch.META_BYTES, withMeta);
        if (missed != 0) {
            memory.putInt(missedAt, 0);
        }
        tail += skipped + wanted;
    }

    private boolean isThereRoom(int bytes) {
        if (tail + bytes - head <= room) {
            return true;
        }
        head = (long) RingMemory.LONGS.getAcquire(memory, RingMemory.HEAD);
        return tail + bytes - head <= room;
    }
}
