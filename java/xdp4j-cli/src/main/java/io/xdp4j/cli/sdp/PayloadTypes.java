// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import io.xdp4j.rtp.RtpClock;
import io.xdp4j.rtp.RtpClocks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The payload types of a media and what they mean.
 *
 * @param all at least one, the preferred one first
 */
record PayloadTypes(List<PayloadType> all) {
    private static final Pattern RTPMAP = Pattern.compile("(\\d{1,3})\\s+([^/\\s]+)/(\\d{1,9})(?:/\\S*)?");
    private static final int HIGHEST = 127;
    private static final int NONE = 0;

    /**
     * One of them.
     *
     * @param encoding its name by {@code a=rtpmap}; null without
     * @param mappedHz the clock rate by {@code a=rtpmap}; null without
     */
    record PayloadType(int number, String encoding, Integer mappedHz) {
        boolean isStatic() {
            return RtpClock.rateHz(number, NONE) != NONE;
        }

        /** By {@code a=rtpmap}, or else by RFC 3551; null when none is known. */
        Integer clockRateHz() {
            return mappedHz == null && isStatic() ? Integer.valueOf(RtpClock.rateHz(number, NONE)) : mappedHz;
        }
    }

    /** @throws IllegalArgumentException when there is none, or they and the {@code a=rtpmap} contradict each other */
    static PayloadTypes of(Media media) {
        Map<Integer, PayloadType> known = new LinkedHashMap<>();
        for (String format : media.formats()) {
            if (!format.matches("\\d{1,3}") || Integer.parseInt(format) > HIGHEST) {
                throw media.line().refusal("'" + format + "' is not a payload type of RTP, 0 to " + HIGHEST);
            }
            known.put(Integer.valueOf(format), new PayloadType(Integer.parseInt(format), null, null));
        }
        for (SdpLine line : media.section().attributes("rtpmap")) {
            PayloadType mapped = mapped(line);
            PayloadType before = known.replace(mapped.number(), mapped);
            if (before == null) {
                throw line.refusal("payload type " + mapped.number() + " is not among those of line "
                        + media.line().number() + ", " + media.line());
            }
            if (before.encoding() != null && !before.equals(mapped)) {
                throw line.refusal("payload type " + mapped.number() + " is " + before.encoding() + "/"
                        + before.mappedHz() + " by an rtpmap before");
            }
        }
        return new PayloadTypes(List.copyOf(known.values()));
    }

    private static PayloadType mapped(SdpLine line) {
        Matcher matcher = RTPMAP.matcher(line.attributeValue());
        if (!matcher.matches() || Integer.parseInt(matcher.group(3)) == 0) {
            throw line.malformed("a=rtpmap:PAYLOAD-TYPE ENCODING/CLOCK-RATE, for example a=rtpmap:97 L24/48000/2");
        }
        return new PayloadType(
                Integer.parseInt(matcher.group(1)), matcher.group(2), Integer.valueOf(matcher.group(3)));
    }

    PayloadType preferred() {
        return all.get(0);
    }

    /** For payload types of which nothing says the clock, that of the first dynamic one which has one, or video's. */
    RtpClocks clocks() {
        int otherHz = all.stream()
                .filter(type -> !type.isStatic())
                .map(PayloadType::mappedHz)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(RtpClock.VIDEO_HZ);
        return new RtpClocks(
                all.stream()
                        .filter(type -> type.mappedHz() != null)
                        .collect(Collectors.toMap(PayloadType::number, PayloadType::mappedHz)),
                otherHz);
    }
}
