// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import io.xdp4j.jfr.JfrEvents;

/**
 * The packets of one SSRC of a flow. Sequence numbers follow RFC 3550 §A.1 with three differences:
 *
 * <ul>
 *   <li>A window of {@value SequenceWindow#SIZE} numbers tells a straggler from a duplicate, so that a straggler heals
 *       its gap and the loss is never negative.
 *   <li>A jump ahead is judged by the stream's pace, see {@link StreamPace}.
 *   <li>The first packet counts; there is no minimum of packets in sequence. One that arrives behind it but was sent
 *       before it moves the start of the run back.
 * </ul>
 *
 * <p>A packet behind the window, or too far ahead, is on probation and counted as late; when the SSRC's next packet
 * follows it, the run restarts there and it is late no more.
 *
 * <p>What 16 bits cannot show: a loss of exactly k x 65,536 packets in a row is not seen; a longer one is seen modulo
 * 65,536; one of more than 32,767 looks like a step back, so like a restart or, up to a window short of 65,536, like
 * stragglers. A sender that starts again less than a window behind looks like duplicates.
 *
 * <p>Threads: written by the flow's receiving thread. {@link #save} may run beside it, see {@link RtpFlow#snapshot()}.
 */
final class RtpStream {
    /** Where {@link #save} writes what is no counter, behind the {@link RtpCounter}s in their order. */
    static final int SSRC = RtpCounter.values().length;

    static final int PAYLOAD_TYPE = SSRC + 1;
    static final int CLOCK_RATE_HZ = SSRC + 2;
    static final int HIGHEST = SSRC + 3;
    static final int JITTER_NS_BITS = SSRC + 4;
    static final int LAST_USE = SSRC + 5;

    /** How many words {@link #save} writes. */
    static final int WORDS = SSRC + 6;

    private static final int SEQUENCE_MASK = 0xffff;
    private static final int CYCLE_BITS = 16;
    private static final double NS_PER_SECOND = 1e9;
    private static final double JITTER_GAIN = 1.0 / 16;

    // What every packet in order touches comes first, and the two objects lie next to this one: with many flows each
    // cache line counts. (HotSpot lays out numbers by size, those of one size in this order, and references behind.)
    private long highest;
    private long received;
    private long payloadBytes;
    private long lastArrivalNs;
    private double jitterNs;
    private double nsPerTick;
    private int ssrc;
    private int nextSequence;
    private int lastTimestamp;
    private int payloadType;
    private final StreamPace pace = new StreamPace();
    private final SequenceWindow window = new SequenceWindow();
    private final RtpClocks clocks; // looked at when the payload type changes
    private final String flow; // null when it has no name
    private final boolean tellsGaps;

    private int clockRateHz;
    private long lastUse;

    private long discontinuities;
    private long reordered;
    private long duplicates;
    private long late;
    private long restarts;

    private long base;
    private long expectedInEarlierRuns;

    private boolean onProbation;
    private long probationArrivalNs;
    private int probationTimestamp;

    /**
     * @param clocks of the payload types
     * @param flow its name; may be null
     * @param tellsGaps to the Flight Recorder
     */
    RtpStream(RtpClocks clocks, String flow, boolean tellsGaps) {
        this.clocks = clocks;
        this.flow = flow;
        this.tellsGaps = tellsGaps;
    }

    /** Begins a new SSRC with its first packet, which then is given to {@link #onPacket} as well. */
    void start(int newSsrc, int sequence, int timestamp, int newPayloadType, long arrivalNs) {
        ssrc = newSsrc;
        received = 0;
        discontinuities = 0;
        reordered = 0;
        duplicates = 0;
        late = 0;
        restarts = 0;
        payloadBytes = 0;
        expectedInEarlierRuns = 0;
        jitterNs = 0;
        onProbation = false;
        nextSequence = sequence;
        clock(newPayloadType);
        startRun(sequence, timestamp, arrivalNs);
    }

    int ssrc() {
        return ssrc;
    }

    /** When another SSRC took over from this one, as the flow counts it. */
    long lastUse() {
        return lastUse;
    }

    void lastUse(long use) {
        lastUse = use;
    }

    /** Counts a packet of this SSRC. */
    void onPacket(int sequence, int timestamp, int packetPayloadType, int packetPayloadBytes, long arrivalNs) {
        received++;
        payloadBytes += packetPayloadBytes;
        if (sequence != nextSequence) {
            discontinuities++;
            onProbation = false;
        }
        nextSequence = sequence + 1 & SEQUENCE_MASK;

        int step = (short) (sequence - (int) highest);
        if (step == 1) {
            advanceTo(highest + 1, arrivalNs);
        } else if (onProbation) {
            restart(sequence - 1 & SEQUENCE_MASK, arrivalNs);
            step = 1;
        } else if (!place(step, arrivalNs)) {
            onProbation = true;
            probationArrivalNs = arrivalNs;
            probationTimestamp = timestamp;
            late++;
            return;
        }
        long gapNs = arrivalNs - lastArrivalNs;
        lastArrivalNs = arrivalNs;
        pace.onPacket(gapNs, Math.max(step, 0));
        updateJitter(packetPayloadType, timestamp, gapNs);
    }

    /** Finds the place of a packet that is not the next one; false when it has none in this run. */
    private boolean place(int step, long arrivalNs) {
        long extended = highest + step;
        if (step > 0) {
            if (!pace.explains(step, highest, lastArrivalNs, arrivalNs)) {
                return false;
            }
            window.skip(highest + 1, extended);
            // A snapshot waits until this is recorded; a packet in its turn does not come by here.
            if (tellsGaps) {
                JfrEvents.gap(flow, ssrc, (int) highest + 1 & SEQUENCE_MASK, (int) extended & SEQUENCE_MASK, step - 1);
            }
            advanceTo(extended, arrivalNs);
            return true;
        }
        if (step <= -SequenceWindow.SIZE) {
            return false;
        }
        if (window.contains(extended)) {
            duplicates++;
            return true;
        }
        if (extended < base) {
            if (restarts > 0) {
                return false; // perhaps of the run before
            }
            base = extended;
        }
        window.add(extended);
        reordered++;
        return true;
    }

    private void advanceTo(long extended, long arrivalNs) {
        if ((extended ^ highest) >> CYCLE_BITS != 0) {
            pace.turn(extended, arrivalNs);
        }
        highest = extended;
        window.add(extended);
    }

    /** The packet on probation is the first of a new run, and the one at hand its second. */
    private void restart(int first, long arrivalNs) {
        restarts++;
        late--;
        onProbation = false;
        expectedInEarlierRuns += highest - base + 1;
        startRun(first, probationTimestamp, probationArrivalNs);
        advanceTo(first, probationArrivalNs);
        advanceTo(first + 1, arrivalNs);
    }

    private void startRun(int sequence, int timestamp, long arrivalNs) {
        base = sequence;
        highest = base - 1;
        lastTimestamp = timestamp;
        lastArrivalNs = arrivalNs;
        window.clear();
        pace.start(base, arrivalNs);
    }

    /**
     * Interarrival jitter as RFC 3550 §A.8 has it, and tshark: of every packet against the one that arrived before it,
     * in order of arrival, so with stragglers and duplicates. Late packets, which belong to no run, have no part in it.
     * Kept in nanoseconds, and from differences only: no precision is lost, and the timestamp may wrap.
     */
    private void updateJitter(int packetPayloadType, int timestamp, long gapNs) {
        int ticks = timestamp - lastTimestamp;
        lastTimestamp = timestamp;
        if (packetPayloadType != payloadType) {
            int previousHz = clockRateHz;
            clock(packetPayloadType);
            if (clockRateHz != previousHz) {
                return; // two clocks have no difference
            }
        }
        jitterNs += (Math.abs(gapNs - ticks * nsPerTick) - jitterNs) * JITTER_GAIN;
    }

    private void clock(int newPayloadType) {
        payloadType = newPayloadType;
        clockRateHz = clocks.rateHz(newPayloadType);
        nsPerTick = NS_PER_SECOND / clockRateHz;
    }

    /** Sequence numbers that have not arrived. */
    long lost() {
        return expected() - (received - duplicates - late);
    }

    private long expected() {
        return expectedInEarlierRuns + highest - base + 1;
    }

    /** Adds what this stream counted to the words that {@link RtpCounter} numbers, from {@code at} on. */
    void addCounts(long[] to, int at) {
        to[at + RtpCounter.RECEIVED.ordinal()] += received;
        to[at + RtpCounter.EXPECTED.ordinal()] += expected();
        to[at + RtpCounter.LOST.ordinal()] += lost();
        to[at + RtpCounter.DISCONTINUITIES.ordinal()] += discontinuities;
        to[at + RtpCounter.REORDERED.ordinal()] += reordered;
        to[at + RtpCounter.DUPLICATE.ordinal()] += duplicates;
        to[at + RtpCounter.LATE.ordinal()] += late;
        to[at + RtpCounter.RESTARTS.ordinal()] += restarts;
        to[at + RtpCounter.BYTES.ordinal()] += payloadBytes;
    }

    /** Writes {@link #WORDS} words, the counters onto zeros. */
    void save(long[] to, int at) {
        addCounts(to, at);
        to[at + SSRC] = ssrc;
        to[at + PAYLOAD_TYPE] = payloadType;
        to[at + CLOCK_RATE_HZ] = clockRateHz;
        to[at + HIGHEST] = highest;
        to[at + JITTER_NS_BITS] = Double.doubleToRawLongBits(jitterNs);
        to[at + LAST_USE] = lastUse;
    }
}
