// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.sdp;

import io.xdp4j.rtp.RtpClock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

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

        /** What its timestamps are reckoned by: the clock of RFC 3551 if that gives one; null when none is known. */
        Integer clockRateHz() {
            return isStatic() ? Integer.valueOf(RtpClock.rateHz(number, NONE)) : mappedHz;
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

    /** The clock of those to which RFC 3551 gives none: that of the first which has one. */
    int dynamicClockRateHz() {
        return dynamicClocksHz().findFirst().orElse(RtpClock.VIDEO_HZ);
    }

    private Stream<Integer> dynamicClocksHz() {
        return all.stream()
                .filter(type -> !type.isStatic())
                .map(PayloadType::clockRateHz)
                .filter(Objects::nonNull)
                .distinct();
    }

    /** What a person should know of the clocks that jitter is reckoned by; empty when they are what rtpmap says. */
    Optional<String> note() {
        for (PayloadType type : all) {
            if (type.mappedHz() != null && !type.mappedHz().equals(type.clockRateHz())) {
                return Optional.of("payload type " + type.number() + " has a clock of " + type.clockRateHz()
                        + " Hz by RFC 3551: jitter is reckoned by that, not by " + type.mappedHz() + " Hz");
            }
        }
        return dynamicClocksHz().count() <= 1
                ? Optional.empty()
                : Optional.of("the payload types have several clocks: jitter is reckoned by " + dynamicClockRateHz()
                        + " Hz");
    }
}
