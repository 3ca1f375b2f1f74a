// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The result of {@code receive} says why its memory is not on huge pages, and the first words do not. */
@Tag("integration")
@Timeout(120)
class HugePageReceiveIT {
    private static final Path POOL = Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB");
    private static final int NEEDED = 4; // 4,096 frames of 2,048 bytes

    @TempDir
    private Path folder;

    @BeforeEach
    void plug() throws Exception {
        Program.assumeThrowAwayNamespace();
        run("ip", "link", "add", "rx0", "type", "veth", "peer", "name", "tx0");
        run("ip", "link", "set", "rx0", "up");
        run("ip", "link", "set", "tx0", "up");
    }

    @AfterEach
    void unplug() throws Exception {
        new ProcessBuilder("ip", "link", "del", "rx0").start().waitFor();
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    private static long read(String name) throws Exception {
        return Long.parseUnsignedLong(Files.readString(POOL.resolve(name)).strip());
    }

    @ParameterizedTest
    @EnumSource(Workers.class)
    void theResultSaysWhyThereAreNone(Workers workers) throws Exception {
        assumeTrue(Files.exists(POOL) && read("free_hugepages") == 0, "needs a system without free huge pages");
        Path json = folder.resolve("received.json");
        try (Program receive = Program.start(
                "receive", "--interface", "rx0", "--flow", "239.1.2.3:5004", "--fill-ring", "4096", "--workers",
                workers.toString(), "--seconds", "1", "--json", json.toString())) {
            assertEquals(0, receive.exitCode(), receive.err());
            assertFalse(receive.out().contains("huge"), receive.out());
        }
        JsonNode xdp = new ObjectMapper().readTree(json.toFile()).get("xdp");
        assertFalse(xdp.get("hugePages").asBoolean());
        assertTrue(
                xdp.get("hugePageRefusal").asText()
                        .startsWith(NEEDED + " huge pages of 2 MiB are needed and 0 are free: `echo "),
                xdp::toString);
        assertFalse(xdp.at("/queues/0").has("hugePageRefusal"), xdp::toString);
    }
}
