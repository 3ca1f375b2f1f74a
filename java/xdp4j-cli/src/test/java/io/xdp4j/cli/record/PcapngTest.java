// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks as the draft draws them, and as Wireshark takes them apart. */
class PcapngTest {
    private static final long TIME_NS = 1_700_000_000_123_456_789L; // 0x17979CFE3D85CD15

    private final ByteBuffer buffer = ByteBuffer.allocate(4_096).order(Pcapng.ORDER);

    @TempDir
    private Path folder;

    private String written() {
        return HexFormat.of().formatHex(buffer.array(), 0, buffer.position());
    }

    private void packet(int interfaceIndex, String hex, int dropCount, byte[] comment) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        int before = buffer.position();
        int start = Pcapng.beginPacket(buffer, interfaceIndex, TIME_NS, bytes.length);
        buffer.put(bytes);
        Pcapng.endPacket(buffer, start, dropCount, comment);
        assertEquals(Pcapng.packetBlockBytes(bytes.length, dropCount, comment), buffer.position() - before);
    }

    @Test
    void aSection() {
        Pcapng.section(buffer, "Linux", "x");
        assertEquals(
                "0a0d0d0a" + "34000000" + "4d3c2b1a" + "0100" + "0000" + "ffffffffffffffff"
                        + "0300" + "0500" + "4c696e7578" + "000000" // shb_os
                        + "0400" + "0100" + "78" + "000000" // shb_userappl
                        + "0000" + "0000" + "34000000",
                written());
    }

    @Test
    void anInterface() {
        Pcapng.interfaceDescription(buffer, 101, Pcapng.utf8("eth1"), Pcapng.utf8("q"));
        assertEquals(
                "01000000" + "30000000" + "6500" + "0000" + "00000000"
                        + "0200" + "0400" + "65746831" // if_name
                        + "0300" + "0100" + "71" + "000000" // if_description
                        + "0900" + "0100" + "09" + "000000" // if_tsresol
                        + "0000" + "0000" + "30000000",
                written());
        assertTrue(Pcapng.interfaceBlockBytes(new byte[4], new byte[1]) >= buffer.position());
    }

    @Test
    void aPacket() {
        packet(3, "0102030405", 0, null);
        assertEquals(
                "06000000" + "28000000" + "03000000" + "fe9c9717" + "15cd853d" + "05000000" + "05000000"
                        + "0102030405" + "000000" + "28000000",
                written());
        assertTrue(Pcapng.isPacket(buffer, 0));
        assertEquals(3, Pcapng.packetInterface(buffer, 0));
        assertEquals(40, Pcapng.blockBytes(buffer, 0));
    }

    @Test
    void aPacketWithOptions() {
        packet(0, "01020304", 7, Pcapng.utf8("hi"));
        assertEquals(
                "06000000" + "3c000000" + "00000000" + "fe9c9717" + "15cd853d" + "04000000" + "04000000" + "01020304"
                        + "0400" + "0800" + "0700000000000000" // epb_dropcount
                        + "0100" + "0200" + "6869" + "0000" // opt_comment
                        + "0000" + "0000" + "3c000000",
                written());
    }

    @Test
    void theStatistics() {
        Pcapng.statistics(buffer, 1, TIME_NS, TIME_NS + 1, 10, 2);
        assertEquals(
                "05000000" + "4c000000" + "01000000" + "fe9c9717" + "16cd853d"
                        + "0200" + "0800" + "fe9c9717" + "15cd853d" // isb_starttime
                        + "0300" + "0800" + "fe9c9717" + "16cd853d" // isb_endtime
                        + "0400" + "0800" + "0a00000000000000" // isb_ifrecv
                        + "0500" + "0800" + "0200000000000000" // isb_ifdrop
                        + "0000" + "0000" + "4c000000",
                written());
        assertEquals(Pcapng.STATISTICS_BYTES, buffer.position());
    }

    @Test
    void wiresharkReadsAllOfIt() throws Exception {
        Pcapng.section(buffer, "Linux 6", "xdp4j 1");
        Pcapng.interfaceDescription(buffer, 1, Pcapng.utf8("eth1"), Pcapng.utf8("RX queue 0"));
        Pcapng.interfaceDescription(buffer, 101, Pcapng.utf8("eth2"), Pcapng.utf8("a socket"));
        packet(0, "01005e010203" + "020000000001" + "88b5" + "00".repeat(47), 0, null);
        packet(1, "4500001400000000001100000a000001ef010203", 5, Pcapng.utf8("a gap \u2192 \u00e9"));
        Pcapng.statistics(buffer, 0, TIME_NS, TIME_NS, 3, 1);
        Path file = folder.resolve("a.pcapng");
        Files.write(file, HexFormat.of().parseHex(written()));

        assertEquals(
                List.of(
                        "1700000000.123456789\teth1\tRX queue 0\t61\t\t",
                        "1700000000.123456789\teth2\ta socket\t20\t5\ta gap \u2192 \u00e9"),
                Tshark.fields(file, "frame.time_epoch", "frame.interface_name", "frame.interface_description",
                        "frame.len", "frame.drop_count", "frame.comment"));
        assertEquals(2, Tshark.packets(file));
        List<String> blocks = Tshark.blocks(file);
        for (String line : List.of(
                "OS: Linux 6", "User Application: xdp4j 1", "Timestamp Resolution: 0x09, Base: Power of 10",
                "Number of Received Packets: 3", "Number of Dropped Packets: 1", "Link Type: RAW (101)")) {
            assertTrue(blocks.contains(line), line + " in " + blocks);
        }
        assertTrue(blocks.stream().noneMatch(line -> line.contains("Expert Info")), blocks.toString());
    }
}
