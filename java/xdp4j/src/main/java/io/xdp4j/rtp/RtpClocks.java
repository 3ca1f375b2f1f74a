// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import java.util.Map;

/**
 * The clocks of one flow's payload types, as a session description tells them. Immutable; flows may share one.
 *
 * @param mappedHz ticks a second by payload type (0 to 127), as {@code a=rtpmap} has them; they go before those of RFC
 *     3551, also for its static payload types
 * @param otherHz ticks a second for payload types that are not in {@code mappedHz} and to which RFC 3551 gives none
 */
public record RtpClocks(Map<Integer, Integer> mappedHz, int otherHz) {
    private static final int HIGHEST_PAYLOAD_TYPE = 127;

    /**
     * Copies the map.
     *
     * @param mappedHz see {@link #mappedHz()}
     * @param otherHz see {@link #otherHz()}
     * @throws IllegalArgumentException for a clock rate that is not above 0, or a payload type that RTP does not have
     */
    public RtpClocks {
        mappedHz = Map.copyOf(mappedHz);
        checkRate(otherHz);
        mappedHz.values().forEach(RtpClocks::checkRate);
        for (int payloadType : mappedHz.keySet()) {
            if (payloadType < 0 || payloadType > HIGHEST_PAYLOAD_TYPE) {
                throw new IllegalArgumentException(
                        "payload type " + payloadType + " is not between 0 and " + HIGHEST_PAYLOAD_TYPE);
            }
        }
    }

    private static void checkRate(int hz) {
        if (hz <= 0) {
            throw new IllegalArgumentException("clock rate " + hz + " Hz is not above 0");
        }
    }

    /**
     * Those of RFC 3551, and one for all other payload types.
     *
     * @param otherHz ticks a second for payload types to which RFC 3551 gives no clock
     * @return without a mapped one
     * @throws IllegalArgumentException when it is not above 0
     */
    public static RtpClocks of(int otherHz) {
        return new RtpClocks(Map.of(), otherHz);
    }

    /**
     * {@return ticks a second of the clock} Allocates nothing: the JVM keeps an Integer for each payload type.
     *
     * @param payloadType 0 to 127
     */
    public int rateHz(int payloadType) {
        Integer mapped = mappedHz.get(payloadType);
        return mapped == null ? RtpClock.rateHz(payloadType, otherHz) : mapped;
    }
}
