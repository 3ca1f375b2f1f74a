// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * RFC 3550 §A.8: {@code J += (|D| - J) / 16}, D by hand. Cases named so were given to tshark 4.0 as a capture as well
 * ({@code -z rtp,streams}); its maximum of the jitter, in milliseconds to three decimals, is the expected value.
 */
class RtpJitterTest {
    private static final long MS = 1_000_000;
    private static final int TICKS = 160; // 20 ms at 8 kHz

    private final RtpSender sender = new RtpSender(new RtpFlow());

    private RtpStatistics.Stream stream() {
        return sender.statistics().latestStream().orElseThrow();
    }

    private void assertJitterMs(double expected, double delta) {
        assertEquals(expected, stream().jitterMs(), delta);
    }

    private RtpSender at(long ms, int sequence, int timestamp) {
        sender.nowNs = 1_000 * MS + ms * MS;
        return sender.packet(sequence, timestamp);
    }

    private RtpSender at(long ms, int sequence) {
        return at(ms, sequence, sequence * TICKS);
    }

    @Test
    void evenSpacingHasNone() {
        sender.sendRange(1, 100);
        assertJitterMs(0, 0);
    }

    @Test
    void aPacket5MsLateAsTsharkHasIt() {
        at(0, 0);
        at(20, 1);
        at(45, 2);
        assertJitterMs(5.0 / 16, 1e-12);
        at(60, 3);
        assertJitterMs(0.605, 5e-4);
        assertJitterMs(5.0 / 16 + (5 - 5.0 / 16) / 16, 1e-12);
        at(80, 4);
        assertJitterMs(0.605 * 15 / 16, 5e-4);
    }

    @Test
    void inTicksOfTheTimestamp() {
        at(0, 0);
        at(25, 1);
        assertEquals(8_000, stream().clockRateHz());
        assertEquals(40.0 / 16, stream().jitterTicks(), 1e-9); // 5 ms are 40 ticks
    }

    @Test
    void aDuplicateTakesPartAsTsharkHasIt() {
        at(0, 0);
        at(20, 1);
        at(27, 1);
        assertJitterMs(7.0 / 16, 1e-12);
        at(40, 2);
        assertJitterMs(0.848, 5e-4);
    }

    @Test
    void aStragglerTakesPartInOrderOfArrivalAsTsharkHasIt() {
        at(0, 0);
        at(40, 2);
        at(43, 1);
        assertJitterMs(23.0 / 16, 1e-12);
        at(60, 3);
        assertJitterMs(2.785, 5e-4);
    }

    @Test
    void aLossHasNoneAsTsharkHasIt() {
        at(0, 0);
        at(20, 1);
        at(60, 3);
        assertJitterMs(0, 0);
    }

    @Test
    void theTimestampMayWrap() {
        at(0, 0, -TICKS);
        at(20, 1, 0);
        at(40, 2, TICKS);
        at(60, 3, Integer.MAX_VALUE - 10);
        assertEquals(true, stream().jitterMs() > 0, "a real jump is seen");
    }

    @Test
    void arrivalTimesLoseNoPrecision() {
        sender.nowNs = Long.MAX_VALUE - 1_000; // wraps, as System.nanoTime() may
        sender.packet(0, 0);
        sender.nowNs += 20 * MS + 16;
        sender.packet(1, TICKS);
        assertEquals(1.0, stream().jitterNs(), 1e-6); // 16 ns / 16
    }

    @Test
    void dynamicPayloadTypesHaveTheClockOfVideoOrTheCallers() {
        sender.payloadType = 96;
        at(0, 0, 0);
        at(10, 1, 900);
        assertEquals(90_000, stream().clockRateHz());
        assertJitterMs(0, 1e-9);

        var audio = new RtpSender(new RtpFlow(48_000));
        audio.payloadType = 96;
        audio.packet(0, 0).pause(10 * MS).packet(1, 900);
        var stream = audio.statistics().latestStream().orElseThrow();
        assertEquals(48_000, stream.clockRateHz());
        assertEquals((18.75 - 10) / 16, stream.jitterMs(), 1e-9); // 900 ticks are 18.75 ms
    }

    /** As of an SDP with a=rtpmap:96 L24/48000, a=rtpmap:97 telephone-event/8000 and a=rtpmap:10 L16/48000. */
    @Test
    void eachPayloadTypeHasTheClockOfTheDescription() {
        var audio = new RtpSender(new RtpFlow(new RtpClocks(Map.of(96, 48_000, 97, 8_000, 10, 48_000), 90_000), null));
        audio.payloadType = 96;
        audio.packet(0, 0).pause(10 * MS).packet(1, 900);
        double jitterMs = (18.75 - 10) / 16; // 900 ticks are 18.75 ms
        assertEquals(jitterMs, latest(audio).jitterMs(), 1e-9);

        audio.payloadType = 97;
        audio.pause(10 * MS).packet(2, 5_000);
        assertEquals(8_000, latest(audio).clockRateHz());
        assertEquals(jitterMs, latest(audio).jitterMs(), 1e-9);
        audio.pause(20 * MS).packet(3, 5_160); // 160 ticks are 20 ms
        assertEquals(jitterMs * 15 / 16, latest(audio).jitterMs(), 1e-9);

        audio.payloadType = 10; // 44,100 Hz by RFC 3551
        assertEquals(48_000, latest(audio.packet(4, 0)).clockRateHz());
        audio.payloadType = 11;
        assertEquals(44_100, latest(audio.packet(5, 0)).clockRateHz());
        audio.payloadType = 98;
        assertEquals(90_000, latest(audio.packet(6, 0)).clockRateHz());
    }

    private static RtpStatistics.Stream latest(RtpSender sender) {
        return sender.statistics().latestStream().orElseThrow();
    }

    @Test
    void anotherClockHasNoDifferenceToTheOneBefore() {
        at(0, 0, 0);
        sender.payloadType = 33;
        at(20, 1, 123_456);
        assertJitterMs(0, 0);
        at(45, 2, 123_456 + 1_800);
        assertJitterMs(5.0 / 16, 1e-9);
        assertEquals(33, stream().payloadType());
    }

    @Test
    void anotherPayloadTypeOfTheSameClockGoesOn() {
        at(0, 0);
        sender.payloadType = 8;
        at(25, 1);
        assertJitterMs(5.0 / 16, 1e-12);
    }

    @Test
    void lateAndRestartingPacketsHaveNoPart() {
        at(0, 0);
        at(20, 1);
        at(25, 40_000);
        at(40, 2);
        assertJitterMs(0, 0);
        at(47, 50_000);
        at(67, 50_001);
        assertJitterMs(0, 0);
        assertEquals(1, sender.count(RtpCounter.RESTARTS));
        at(92, 50_002);
        assertJitterMs(5.0 / 16, 1e-12);
    }

    @Test
    void eachSsrcHasItsOwn() {
        for (int i = 0; i < 100; i++) {
            sender.ssrc = 1;
            at(20 * i, i);
            sender.ssrc = 2;
            at(20 * i + 7, i, i * TICKS + 999_999);
        }
        sender.statistics().streams().forEach(s -> assertEquals(0, s.jitterMs()));
    }
}
