// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.xdp4j.rtp.RtpClocks;

/**
 * What a session description says of a flow, beside where it goes.
 *
 * @param session its name; null when it has none
 * @param media audio, video or another
 * @param encoding the name of the encoding, for example L24; null when only the payload type says it
 * @param payloadType the preferred one
 * @param clockRateHz ticks a second of that one's RTP timestamp; null when nothing says it
 * @param clocks of all payload types
 * @param duplicateOf the flow whose packets this one repeats (RFC 7104, ST 2022-7); null for one that repeats none
 */
public record Announcement(
        String session,
        String media,
        String encoding,
        int payloadType,
        Integer clockRateHz,
        @JsonIgnore RtpClocks clocks,
        String duplicateOf) {
    Announcement duplicateOf(String flow) {
        return new Announcement(session, media, encoding, payloadType, clockRateHz, clocks, flow);
    }

    /** In words, for one line. */
    public String words() {
        return (session == null ? "" : session + ": ")
                + media
                + (encoding == null ? "" : " " + encoding)
                + (clockRateHz == null ? "" : "/" + clockRateHz)
                + ", payload type " + payloadType
                + (duplicateOf == null ? "" : ", duplicate of " + duplicateOf);
    }
}
