// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.xdp.Umem;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * {@code xdp4j_xsk_receive} of {@code native/rx.c} written in Java: moves the frames of the previous batch into the
 * fill ring, by way of the pool where that has some, and takes the next batch from the RX ring, all by reads and writes
 * of mapped memory. The order of the accesses is that of libxdp's {@code xsk.h}: the other side's index is read with
 * acquire, the own one written with release. Packets of several frames and busy poll are left out, as they are on the
 * way that is measured in C.
 *
 * <p>What C does besides: it prefetches the packets of a batch, which Java cannot ask for. So C has some instructions
 * more for each packet, and whoever reads the packets afterwards waits less.
 */
final class RingReceiver {
    private static final VarHandle INDEX =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private static final int ADDRESS_BYTES = Long.BYTES; // of a descriptor of the fill ring
    private static final int NEED_WAKEUP = 1; // XDP_RING_NEED_WAKEUP
    private static final long FRAME_MASK = -Umem.DEFAULT_FRAME_SIZE;

    private final ByteBuffer rx;
    private final int rxMask;
    private int rxCachedProducer;
    private int rxCachedConsumer;

    private final ByteBuffer fill;
    private final int fillSize;
    private final int fillMask;
    private int fillCachedProducer;
    private int fillCachedConsumer;

    private final ByteBuffer batch;
    private final int batchSize;
    private final long[] held;
    private int heldCount;
    private final long[] free;
    private int freeCount;

    RingReceiver(Rings rings) {
        rx = rings.rx();
        rxMask = rings.depth() - 1;
        fill = rings.fill();
        fillSize = rings.depth();
        fillMask = rings.depth() - 1;
        batch = rings.descriptors().duplicate().order(ByteOrder.nativeOrder());
        batchSize = batch.capacity() / PacketBatch.DESCRIPTOR_BYTES;
        held = new long[batchSize];
        free = new long[rings.depth()];
    }

    int receive() {
        boolean refilled = refillFromBatch();
        if (!refilled) {
            giveBackBatch();
            refilled = freeCount > 0 && refill();
        }
        if (refilled && needsWakeup()) {
            throw new UnsupportedOperationException("the driver wants a system call, which is not for Java to make");
        }
        return takeBatch();
    }

    /** While the pool is empty, and the fill ring has room for the whole batch. */
    private boolean refillFromBatch() {
        int count = heldCount;
        if (count == 0 || freeCount > 0 || fillRoom(count) < count) {
            return false;
        }
        int first = fillCachedProducer;
        fillCachedProducer += count;
        for (int i = 0; i < count; i++) {
            fill.putLong(Rings.DESCRIPTORS + (first + i & fillMask) * ADDRESS_BYTES, held[i] & FRAME_MASK);
        }
        submit(count);
        heldCount = 0;
        return true;
    }

    private void giveBackBatch() {
        for (int i = 0; i < heldCount; i++) {
            free[freeCount++] = held[i] & FRAME_MASK;
        }
        heldCount = 0;
    }

    private boolean refill() {
        int count = Math.min(fillRoom(freeCount), freeCount);
        if (count == 0) {
            return false;
        }
        int first = fillCachedProducer;
        fillCachedProducer += count;
        for (int i = 0; i < count; i++) {
            fill.putLong(Rings.DESCRIPTORS + (first + i & fillMask) * ADDRESS_BYTES, free[--freeCount]);
        }
        submit(count);
        return true;
    }

    private void submit(int count) {
        INDEX.setRelease(fill, Rings.PRODUCER, fill.getInt(Rings.PRODUCER) + count);
    }

    /** At least what is wanted, or all there is; where it is 2^31 or more, 2^31 - 1. */
    private int fillRoom(int wanted) {
        int room = fillCachedConsumer - fillCachedProducer;
        if (Integer.compareUnsigned(room, wanted) < 0) {
            fillCachedConsumer = (int) INDEX.getAcquire(fill, Rings.CONSUMER) + fillSize;
            room = fillCachedConsumer - fillCachedProducer;
        }
        return room < 0 ? Integer.MAX_VALUE : room;
    }

    private boolean needsWakeup() {
        return (fill.getInt(Rings.FLAGS) & NEED_WAKEUP) != 0;
    }

    private int takeBatch() {
        int count = available();
        int first = rxCachedConsumer;
        rxCachedConsumer += count;
        for (int i = 0; i < count; i++) {
            int from = Rings.DESCRIPTORS + (first + i & rxMask) * PacketBatch.DESCRIPTOR_BYTES;
            int to = i * PacketBatch.DESCRIPTOR_BYTES;
            long address = rx.getLong(from);
            batch.putLong(to, address);
            batch.putLong(to + Long.BYTES, rx.getLong(from + Long.BYTES));
            held[i] = address;
        }
        if (count > 0) {
            INDEX.setRelease(rx, Rings.CONSUMER, rx.getInt(Rings.CONSUMER) + count);
        }
        heldCount = count;
        return count;
    }

    private int available() {
        int entries = rxCachedProducer - rxCachedConsumer;
        if (entries == 0) {
            rxCachedProducer = (int) INDEX.getAcquire(rx, Rings.PRODUCER);
            entries = rxCachedProducer - rxCachedConsumer;
        }
        return Integer.compareUnsigned(entries, batchSize) > 0 ? batchSize : entries;
    }
}
