// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the fixed header of an RTP packet (RFC 3550 §5.1) where it lies, without copying or allocating:
 *
 * <pre>
 *   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  |V=2|P|X|  CC   |M|     PT      |        sequence number        |
 *  |                           timestamp                           |
 *  |           synchronization source (SSRC) identifier            |
 *  |  CC contributing sources (CSRC), 4 bytes each                 |
 *  |  if X: profile (2 bytes), length in words (2 bytes), extension words (RFC 3550 §5.3.1)
 *  |  payload                                                      |
 *  |  if P: padding, the last byte of which counts the bytes of padding, itself included
 * </pre>
 *
 * <p>Every method takes the buffer and the position of the first byte of the UDP payload. Reads are absolute and in
 * network byte order, whatever the buffer's own. The fields mean something only where {@link #isRtp} is true.
 */
public final class RtpHeader {
    /** Bytes of the header without CSRCs and extension. */
    public static final int FIXED_BYTES = 12;

    /** What {@link #payloadLength} answers for a packet that is not RTP. */
    public static final int NOT_RTP = -1;

    /** The first byte of most packets: version 2, and none of padding, extension and CSRCs. */
    private static final int PLAIN = 0x80;

    private static final int VERSION = 2;
    private static final int CSRC_BYTES = 4;
    private static final int EXTENSION_HEADER_BYTES = 4;
    private static final int EXTENSION_WORD_BYTES = 4;
    private static final int FIRST_RTCP_PAYLOAD_TYPE = 72;
    private static final int RTCP_PAYLOAD_TYPES = 5;

    // The first four bytes are always read as one word, which is one access however many of its fields are asked for.
    private static final VarHandle WORDS =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private RtpHeader() {}

    /**
     * {@return whether these bytes are an RTP packet: version 2; CSRC list, extension and padding within the packet,
     * the padding at least 1 byte; and not RTCP} An RTCP packet on the RTP port has the same version bits, and its
     * packet type, 200 to 204, stands where RTP has the marker and a payload type of 72 to 76; RFC 3551 §6 keeps these
     * payload types free of RTP for that reason (RFC 5761 §4). Taken for RTP, it would be a stray SSRC with a loss of
     * its own.
     *
     * @param data holds the packet
     * @param offset where the UDP payload starts
     * @param length its bytes; may be 0
     */
    public static boolean isRtp(ByteBuffer data, int offset, int length) {
        return payloadLength(data, offset, length) != NOT_RTP;
    }

    /**
     * Bytes between header and padding, or {@link #NOT_RTP}. Never throws for the content of a packet.
     *
     * @param data holds the packet
     * @param offset where the UDP payload starts
     * @param length its bytes; may be 0
     * @return bytes, from 0, or {@link #NOT_RTP}
     */
    public static int payloadLength(ByteBuffer data, int offset, int length) {
        if (length < FIXED_BYTES) {
            return NOT_RTP;
        }
        int rtcp = payloadType(data, offset) - FIRST_RTCP_PAYLOAD_TYPE;
        if (rtcp >= 0 && rtcp < RTCP_PAYLOAD_TYPES) {
            return NOT_RTP;
        }
        if (word(data, offset) >>> 24 == PLAIN) {
            return length - FIXED_BYTES;
        }
        return word(data, offset) >>> 30 == VERSION ? withoutExtras(data, offset, length) : NOT_RTP;
    }

    /** Of a packet that has CSRCs, extension or padding. */
    private static int withoutExtras(ByteBuffer data, int offset, int length) {
        int header = FIXED_BYTES + csrcCount(data, offset) * CSRC_BYTES;
        if (hasExtension(data, offset)) {
            if (length < header + EXTENSION_HEADER_BYTES) {
                return NOT_RTP;
            }
            header = headerLength(data, offset);
        }
        int payload = length - header;
        if (payload >= 0 && hasPadding(data, offset)) {
            int padding = data.get(offset + length - 1) & 0xff;
            return padding == 0 || padding > payload ? NOT_RTP : payload - padding;
        }
        return Math.max(payload, NOT_RTP);
    }

    /**
     * {@return bytes of the header: fixed part, CSRC list and extension}
     *
     * @param data holds the packet
     * @param offset where the UDP payload starts
     */
    public static int headerLength(ByteBuffer data, int offset) {
        int header = FIXED_BYTES + csrcCount(data, offset) * CSRC_BYTES;
        if (!hasExtension(data, offset)) {
            return header;
        }
        int words = word(data, offset + header) & 0xffff;
        return header + EXTENSION_HEADER_BYTES + words * EXTENSION_WORD_BYTES;
    }

    /**
     * {@return whether the packet ends with padding}
     *
     * @param data holds the packet
     * @param offset where the UDP payload starts
     */
    public static boolean hasPadding(ByteBuffer data, int offset) {
        return (word(data, offset) & 1 << 29) != 0;
    }

    /**
     * {@return whether an extension stands between the CSRC list and the payload}
     *
     * @param data holds the packet
     * @param offset where the UDP payload starts
     */
    public static boolean hasExtension(ByteBuffer data, int offset) {
        return (word(data, offset) & 1 << 28) != 0;
    }

    /**
     * {@return number of contributing sources, 0 to 15}
     *
     * @param data holds the packet
     * @param offset where the UDP payload starts
     */
    public static int csrcCount(ByteBuffer data, int offset) {
        return word(data, offset) >>> 24 & 0x0f;
    }

    /**
     * {@return the marker bit; the profile says what it marks, often the last packet of a frame}
     *
     * @param data holds the packet
     * @param offset where the UDP payload starts
     */
    public static boolean marker(ByteBuffer data, int offset) {
        return (word(data, offset) & 1 << 23) != 0;
    }

    /**
     * {@return the payload type, 0 to 127}
     *
     * @param data holds the packet
     * @param offset where the UDP payload starts
     */
    public static int payloadType(ByteBuffer data, int offset) {
        return word(data, offset) >>> 16 & 0x7f;
    }

    /**
     * {@return the sequence number, 0 to 65,535}
     *
     * @param data holds the packet
     * @param offset where the UDP payload starts
     */
    public static int sequence(ByteBuffer data, int offset) {
        return word(data, offset) & 0xffff;
    }

    /**
     * {@return the 32 bits of the timestamp, to be read as unsigned, in ticks of the payload type's clock}
     *
     * @param data holds the packet
     * @param offset where the UDP payload starts
     */
    public static int timestamp(ByteBuffer data, int offset) {
        return word(data, offset + 4);
    }

    /**
     * {@return the 32 bits of the synchronization source, to be read as unsigned}
     *
     * @param data holds the packet
     * @param offset where the UDP payload starts
     */
    public static int ssrc(ByteBuffer data, int offset) {
        return word(data, offset + 8);
    }

    private static int word(ByteBuffer data, int offset) {
        return (int) WORDS.get(data, offset);
    }
}
