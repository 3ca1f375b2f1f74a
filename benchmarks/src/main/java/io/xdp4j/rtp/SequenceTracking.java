// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

/** The accounting of one SSRC alone, without reading a packet: in this package, since nobody else is to have it. */
public final class SequenceTracking {
    private final RtpStream stream = new RtpStream(RtpClocks.of(RtpClock.VIDEO_HZ), null, true);

    /** Begins with the packet that {@link #onPacket} is given first. */
    public void start(int ssrc, int sequence, int timestamp, int payloadType, long arrivalNs) {
        stream.start(ssrc, sequence, timestamp, payloadType, arrivalNs);
    }

    /** Counts a packet: sequence, window, pace and jitter. */
    public void onPacket(int sequence, int timestamp, int payloadType, int payloadBytes, long arrivalNs) {
        stream.onPacket(sequence, timestamp, payloadType, payloadBytes, arrivalNs);
    }
}
