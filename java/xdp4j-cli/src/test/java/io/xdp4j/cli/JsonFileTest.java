// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {
    record Answer(String name, Long nothing, List<Integer> numbers) {}

    @TempDir
    private Path folder;

    @Test
    void writesRecordsAndLeavesNothingBesideThem() throws IOException {
        Path file = folder.resolve("result.json");

        JsonFile.of(file.toString()).write(new Answer("x", null, List.of(1, 2)));

        assertEquals(
                new ObjectMapper().readTree("{\"name\": \"x\", \"nothing\": null, \"numbers\": [1, 2]}"),
                new ObjectMapper().readTree(file.toFile()));
        assertEquals(List.of(file), filesIn(folder));
    }

    @Test
    void replacesWhatWasThere() throws IOException {
        Path file = folder.resolve("result.json");
        Files.writeString(file, "something much longer than what comes now, and no JSON");

        JsonFile.of(file.toString()).write(Map.of("n", 1));

        assertEquals(1, new ObjectMapper().readTree(file.toFile()).path("n").asInt());
    }

    @Test
    void replacesWhatALinkPointsToNotTheLink() throws IOException {
        Path file = Files.writeString(folder.resolve("target.json"), "{}");
        Path link = Files.createSymbolicLink(folder.resolve("link.json"), file);

        JsonFile.of(link.toString()).write(Map.of("n", 1));

        assertTrue(Files.isSymbolicLink(link));
        assertEquals(1, new ObjectMapper().readTree(file.toFile()).path("n").asInt());
    }

    @Test
    void leavesADeviceADevice() throws IOException {
        JsonFile.of("/dev/null").write(Map.of("n", 1));

        assertFalse(Files.isRegularFile(Path.of("/dev/null")));
    }

    @Test
    void writesNothingUntilAsked() throws IOException {
        JsonFile.of(folder.resolve("result.json").toString());

        assertEquals(List.of(), filesIn(folder));
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        BadInput refusal = assertThrows(BadInput.class, () -> JsonFile.of(folder + "/missing/result.json"));

        assertEquals(
                "--json " + folder + "/missing/result.json: there is no folder " + folder + "/missing; make it first",
                refusal.getMessage());
    }

    @Test
    void refusesAFolder() {
        assertThrows(BadInput.class, () -> JsonFile.of(folder.toString()));
    }

    @Test
    void knowsStandardOutput() {
        assertTrue(JsonFile.of("-").isStandardOutput());
        assertFalse(JsonFile.of(folder.resolve("-").toString()).isStandardOutput());
    }

    private static List<Path> filesIn(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.toList();
        }
    }
}
