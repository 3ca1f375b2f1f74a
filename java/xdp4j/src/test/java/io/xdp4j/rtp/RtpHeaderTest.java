// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets made by hand after the figure of RFC 3550 §5.1. */
class RtpHeaderTest {
    private static final String REST = " FFFE 80000001 DEADBEEF"; // sequence, timestamp, SSRC
    private static final int OFFSET = 5; // unaligned on purpose

    private int length;

    private ByteBuffer packet(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        length = bytes.length;
        ByteBuffer data = ByteBuffer.allocateDirect(OFFSET + length);
        return data.put(OFFSET, bytes);
    }

    private int payloadLength(String hex) {
        return RtpHeader.payloadLength(packet(hex), OFFSET, length);
    }

    @Test
    void readsEveryFieldOfTheFixedHeader() {
        ByteBuffer data = packet("80 E0" + REST + "AABBCC");
        assertTrue(RtpHeader.isRtp(data, OFFSET, length));
        assertTrue(RtpHeader.marker(data, OFFSET));
        assertEquals(96, RtpHeader.payloadType(data, OFFSET));
        assertEquals(65_534, RtpHeader.sequence(data, OFFSET));
        assertEquals(0x80000001, RtpHeader.timestamp(data, OFFSET));
        assertEquals(0xDEADBEEF, RtpHeader.ssrc(data, OFFSET));
        assertEquals(0, RtpHeader.csrcCount(data, OFFSET));
        assertFalse(RtpHeader.hasExtension(data, OFFSET));
        assertFalse(RtpHeader.hasPadding(data, OFFSET));
        assertEquals(12, RtpHeader.headerLength(data, OFFSET));
        assertEquals(3, RtpHeader.payloadLength(data, OFFSET, length));
    }

    @Test
    void aHeaderAloneIsRtpWithoutPayload() {
        assertEquals(0, payloadLength("80 21" + REST));
    }

    @Test
    void skipsCsrcsExtensionAndPadding() {
        ByteBuffer data = packet("B2 21" + REST + "00000001 00000002" + "BEDE 0001 10AA0000" + "0102030405" + "000003");
        assertEquals(2, RtpHeader.csrcCount(data, OFFSET));
        assertTrue(RtpHeader.hasExtension(data, OFFSET));
        assertTrue(RtpHeader.hasPadding(data, OFFSET));
        assertFalse(RtpHeader.marker(data, OFFSET));
        assertEquals(12 + 8 + 8, RtpHeader.headerLength(data, OFFSET));
        assertEquals(5, RtpHeader.payloadLength(data, OFFSET, length));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "version 0, 00 21 FFFE 80000001 DEADBEEF",
        "version 1, 40 21 FFFE 80000001 DEADBEEF",
        "version 3, C0 21 FFFE 80000001 DEADBEEF",
        "nothing, ''",
        "one byte, 80",
        "11 bytes, 80 21 FFFE 80000001 DEADBE",
        "CSRC list cut, 82 21 FFFE 80000001 DEADBEEF 00000001 000000",
        "extension header missing, 90 21 FFFE 80000001 DEADBEEF",
        "extension header cut, 90 21 FFFE 80000001 DEADBEEF BEDE00",
        "extension cut, 90 21 FFFE 80000001 DEADBEEF BEDE0002 00000000 000000",
        "extension of 65535 words, 90 21 FFFE 80000001 DEADBEEF BEDEFFFF",
        "padding of 0 bytes, A0 21 FFFE 80000001 DEADBEEF 0102 00",
        "padding into the header, A0 21 FFFE 80000001 DEADBEEF 0102 04",
        "padding of 255 bytes, A0 21 FFFE 80000001 DEADBEEF 0102 FF",
        "padding bit without a byte to count it, A0 21 FFFE 80000001 DEADBEEF",
    })
    void isNotRtp(String what, String hex) {
        assertEquals(RtpHeader.NOT_RTP, payloadLength(hex), what);
        assertFalse(RtpHeader.isRtp(packet(hex), OFFSET, length), what);
    }

    @ParameterizedTest
    @CsvSource({
        "an empty extension, 0, 90 21 FFFE 80000001 DEADBEEF BEDE0000",
        "padding only, 0, A0 21 FFFE 80000001 DEADBEEF 000003",
        "15 CSRCs, 1, 8F 21 FFFE 80000001 DEADBEEF" + " 00000000 00000000 00000000 00000000 00000000"
                + " 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 00000000 AA",
    })
    void isRtpAtTheEdge(String what, int payload, String hex) {
        assertEquals(payload, payloadLength(hex), what);
    }

    /** SR, RR, SDES, BYE, APP: 200 to 204 (RFC 3550 §12.1); the first four bytes of each as RTCP writes them. */
    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 203, 204})
    void rtcpIsNotRtp(int packetType) {
        assertEquals(RtpHeader.NOT_RTP, payloadLength("81 %02X 0006".formatted(packetType) + " 00000000".repeat(6)));
    }

    @ParameterizedTest
    @ValueSource(ints = {71, 77, 71 | 0x80, 77 | 0x80})
    void theNeighboursOfRtcpAreRtp(int secondByte) {
        assertEquals(0, payloadLength("80 %02X".formatted(secondByte) + REST));
    }

    @Test
    void noContentThrowsOrIsReadBeyondItsEnd() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            if (bytes.length > 0 && random.nextBoolean()) {
                bytes[0] = (byte) (0x80 | bytes[0] & 0x3f);
            }
            // The buffer ends where the packet does: a read beyond would throw.
            int payload = RtpHeader.payloadLength(ByteBuffer.wrap(bytes), 0, bytes.length);
            int most = Math.max(bytes.length - RtpHeader.FIXED_BYTES, RtpHeader.NOT_RTP);
            assertTrue(payload >= RtpHeader.NOT_RTP && payload <= most, "seed " + seed);
        }
    }
}
