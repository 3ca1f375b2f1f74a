// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

/**
 * The recent pace of a stream, to judge a jump ahead by: could the sender have sent that many packets meanwhile?
 *
 * <p>RFC 3550 §A.1 takes a jump of more than {@value #MAX_DROPOUT} for a restart of the sender. But a receiver that is
 * away for 46 ms misses 24,000 packets of a stream of 520,000 a second, and to call that a restart would hide the loss.
 * So the limit grows with the time in which nothing arrived:
 *
 * <pre>  MAX_DROPOUT + 2 x pace x longest silence</pre>
 *
 * <p>The pace is the advance of the sequence number (lost packets were sent as well) over time, without the longest
 * silence: a pause of the sender says nothing about its pace. The silence is the longest of the last one to two cycles
 * of 65,536 sequence numbers, not only the one just before the jump: where packets are stamped as they are read (NIO),
 * those that the socket buffer had kept stand between the silence and the gap. All this leans towards loss; a restart
 * ahead after a long pause of a fast sender, too, is taken for one.
 *
 * <p>While only one sequence number has arrived there is no pace, and the limit is {@value #MAX_DROPOUT}. When all
 * arrival times are equal the pace is beyond measure, and any silence explains any jump.
 */
final class StreamPace {
    /** The jump that is a loss at any pace: RFC 3550 §A.1. */
    static final int MAX_DROPOUT = 3_000;

    private static final double HEADROOM = 2;

    private long silenceNs; // first: of these, every packet touches this alone
    private long silenceAdvance;
    private long sequence;
    private long startNs;

    private long previousSequence;
    private long previousStartNs;
    private long previousSilenceNs;
    private long previousSilenceAdvance;

    /** Starts anew with a run's first packet. */
    void start(long extended, long arrivalNs) {
        turn(extended, arrivalNs);
        turn(extended, arrivalNs);
    }

    /** A cycle of sequence numbers is full: forgets the one before it. */
    void turn(long extended, long arrivalNs) {
        previousSequence = sequence;
        previousStartNs = startNs;
        previousSilenceNs = silenceNs;
        previousSilenceAdvance = silenceAdvance;
        sequence = extended;
        startNs = arrivalNs;
        silenceNs = 0;
        silenceAdvance = 0;
    }

    /**
     * A packet of the run has arrived.
     *
     * @param gapNs time since the packet before it
     * @param advance how far it moved the highest sequence number
     */
    void onPacket(long gapNs, long advance) {
        if (gapNs > silenceNs) {
            silenceNs = gapNs;
            silenceAdvance = advance;
        }
    }

    /**
     * Whether a loss explains a jump.
     *
     * @param jump how far ahead of {@code highest} the packet is
     * @param highest the extended highest sequence number so far
     * @param lastNs when the packet before it arrived
     * @param arrivalNs when it arrived
     */
    boolean explains(int jump, long highest, long lastNs, long arrivalNs) {
        if (jump <= MAX_DROPOUT) {
            return true;
        }
        boolean inPrevious = previousSilenceNs > silenceNs;
        long longestNs = inPrevious ? previousSilenceNs : silenceNs;
        long acrossLongest = inPrevious ? previousSilenceAdvance : silenceAdvance;
        long advance = highest - previousSequence;
        long spanNs = lastNs - previousStartNs;
        if (spanNs > longestNs && advance > acrossLongest) {
            advance -= acrossLongest;
            spanNs -= longestNs;
        }
        long withoutPacketsNs = Math.max(longestNs, arrivalNs - lastNs);
        if (advance <= 0 || withoutPacketsNs <= 0) {
            return false;
        }
        return spanNs <= 0 || jump <= MAX_DROPOUT + HEADROOM * advance / spanNs * withoutPacketsNs;
    }
}
