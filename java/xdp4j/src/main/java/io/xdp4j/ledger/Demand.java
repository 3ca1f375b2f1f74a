// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

/**
 * How many packets must be able to wait: those that arrive while the receiver is away.
 *
 * @param pps packets a second, the highest measured
 * @param absenceNs the receiver's longest absence, in nanoseconds
 * @param framesPerPacket descriptors that one of them takes in a ring; 1 unless it comes in several frames
 */
public record Demand(double pps, long absenceNs, int framesPerPacket) {
    /** The longest absence of a few seconds is not the longest of a day. */
    public static final int MARGIN = 4;

    private static final double NS_PER_SECOND = 1e9;

    /** 1 GiB of frames of 4,096 bytes; the next larger ring would not fit into one buffer of Java. */
    private static final long LARGEST_RING = 1 << 18;

    /**
     * Of packets that take one frame each.
     *
     * @param pps packets a second
     * @param absenceNs nanoseconds that nobody looks
     */
    public Demand(double pps, long absenceNs) {
        this(pps, absenceNs, 1);
    }

    /** {@return rate times absence, rounded up} */
    public long packets() {
        return (long) Math.ceil(pps * absenceNs / NS_PER_SECOND);
    }

    /** {@return what these packets take: with less, the absence that was measured loses some} */
    public long descriptors() {
        return packets() * framesPerPacket;
    }

    /**
     * The ring to use: a power of two that holds {@value #MARGIN} times {@link #descriptors()}, and at least {@code
     * atLeast}.
     *
     * @param atLeast descriptors, a power of two
     * @return descriptors
     */
    public int ring(int atLeast) {
        long wanted = Math.min(Math.max(MARGIN * descriptors(), atLeast), LARGEST_RING);
        return (int) (wanted <= 1 ? 1 : Long.highestOneBit(wanted - 1) << 1);
    }

    /**
     * {@return how long a ring lasts at this rate, in nanoseconds}
     *
     * @param descriptors of the ring
     */
    public double lastsNs(long descriptors) {
        return pps == 0 ? Double.POSITIVE_INFINITY : descriptors / (pps * framesPerPacket) * NS_PER_SECOND;
    }
}
