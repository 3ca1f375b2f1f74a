// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of the tables 4 and 5 of RFC 3551 §6. */
class RtpClockTest {
    private static final int DYNAMIC_HZ = 48_000;

    @ParameterizedTest(name = "{1} is payload type {0}: {2} Hz")
    @CsvSource({
        "0, PCMU, 8000", "3, GSM, 8000", "4, G723, 8000", "5, DVI4, 8000", "6, DVI4, 16000", "7, LPC, 8000",
        "8, PCMA, 8000", "9, G722, 8000", "10, L16, 44100", "11, L16, 44100", "12, QCELP, 8000", "13, CN, 8000",
        "14, MPA, 90000", "15, G728, 8000", "16, DVI4, 11025", "17, DVI4, 22050", "18, G729, 8000",
        "25, CelB, 90000", "26, JPEG, 90000", "28, nv, 90000", "31, H261, 90000", "32, MPV, 90000",
        "33, MP2T, 90000", "34, H263, 90000",
    })
    void tables4And5(int payloadType, String encoding, int rateHz) {
        assertEquals(rateHz, RtpClock.rateHz(payloadType, DYNAMIC_HZ), encoding);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "19", "20", "23", "24", "27", "29", "30", "35", "71", "77", "95", "96", "127"})
    void whatTheTablesLeaveOpenIsAgreedElsewhere(int payloadType) {
        assertEquals(DYNAMIC_HZ, RtpClock.rateHz(payloadType, DYNAMIC_HZ));
    }
}
