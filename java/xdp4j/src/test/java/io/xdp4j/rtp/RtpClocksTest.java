// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RtpClocksTest {
    private static final RtpClocks CLOCKS = new RtpClocks(Map.of(10, 48_000, 96, 27_000_000, 127, 8_000), 96_000);

    /** 11 and 33 are 44,100 and 90,000 Hz by RFC 3551, and so would be 10; 95 and 97 have no clock of their own. */
    @ParameterizedTest
    @CsvSource({"10, 48000", "96, 27000000", "127, 8000", "11, 44100", "33, 90000", "95, 96000", "97, 96000"})
    void whatIsMappedGoesFirst(int payloadType, int rateHz) {
        assertEquals(rateHz, CLOCKS.rateHz(payloadType));
    }

    @Test
    void laterChangesOfTheMapAreNotSeen() {
        Map<Integer, Integer> mapped = new HashMap<>(Map.of(96, 48_000));
        RtpClocks clocks = new RtpClocks(mapped, 90_000);
        mapped.put(96, 1);
        assertEquals(48_000, clocks.rateHz(96));
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 1, 1, payload type -1 is not between 0 and 127",
        "128, 1, 1, payload type 128 is not between 0 and 127",
        "96, 0, 1, clock rate 0 Hz is not above 0",
        "96, 1, -5, clock rate -5 Hz is not above 0",
    })
    void whatIsNoClockIsRefused(int payloadType, int hz, int otherHz, String refusal) {
        Map<Integer, Integer> mapped = Map.of(payloadType, hz);
        assertEquals(
                refusal,
                assertThrows(IllegalArgumentException.class, () -> new RtpClocks(mapped, otherHz)).getMessage());
    }
}
