// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an {@link RtpFlow} had counted at one moment; immutable.
 *
 * @param counts every {@link RtpCounter}, summed over all SSRCs that the flow ever had
 * @param streams the SSRCs that the flow remembers, the one of its latest packet first; at most
 *     {@value RtpFlow#MAX_STREAMS}. Of several receivers these are the SSRCs of all, the one with the most packets
 *     first
 */
public record RtpStatistics(Map<RtpCounter, Long> counts, List<Stream> streams) {
    /**
     * Keeps copies.
     *
     * @param counts see {@link #counts()}
     * @param streams see {@link #streams()}
     */
    public RtpStatistics {
        counts = inOrder(counts);
        streams = List.copyOf(streams);
    }

    /**
     * What several receivers of one flow have counted, each the packets of its queue. Where more than one of them had
     * any, the counters of sequence numbers that did not come (EXPECTED, LOST, DISCONTINUITIES, LATE, RESTARTS) mean
     * little, for each receiver misses what the others had; the rest are sums. Of an SSRC that several had, all but the
     * counts is of the one that had most of it.
     *
     * @param parts of none of them all is zero
     * @return the sums
     */
    public static RtpStatistics sum(List<RtpStatistics> parts) {
        if (parts.size() == 1) {
            return parts.get(0);
        }
        Map<RtpCounter, Long> counts = new EnumMap<>(RtpCounter.class);
        for (RtpCounter counter : RtpCounter.values()) {
            counts.put(counter, parts.stream().mapToLong(part -> part.count(counter)).sum());
        }
        Comparator<Stream> most = Comparator.comparingLong((Stream stream) -> stream.count(RtpCounter.RECEIVED))
                .reversed();
        Map<Integer, Stream> bySsrc = new LinkedHashMap<>();
        parts.stream()
                .flatMap(part -> part.streams().stream())
                .sorted(most)
                .forEach(stream -> bySsrc.merge(stream.ssrc(), stream, Stream::plus));
        return new RtpStatistics(
                counts, bySsrc.values().stream().sorted(most).toList());
    }

    /**
     * {@return the flow's value of a counter}
     *
     * @param counter one of the counters
     */
    public long count(RtpCounter counter) {
        return counts.get(counter);
    }

    /** {@return the SSRC of the flow's latest RTP packet, or empty when none has come} */
    public Optional<Stream> latestStream() {
        return streams.stream().findFirst();
    }

    private static Map<RtpCounter, Long> inOrder(Map<RtpCounter, Long> counts) {
        Map<RtpCounter, Long> copy = new EnumMap<>(RtpCounter.class);
        copy.putAll(counts);
        return Collections.unmodifiableMap(copy);
    }

    /**
     * One SSRC of a flow.
     *
     * @param ssrc its 32 bits, to be read as unsigned
     * @param payloadType of the latest packet, 0 to 127
     * @param clockRateHz ticks a second of the timestamp, by the payload type
     * @param extendedHighestSequence the highest sequence number of the present run, with 65,536 added for every wrap
     *     since the run began
     * @param jitterNs interarrival jitter (RFC 3550 §A.8) in nanoseconds
     * @param counts every {@link RtpCounter}; 0 for {@code SSRC_CHANGES} and {@code NON_RTP}, which only a flow has
     */
    public record Stream(
            int ssrc,
            int payloadType,
            int clockRateHz,
            long extendedHighestSequence,
            double jitterNs,
            Map<RtpCounter, Long> counts) {
        /**
         * Keeps a copy.
         *
         * @param ssrc see {@link #ssrc()}
         * @param payloadType see {@link #payloadType()}
         * @param clockRateHz see {@link #clockRateHz()}
         * @param extendedHighestSequence see {@link #extendedHighestSequence()}
         * @param jitterNs see {@link #jitterNs()}
         * @param counts see {@link #counts()}
         */
        public Stream {
            counts = inOrder(counts);
        }

        /** The counts of both; all else is this one's. */
        private Stream plus(Stream other) {
            Map<RtpCounter, Long> sums = new EnumMap<>(counts);
            other.counts.forEach((counter, count) -> sums.merge(counter, count, Long::sum));
            return new Stream(ssrc, payloadType, clockRateHz, extendedHighestSequence, jitterNs, sums);
        }

        /**
         * {@return the SSRC's value of a counter}
         *
         * @param counter one of the counters
         */
        public long count(RtpCounter counter) {
            return counts.get(counter);
        }

        /** {@return interarrival jitter in milliseconds} */
        public double jitterMs() {
            return jitterNs / 1e6;
        }

        /** {@return interarrival jitter in ticks of the timestamp: the unit of an RTCP report (RFC 3550 §6.4.1)} */
        public double jitterTicks() {
            return jitterNs * clockRateHz / 1e9;
        }
    }
}
