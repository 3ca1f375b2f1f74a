// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.xdp4j.cli.BadInput;
import io.xdp4j.packet.Flow;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where the file ends, and what is there before it begins. */
class RecordFileTest {
    private static final List<RecordedInterface> INTERFACES = List.of(new RecordedInterface(
            "eth1", "a socket", LinkLayer.ofUdpSocket(Flow.parse("239.1.2.3:5004"))));

    @TempDir
    private Path folder;

    private final Wire wire = new Wire(0, 1, 1 << 20);

    private void add(RecordFile file, int packets) {
        for (int i = 0; i < packets; i++) {
            wire.send(0, i);
            assertTrue(wire.reader.hasPacket());
            file.add(0, wire.reader.memory(), wire.reader.at(), null);
            wire.reader.take();
        }
    }

    /** With the statistics, which come when it has stopped. */
    @Test
    void neverHasMoreThanItsLimit() throws Exception {
        Path path = folder.resolve("a.pcapng");
        long limit = 100_000;
        try (RecordFile file = RecordFile.open(path, limit)) {
            file.begin(INTERFACES);
            add(file, 1_000);
            assertEquals(
                    "its limit of 100,000 bytes is reached (--record-limit)", file.stopped().orElseThrow());
            file.statistics(0, 1_000, file.refused(0));
            file.flush();
            assertEquals(Files.size(path), file.bytes());
            assertEquals(1_000, file.packets() + file.refused(0));
            // A packet of 140 bytes takes 172.
            assertTrue(file.bytes() <= limit && file.bytes() > limit - 172, file.bytes() + " bytes");
            assertEquals(file.packets(), Tshark.packets(path));
            assertTrue(Tshark.blocks(path).contains("Number of Dropped Packets: " + file.refused(0)));
        }
    }

    @Test
    void whatCannotBeWrittenIsRefused() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "there is no /dev/full");
        try (RecordFile file = RecordFile.open(full, 1 << 30)) {
            file.begin(INTERFACES);
            add(file, 10);
            file.flush();
            assertTrue(file.stopped().orElseThrow().contains("No space left"), file.stopped().get());
            assertEquals(10, file.refused(0));
            assertEquals(0, file.packets());
            assertEquals(0, file.bytes());
        }
    }

    /** Whatever goes wrong on the way of a packet into it. */
    @Test
    void onlyWholeBlocksAreInIt() throws Exception {
        Path path = folder.resolve("a.pcapng");
        try (RecordFile file = RecordFile.open(path, 1 << 20)) {
            file.begin(INTERFACES);
            add(file, 3);
            ByteBuffer cutOff = ByteBuffer.allocate(100).order(ByteOrder.nativeOrder()).putInt(0, 200);
            assertThrows(IndexOutOfBoundsException.class, () -> file.add(0, cutOff, 0, null));
            file.statistics(0, 3, 0);
            file.flush();
            assertEquals(3, file.packets());
        }
        assertEquals(3, Tshark.packets(path));
        assertTrue(Tshark.blocks(path).contains("Number of Received Packets: 3"));
    }

    @Test
    void takesThePlaceOfAnother() throws Exception {
        Path path = Files.write(folder.resolve("a.pcapng"), new byte[10_000]);
        try (RecordFile file = RecordFile.open(path, 1 << 20)) {
            assertEquals(10_000, Files.size(path));
            file.begin(INTERFACES);
            add(file, 3);
            file.flush();
        }
        assertEquals(3, Tshark.packets(path));
    }

    @Test
    void leavesNothingWhenItHasNotBegun() throws Exception {
        Path path = folder.resolve("a.pcapng");
        RecordFile file = RecordFile.open(path, 1 << 20);
        file.close();
        file.close();
        assertTrue(Files.notExists(path));

        Files.writeString(path, "what was there");
        RecordFile.open(path, 1 << 20).close();
        assertEquals("what was there", Files.readString(path));
    }

    @ParameterizedTest
    @CsvSource({
        ".,                  is a folder: name a file",
        "nowhere/a.pcapng,   there is no folder",
        "file/a.pcapng,      there is no folder",
    })
    void refusesWhatIsNoFile(String name, String why) throws Exception {
        Files.writeString(folder.resolve("file"), "");
        Path path = folder.resolve(name);
        BadInput refusal = assertThrows(BadInput.class, () -> RecordFile.open(path, 1 << 20));
        assertTrue(refusal.getMessage().startsWith("--record " + path), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(why), refusal.getMessage());
    }

    @Test
    void refusesANameThatTheSystemRefuses() {
        BadInput refusal = assertThrows(
                BadInput.class, () -> RecordFile.open(folder.resolve("x".repeat(300)), 1 << 20));
        assertTrue(refusal.getMessage().contains("cannot be written: File name too long"), refusal.getMessage());
    }
}
