// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import io.xdp4j.jfr.JfrEvents;
import io.xdp4j.packet.PacketBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Checks the RTP packets of one flow: counts what {@link RtpCounter} lists, and measures jitter, for each SSRC.
 *
 * <p>At most {@value #MAX_STREAMS} SSRCs are remembered, in memory taken at construction, since anyone can send any
 * number of them. When another appears, the one that has been silent longest is forgotten; its counts stay in the
 * flow's.
 *
 * <p>Threads: {@code onPacket} is called by one thread, the one that receives the flow; it allocates nothing, never
 * waits and never throws for the content of a packet. {@link #snapshot()} is for any thread, at any time.
 *
 * <p>How a snapshot is consistent though the receiving thread takes no lock: that thread makes {@code version} odd
 * while it counts a packet. A reader that finds it even, and the same after copying as before, has a good copy; else it
 * tries again (a sequence lock, the kernel's {@code seqcount_t}).
 */
public final class RtpFlow implements RtpReadings {
    /** SSRCs remembered at a time. */
    public static final int MAX_STREAMS = 16;

    private static final int STREAMS_USED = RtpCounter.values().length;
    private static final int FIRST_STREAM = STREAMS_USED + 1;
    static final int SAVED_WORDS = FIRST_STREAM + MAX_STREAMS * RtpStream.WORDS;

    private static final VarHandle VERSION;

    static {
        JfrEvents.prepare();
        try {
            VERSION = MethodHandles.lookup().findVarHandle(RtpFlow.class, "version", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final RtpStream[] streams = new RtpStream[MAX_STREAMS];
    private final long[] forgotten = new long[RtpCounter.values().length];
    private RtpStream current;
    private int streamsUsed;
    private long uses;
    private long ssrcChanges;
    private long nonRtp;

    private long version;

    /** For dynamic payload types with the clock of video, {@value RtpClock#VIDEO_HZ} Hz. */
    public RtpFlow() {
        this(RtpClock.VIDEO_HZ);
    }

    /**
     * @param dynamicClockRateHz ticks a second of the timestamp for payload types to which RFC 3551 gives no clock;
     *     only the jitter depends on it
     */
    public RtpFlow(int dynamicClockRateHz) {
        this(dynamicClockRateHz, null);
    }

    /**
     * @param dynamicClockRateHz ticks a second of the timestamp for payload types to which RFC 3551 gives no clock
     * @param name by which recordings of the JDK's Flight Recorder know the flow ({@link JfrEvents}); may be null
     */
    public RtpFlow(int dynamicClockRateHz, String name) {
        this(RtpClocks.of(dynamicClockRateHz), name);
    }

    /**
     * @param clocks of the payload types; only the jitter depends on them
     * @param name by which recordings of the JDK's Flight Recorder know the flow ({@link JfrEvents}); may be null
     */
    public RtpFlow(RtpClocks clocks, String name) {
        this(clocks, name, true);
    }

    private RtpFlow(RtpClocks clocks, String name, boolean tellsGaps) {
        Objects.requireNonNull(clocks, "clocks");
        Arrays.setAll(streams, i -> new RtpStream(clocks, name, tellsGaps));
        current = streams[0];
    }

    /**
     * For copies of packets that another one counts: the Flight Recorder has their gaps from that one alone.
     *
     * @return with the clock of video for dynamic payload types
     */
    public static RtpFlow ofCopies() {
        return new RtpFlow(RtpClocks.of(RtpClock.VIDEO_HZ), null, false);
    }

    /**
     * Counts packet {@code index} of a batch.
     *
     * @param batch as the source brought it
     * @param index from 0 to below {@link PacketBatch#size()}; a packet of this flow
     */
    public void onPacket(PacketBatch batch, int index) {
        onPacket(batch.data(), batch.payloadOffset(index), batch.payloadLength(index), batch.arrivalNs(index));
    }

    /**
     * Counts a packet.
     *
     * @param data holds the packet; position and limit stay
     * @param offset where the UDP payload starts
     * @param length its bytes, all of them within the limit of {@code data}
     * @param arrivalNs when the packet arrived, by any clock that advances steadily
     */
    public void onPacket(ByteBuffer data, int offset, int length, long arrivalNs) {
        int payloadBytes = RtpHeader.payloadLength(data, offset, length);
        if (payloadBytes == RtpHeader.NOT_RTP) {
            long even = beginChange();
            nonRtp++;
            endChange(even);
            return;
        }
        // All that reads the buffer, and so might throw, comes before the change begins.
        int payloadType = RtpHeader.payloadType(data, offset);
        int sequence = RtpHeader.sequence(data, offset);
        int timestamp = RtpHeader.timestamp(data, offset);
        int ssrc = RtpHeader.ssrc(data, offset);

        long even = beginChange();
        if (ssrc != current.ssrc() || streamsUsed == 0) {
            if (!find(ssrc)) {
                add();
                current.start(ssrc, sequence, timestamp, payloadType, arrivalNs);
            }
        }
        current.onPacket(sequence, timestamp, payloadType, payloadBytes, arrivalNs);
        endChange(even);
    }

    /**
     * {@link RtpCounter#LOST} as it is now, for the thread that calls {@code onPacket} and no other: from one packet to
     * the next it rises by the gap between the two, and falls when the packet fills a gap. Allocates nothing.
     *
     * @return packets of all SSRCs together
     */
    public long lost() {
        long lost = forgotten[RtpCounter.LOST.ordinal()];
        for (int i = 0; i < streamsUsed; i++) {
            lost += streams[i].lost();
        }
        return lost;
    }

    /** Makes the stream of an SSRC the current one; false when there is none. */
    private boolean find(int ssrc) {
        current.lastUse(++uses);
        for (int i = 0; i < streamsUsed; i++) {
            if (streams[i].ssrc() == ssrc) {
                current = streams[i];
                return true;
            }
        }
        return false;
    }

    /** Makes an unused stream the current one, or the one that has been silent longest. */
    private void add() {
        if (streamsUsed > 0) {
            ssrcChanges++;
        }
        if (streamsUsed < MAX_STREAMS) {
            current = streams[streamsUsed++];
            return;
        }
        RtpStream oldest = streams[0];
        for (RtpStream stream : streams) {
            if (stream.lastUse() < oldest.lastUse()) {
                oldest = stream;
            }
        }
        oldest.addCounts(forgotten, 0);
        current = oldest;
    }

    private long beginChange() {
        long even = version;
        VERSION.setOpaque(this, even + 1);
        VarHandle.storeStoreFence();
        return even;
    }

    private void endChange(long even) {
        VERSION.setRelease(this, even + 2);
    }

    /**
     * What has been counted so far, as it was between two packets. Takes no lock and leaves the receiving thread alone;
     * while packets are counted back to back it may have to try a few times.
     */
    @Override
    public RtpStatistics snapshot() {
        long[] copy = new long[SAVED_WORDS];
        while (true) {
            long before = (long) VERSION.getAcquire(this);
            if ((before & 1) == 0) {
                save(copy);
                VarHandle.loadLoadFence();
                if (before == (long) VERSION.getOpaque(this)) {
                    return statistics(copy);
                }
            }
            Thread.onSpinWait();
        }
    }

    /** For the thread that receives the flow, or one that then looks at the version; how many words mean something. */
    int save(long[] to) {
        int used = streamsUsed;
        Arrays.fill(to, 0, words(used), 0);
        to[STREAMS_USED] = used;
        for (int i = 0; i < used; i++) {
            int at = FIRST_STREAM + i * RtpStream.WORDS;
            RtpStream stream = streams[i];
            stream.save(to, at);
            stream.addCounts(to, 0);
            if (stream == current) {
                to[at + RtpStream.LAST_USE] = Long.MAX_VALUE;
            }
        }
        for (int i = 0; i < forgotten.length; i++) {
            to[i] += forgotten[i];
        }
        to[RtpCounter.SSRC_CHANGES.ordinal()] = ssrcChanges;
        to[RtpCounter.NON_RTP.ordinal()] = nonRtp;
        return words(used);
    }

    private static int words(int streamsUsed) {
        return FIRST_STREAM + streamsUsed * RtpStream.WORDS;
    }

    /** As {@link #save} returned it; something up to {@value #SAVED_WORDS} when that is half written. */
    static int words(ByteBuffer saved, int offset) {
        long used = saved.getLong(offset + STREAMS_USED * Long.BYTES);
        return words((int) Math.min(Math.max(used, 0), MAX_STREAMS));
    }

    /** Of what {@link #save} wrote. */
    static RtpStatistics statistics(long[] saved) {
        record Used(long lastUse, RtpStatistics.Stream stream) {}
        List<Used> used = new ArrayList<>();
        for (int i = 0; i < saved[STREAMS_USED]; i++) {
            int at = FIRST_STREAM + i * RtpStream.WORDS;
            used.add(new Used(
                    saved[at + RtpStream.LAST_USE],
                    new RtpStatistics.Stream(
                            (int) saved[at + RtpStream.SSRC],
                            (int) saved[at + RtpStream.PAYLOAD_TYPE],
                            (int) saved[at + RtpStream.CLOCK_RATE_HZ],
                            saved[at + RtpStream.HIGHEST],
                            Double.longBitsToDouble(saved[at + RtpStream.JITTER_NS_BITS]),
                            counts(saved, at))));
        }
        used.sort(Comparator.comparingLong(Used::lastUse).reversed());
        return new RtpStatistics(
                counts(saved, 0), used.stream().map(Used::stream).toList());
    }

    private static Map<RtpCounter, Long> counts(long[] saved, int at) {
        Map<RtpCounter, Long> counts = new EnumMap<>(RtpCounter.class);
        for (RtpCounter counter : RtpCounter.values()) {
            counts.put(counter, saved[at + counter.ordinal()]);
        }
        return counts;
    }
}
