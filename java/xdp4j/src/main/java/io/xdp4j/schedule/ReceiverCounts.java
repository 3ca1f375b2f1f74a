// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.schedule;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * What a {@link Receiver} counts, in memory that may be shared with another process.
 *
 * <pre>
 *   | longest absence (8) | busy (8) | first packet (8) | taken (8) | handled (8) | looks (8) |
 *                                                        the last three for each source
 * </pre>
 *
 * <p>Threads: written by the receiver's thread alone, read by any thread of any process.
 */
public final class ReceiverCounts {
    private static final VarHandle LONGS =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private static final int BUSY = Long.BYTES;
    private static final int FIRST_PACKET = 2 * Long.BYTES;
    private static final int SOURCES = 3 * Long.BYTES;
    private static final int TAKEN = 0;
    private static final int HANDLED = Long.BYTES;
    private static final int LOOKS = 2 * Long.BYTES;
    private static final int SOURCE_BYTES = 3 * Long.BYTES;

    private final ByteBuffer memory;
    private final int at;
    private final int sources;

    // The writer's own, so that it need not read what it wrote. They begin with what another one wrote before.
    private final long[] taken;
    private final long[] looks;
    private long busy;
    private long longestAbsence;

    /**
     * Counts in memory that is all zeros, or in which a receiver counts already.
     *
     * @param memory direct; its position and limit stay
     * @param offset where {@link #bytes} bytes of it are for these counts, a multiple of 8
     * @param sources how many the receiver has
     * @throws IllegalArgumentException when they are not direct memory aligned to 8
     * @throws IndexOutOfBoundsException when they are not within its capacity
     */
    public ReceiverCounts(ByteBuffer memory, int offset, int sources) {
        Objects.checkFromIndexSize(offset, bytes(sources), memory.capacity());
        if (!memory.isDirect() || memory.alignmentOffset(offset, Long.BYTES) != 0) {
            throw new IllegalArgumentException("counts need direct memory, and an offset that 8 divides");
        }
        this.memory = memory.duplicate().clear().order(ByteOrder.nativeOrder());
        this.at = offset;
        this.sources = sources;
        this.taken = IntStream.range(0, sources).mapToLong(this::taken).toArray();
        this.looks = IntStream.range(0, sources).mapToLong(this::looksBegunAndEnded).toArray();
        this.busy = busyNs();
        this.longestAbsence = longestAbsenceNs();
    }

    /** In memory of their own. */
    ReceiverCounts(int sources) {
        this(ByteBuffer.allocateDirect(bytes(sources)), 0, sources);
    }

    /**
     * {@return how much memory the counts of a receiver take}
     *
     * @param sources how many sources the receiver has
     */
    public static int bytes(int sources) {
        return SOURCES + sources * SOURCE_BYTES;
    }

    /** {@return how many sources the receiver has} */
    public int sources() {
        return sources;
    }

    /**
     * {@return packets taken from a source so far} Read after {@link #handled(int)} it is never less than that.
     *
     * @param source its index in {@link Receiver#sources()}
     */
    public long taken(int source) {
        return get(source, TAKEN);
    }

    /**
     * {@return packets of a source with which the handler is done so far, whether it returned or threw}
     *
     * @param source its index in {@link Receiver#sources()}
     */
    public long handled(int source) {
        return get(source, HANDLED);
    }

    /**
     * Grows at the beginning and at the end of each look at a source, and so is odd meanwhile: packets may then have
     * left the source that {@link #taken(int)} does not have yet.
     *
     * @param source its index in {@link Receiver#sources()}
     * @return twice the looks that ended, and 1 more during a look
     */
    public long looks(int source) {
        return get(source, LOOKS);
    }

    /**
     * {@return the longest time between two looks at the sources so far, in nanoseconds; 0 before the first one} It is
     * what the rings or the socket buffer must bridge: they have to hold the packets that arrive in it. The handler's
     * work, the idle strategy, a garbage collection and the wait for a CPU are all in it; a wait that the next packet
     * ends ({@link IdleStrategy#endsWithAPacket()}) is not.
     */
    public long longestAbsenceNs() {
        return (long) LONGS.getOpaque(memory, at);
    }

    /**
     * {@return time spent on visits that brought packets so far, the handler's work included, in nanoseconds of the
     * wall clock: what is left of the time is how much more the receiver could take} CPU time does not tell that of one
     * that spins.
     */
    public long busyNs() {
        return (long) LONGS.getOpaque(memory, at + BUSY);
    }

    /**
     * {@return when the handler was done with the first packets, by {@link System#nanoTime()}, which is CLOCK_MONOTONIC
     * for every process; 0 until then}
     */
    public long firstPacketNs() {
        return (long) LONGS.getOpaque(memory, at + FIRST_PACKET);
    }

    /**
     * A visit has brought packets.
     *
     * @param nanoseconds that it took
     * @param nowNs when it was over
     */
    void busy(long nanoseconds, long nowNs) {
        if (busy == 0) {
            LONGS.setOpaque(memory, at + FIRST_PACKET, nowNs);
        }
        busy += nanoseconds;
        LONGS.setOpaque(memory, at + BUSY, busy);
    }

    void beginLook(int source) {
        set(source, LOOKS, ++looks[source]);
    }

    /** @param packets that it brought */
    void endLook(int source, int packets) {
        if (packets > 0) {
            taken[source] += packets;
            set(source, TAKEN, taken[source]);
        }
        set(source, LOOKS, ++looks[source]);
    }

    /** The handler is done with all that was taken. */
    void handledAll(int source) {
        set(source, HANDLED, taken[source]);
    }

    void absence(long nanoseconds) {
        if (nanoseconds > longestAbsence) {
            longestAbsence = nanoseconds;
            LONGS.setOpaque(memory, at, nanoseconds);
        }
    }

    /** One that was killed in a look has not ended it. */
    private long looksBegunAndEnded(int source) {
        long looks = looks(source);
        return looks + looks % 2;
    }

    private long get(int source, int what) {
        return (long) LONGS.getAcquire(memory, at + SOURCES + source * SOURCE_BYTES + what);
    }

    private void set(int source, int what, long value) {
        LONGS.setRelease(memory, at + SOURCES + source * SOURCE_BYTES + what, value);
    }
}
