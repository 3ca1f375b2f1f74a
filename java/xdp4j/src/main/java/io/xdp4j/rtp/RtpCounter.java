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
    RECEIVED("RTP packets that arrived, whatever their sequence number."),
    EXPECTED("Extended highest minus lowest sequence number plus 1, summed over runs and SSRCs."),
    LOST("Expected sequence numbers that have not arrived; a straggler within the window heals its gap."),
    DISCONTINUITIES("Packets whose sequence number is not that of the SSRC's previous packet to arrive, plus 1."),
    REORDERED("Packets that arrived behind a higher sequence number, within the window, for the first time."),
    DUPLICATE("Packets whose sequence number had arrived already, within the window."),
    LATE("Packets with no place in their run: behind the window or the run's start, or alone far ahead."),
    SSRC_CHANGES("SSRCs that appeared after the flow's first; one forgotten for want of room counts again."),
    RESTARTS("Jumps of an SSRC's sequence number that a loss cannot explain and that the next packet confirmed."),
    NON_RTP("Packets that are not RTP version 2, contradict their own length, or are RTCP."),
    BYTES("RTP payload bytes of the received packets, without header, extension and padding.");

    private final String description;

    RtpCounter(String description) {
        this.description = description;
    }

    /** One sentence that says what is counted; it is the documentation of the constant. */
    public String description() {
        return description;
    }
}
