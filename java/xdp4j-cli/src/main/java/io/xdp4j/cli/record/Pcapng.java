// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes blocks of a capture file as draft-ietf-opsawg-pcapng has them, little-endian, at the position of a buffer.
 *
 * <pre>
 *   | type (4) | length of all (4) | fields | options | length of all (4) |
 *
 *   an option:  | code (2) | length (2) | value, to a multiple of 4 |
 * </pre>
 */
final class Pcapng {
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    /** Whole packets are written. */
    private static final int NO_SNAP_LENGTH = 0;

    private static final int SECTION = 0x0A0D0D0A;
    private static final int BYTE_ORDER_MAGIC = 0x1A2B3C4D;
    private static final int INTERFACE = 1;
    private static final int STATISTICS = 5;
    private static final int PACKET = 6; // an Enhanced Packet Block

    private static final int END_OF_OPTIONS = 0;
    private static final int COMMENT = 1;
    private static final int SECTION_OS = 3;
    private static final int SECTION_APPLICATION = 4;
    private static final int INTERFACE_NAME = 2;
    private static final int INTERFACE_DESCRIPTION = 3;
    private static final int INTERFACE_TIME_RESOLUTION = 9;
    private static final int PACKET_DROP_COUNT = 4;
    private static final int STATISTICS_START = 2;
    private static final int STATISTICS_END = 3;
    private static final int STATISTICS_RECEIVED = 4;
    private static final int STATISTICS_DROPPED = 5;

    /** 10 to the power of -9 s. */
    private static final byte NANOSECONDS = 9;

    private static final int FRAME_BYTES = 12; // type, and length twice
    private static final int PACKET_FIELDS_BYTES = 20;
    private static final int OPTION_HEADER_BYTES = 4;

    /** Bytes of a block that {@link #statistics} writes. */
    static final int STATISTICS_BYTES =
            FRAME_BYTES + 12 + 4 * (OPTION_HEADER_BYTES + Long.BYTES) + OPTION_HEADER_BYTES;

    private Pcapng() {}

    /** Begins a file. */
    static void section(ByteBuffer to, String os, String application) {
        int start = begin(to, SECTION);
        to.putInt(BYTE_ORDER_MAGIC).putShort((short) 1).putShort((short) 0);
        to.putLong(-1); // length of the section: not known yet
        option(to, SECTION_OS, utf8(os));
        option(to, SECTION_APPLICATION, utf8(application));
        option(to, END_OF_OPTIONS, new byte[0]);
        end(to, start);
    }

    /** What {@link #interfaceDescription} takes, at most. */
    static int interfaceBlockBytes(byte[] name, byte[] description) {
        return FRAME_BYTES + 8 + 4 * (OPTION_HEADER_BYTES + 3) + 1 + name.length + description.length;
    }

    /**
     * The first one is interface 0.
     *
     * @param name UTF-8, as is the description
     */
    static void interfaceDescription(ByteBuffer to, int linkType, byte[] name, byte[] description) {
        int start = begin(to, INTERFACE);
        to.putShort((short) linkType).putShort((short) 0).putInt(NO_SNAP_LENGTH);
        option(to, INTERFACE_NAME, name);
        option(to, INTERFACE_DESCRIPTION, description);
        option(to, INTERFACE_TIME_RESOLUTION, new byte[] {NANOSECONDS});
        option(to, END_OF_OPTIONS, new byte[0]);
        end(to, start);
    }

    /**
     * What a packet's block takes.
     *
     * @param bytes of the packet
     * @param comment null for none
     */
    static int packetBlockBytes(int bytes, int dropCount, byte[] comment) {
        int options = (dropCount != 0 ? OPTION_HEADER_BYTES + Long.BYTES : 0)
                + (comment != null ? OPTION_HEADER_BYTES + padded(comment.length) : 0);
        return FRAME_BYTES + PACKET_FIELDS_BYTES + padded(bytes) + (options > 0 ? options + OPTION_HEADER_BYTES : 0);
    }

    /**
     * Begins a packet's block: its bytes are to be put next, and then comes {@link #endPacket}.
     *
     * @param timeNs since 1970
     * @return to be given to {@link #endPacket}
     */
    static int beginPacket(ByteBuffer to, int interfaceIndex, long timeNs, int bytes) {
        int start = begin(to, PACKET);
        to.putInt(interfaceIndex);
        time(to, timeNs);
        to.putInt(bytes).putInt(bytes);
        return start;
    }

    /**
     * @param dropCount packets that were lost to this file between the one before and this one
     * @param comment UTF-8; null for none
     */
    static void endPacket(ByteBuffer to, int start, int dropCount, byte[] comment) {
        pad(to, start);
        if (dropCount != 0) {
            to.putShort((short) PACKET_DROP_COUNT).putShort((short) Long.BYTES).putLong(dropCount);
        }
        if (comment != null) {
            option(to, COMMENT, comment);
        }
        if (dropCount != 0 || comment != null) {
            to.putInt(END_OF_OPTIONS);
        }
        end(to, start);
    }

    /**
     * What became of an interface's packets.
     *
     * @param received all that arrived
     * @param dropped of these: not in the file for want of room
     */
    static void statistics(
            ByteBuffer to, int interfaceIndex, long startNs, long endNs, long received, long dropped) {
        int start = begin(to, STATISTICS);
        to.putInt(interfaceIndex);
        time(to, endNs);
        timeOption(to, STATISTICS_START, startNs);
        timeOption(to, STATISTICS_END, endNs);
        to.putShort((short) STATISTICS_RECEIVED).putShort((short) Long.BYTES).putLong(received);
        to.putShort((short) STATISTICS_DROPPED).putShort((short) Long.BYTES).putLong(dropped);
        option(to, END_OF_OPTIONS, new byte[0]);
        end(to, start);
    }

    /** The bytes of the block at {@code at}, all of it. */
    static int blockBytes(ByteBuffer buffer, int at) {
        return buffer.getInt(at + Integer.BYTES);
    }

    /** Whether the block at {@code at} is a packet's. */
    static boolean isPacket(ByteBuffer buffer, int at) {
        return buffer.getInt(at) == PACKET;
    }

    /** Which interface the packet's block at {@code at} names. */
    static int packetInterface(ByteBuffer buffer, int at) {
        return buffer.getInt(at + 2 * Integer.BYTES);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static int begin(ByteBuffer to, int type) {
        int start = to.position();
        to.putInt(type).putInt(0);
        return start;
    }

    private static void end(ByteBuffer to, int start) {
        int bytes = to.position() - start + Integer.BYTES;
        to.putInt(bytes);
        to.putInt(start + Integer.BYTES, bytes);
    }

    /** The upper half comes first, in either byte order. */
    private static void time(ByteBuffer to, long ns) {
        to.putInt((int) (ns >>> Integer.SIZE)).putInt((int) ns);
    }

    private static void timeOption(ByteBuffer to, int code, long ns) {
        to.putShort((short) code).putShort((short) Long.BYTES);
        time(to, ns);
    }

    private static void option(ByteBuffer to, int code, byte[] value) {
        int start = to.position();
        to.putShort((short) code).putShort((short) value.length).put(value);
        pad(to, start);
    }

    private static void pad(ByteBuffer to, int start) {
        while ((to.position() - start) % Integer.BYTES != 0) {
            to.put((byte) 0);
        }
    }

    private static int padded(int bytes) {
        return bytes + 3 & ~3;
    }
}
