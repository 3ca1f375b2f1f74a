// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The counts of an {@link RtpFlow} in memory that may be shared with another process, where they survive the one that
 * counts: whoever reads them there, at whatever moment it died, finds them as they were last published.
 *
 * <pre>
 *   | publications (8) | copy 0 | copy 1 |     publication n is copy n mod 2; a copy is what RtpFlow saves
 * </pre>
 *
 * <p>The writer fills the copy that is not in force and then puts it in force by one store: there is no moment at which
 * the record is half written.
 *
 * <p>Threads: {@link #publish} is for the thread that receives the flow, and allocates nothing; {@link #snapshot()} for
 * any thread of any process.
 */
public final class RtpRecord implements RtpReadings {
    private static final int TRIES = 100_000;
    private static final int COPY = Long.BYTES;
    private static final int COPY_BYTES = RtpFlow.SAVED_WORDS * Long.BYTES;

    /** Bytes of a record; it is to be aligned to 8. */
    public static final int BYTES = COPY + 2 * COPY_BYTES;

    private static final VarHandle LONGS =
            MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

    private final ByteBuffer memory;
    private final int at;
    private final long[] saved = new long[RtpFlow.SAVED_WORDS]; // the writer's

    /**
     * A record in memory that is all zeros, or holds a record already.
     *
     * @param memory direct; its position and limit stay
     * @param offset of the record's {@link #BYTES} bytes, a multiple of 8
     * @throws IllegalArgumentException when they are not direct memory aligned to 8
     * @throws IndexOutOfBoundsException when they are not within its capacity
     */
    public RtpRecord(ByteBuffer memory, int offset) {
        Objects.checkFromIndexSize(offset, BYTES, memory.capacity());
        if (!memory.isDirect() || memory.alignmentOffset(offset, Long.BYTES) != 0) {
            throw new IllegalArgumentException("a record needs direct memory, and an offset that 8 divides");
        }
        this.memory = memory.duplicate().clear().order(ByteOrder.nativeOrder());
        this.at = offset;
    }

    /**
     * Puts in force what a flow has counted.
     *
     * @param flow whose thread this is
     */
    public void publish(RtpFlow flow) {
        int words = flow.save(saved);
        long publication = (long) LONGS.get(memory, at) + 1;
        int copy = copy(publication);
        // Whoever sees the first word of this copy is to see as well that the other one is in force.
        VarHandle.storeStoreFence();
        for (int i = 0; i < words; i++) {
            memory.putLong(copy + i * Long.BYTES, saved[i]);
        }
        LONGS.setRelease(memory, at, publication);
    }

    private int copy(long publication) {
        return at + COPY + (int) (publication & 1) * COPY_BYTES;
    }

    /**
     * As last published; all zeros before the first time. A writer that publishes again and again, as no receiver does,
     * gets what could be read after {@value #TRIES} tries: it shall not hold up who reads.
     */
    @Override
    public RtpStatistics snapshot() {
        long[] words = new long[RtpFlow.SAVED_WORDS];
        for (int tries = 1;; tries++) {
            long before = (long) LONGS.getAcquire(memory, at);
            if (before == 0) {
                return RtpFlow.statistics(words);
            }
            int copy = copy(before);
            int used = RtpFlow.words(memory, copy);
            for (int i = 0; i < used; i++) {
                words[i] = memory.getLong(copy + i * Long.BYTES);
            }
            VarHandle.loadLoadFence();
            // One publication on, the writer may be at this copy again.
            if (before == (long) LONGS.getOpaque(memory, at) || tries == TRIES) {
                return RtpFlow.statistics(words);
            }
            Thread.onSpinWait();
        }
    }
}
