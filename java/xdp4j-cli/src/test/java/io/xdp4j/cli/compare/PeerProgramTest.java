// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerProgramTest {
    private final String libraryPath = System.getProperty("java.library.path");

    @TempDir
    private Path folder;

    @AfterEach
    void putBack() {
        System.clearProperty("xdp4j.peer");
        System.setProperty("java.library.path", libraryPath);
    }

    @Test
    void isBesideTheFolderOfTheLibrary() {
        System.setProperty("java.library.path", "/src/native/target/lib:/usr/lib");

        assertEquals(
                Path.of("/src/native/target/bin/xdp4j-peer"),
                PeerProgram.ofThisBuild().file());
    }

    @Test
    void isWhereThePropertySays() throws IOException {
        Path file = folder.resolve("my-peer");
        System.setProperty("xdp4j.peer", file.toString());
        PeerProgram peer = PeerProgram.ofThisBuild();

        assertFalse(peer.isThere());
        assertEquals("there is no " + file + ": build it with ./xdp4j", peer.absence());

        assertTrue(Files.createFile(file).toFile().setExecutable(true));
        assertTrue(peer.isThere());
        assertEquals(List.of(file.toString(), "--drop"), peer.command(List.of("--drop")));
    }
}
