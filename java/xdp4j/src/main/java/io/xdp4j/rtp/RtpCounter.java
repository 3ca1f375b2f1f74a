// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

/**
 * What {@link RtpFlow} counts. Written by the thread that receives the flow, read through {@link RtpFlow#snapshot()}.
 *
 * <p>Two equations hold in every snapshot, exactly: {@code RECEIVED = in order + REORDERED + DUPLICATE + LATE}, where
 * "in order" is a packet ahead of all that came before it in its run; and {@code EXPECTED = LOST + distinct}, where the
 * distinct sequence numbers received are {@code RECEIVED - DUPLICATE - LATE}. LOST and LATE may fall: when a straggler
 * fills a gap, and when a packet thought late proves to be the first after a restart.
 *
 * <p>A run is a stretch of one SSRC's packets with continuing sequence numbers; a restart begins a new one.
 */
public enum RtpCounter {
    /** Packets; RFC 3550 A.3 calls it {@code received}. */
    RECEIVED("RTP packets that arrived, whatever their sequence number."),
    /** Packets; RFC 3550 A.3 calls it {@code expected}. */
    EXPECTED("Extended highest minus lowest sequence number plus 1, summed over runs and SSRCs."),
    /** Packets; not the difference of RFC 3550 A.3, which a duplicate makes smaller. */
    LOST("Expected sequence numbers that have not arrived; a straggler within the window heals its gap."),
    /** Packets; a gap is one, whatever its length. */
    DISCONTINUITIES("Packets whose sequence number is not that of the SSRC's previous packet to arrive, plus 1."),
    /** Packets; the reordered ones of RFC 4737 §3, but for duplicates. */
    REORDERED("Packets that arrived behind a higher sequence number, within the window, for the first time."),
    /** Packets; the copies of RFC 5560. */
    DUPLICATE("Packets whose sequence number had arrived already, within the window."),
    /** Packets; whether they heal a gap cannot be told. */
    LATE("Packets with no place in their run: behind the window or the run's start, or alone far ahead."),
    /** Sources (RFC 3550 §8). */
    SSRC_CHANGES("SSRCs that appeared after the flow's first; one forgotten for want of room counts again."),
    /** Jumps, by the rule of RFC 3550 A.1. */
    RESTARTS("Jumps of an SSRC's sequence number that a loss cannot explain and that the next packet confirmed."),
    /** Packets; RFC 3550 A.1 has the checks, RFC 5761 §4 tells RTCP. */
    NON_RTP("Packets that are not RTP version 2, contradict their own length, or are RTCP."),
    /** Bytes; the payload octets of RFC 3550 §6.4.1. */
    BYTES("RTP payload bytes of the received packets, without header, extension and padding.");

    private final String description;

    RtpCounter(String description) {
        this.description = description;
    }

    /** {@return one sentence that says what is counted; it is the documentation of the constant} */
    public String description() {
        return description;
    }
}
