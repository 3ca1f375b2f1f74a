// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

/** The clock of RTP timestamps by payload type: the tables 4 and 5 of RFC 3551 §6. */
public final class RtpClock {
    /** The clock of every video format of RFC 3551 and of most formats with a dynamic payload type. */
    public static final int VIDEO_HZ = 90_000;

    private RtpClock() {}

    /**
     * {@return ticks a second of the clock}
     *
     * @param payloadType 0 to 127
     * @param dynamicHz the answer for payload types to which RFC 3551 gives no clock: the dynamic ones (96 to 127),
     *     whose clock is agreed elsewhere, for example in SDP; the reserved and the unassigned ones
     */
    public static int rateHz(int payloadType, int dynamicHz) {
        return switch (payloadType) {
            case 0, 3, 4, 5, 7, 8, 9, 12, 13, 15, 18 -> 8_000;
            case 6 -> 16_000;
            case 10, 11 -> 44_100;
            case 16 -> 11_025;
            case 17 -> 22_050;
            case 14, 25, 26, 28, 31, 32, 33, 34 -> VIDEO_HZ;
            default -> dynamicHz;
        };
    }
}
