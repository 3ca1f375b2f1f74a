// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("integration")
class CompareIT {
    private static final long SENT = 40_000; // 20,000 a second for 2 s

    @TempDir
    private Path folder;

    @BeforeEach
    void assumeThrowAwayNamespace() {
        Program.assumeThrowAwayNamespace();
    }

    @Test
    void comparesAndLeavesNothing() throws IOException, InterruptedException {
        Path json = folder.resolve("compare.json");
        try (Program compare =
                Program.start("compare", "--rates", "20000", "--seconds", "2", "--json", json.toString())) {
            assertEquals(0, compare.exitCode(), compare.err());

            JsonNode result = new ObjectMapper().readTree(json.toFile());
            assertTrue(result.path("complete").asBoolean());
            assertEquals(
                    List.of("xdp", "question", "raw", "recvmmsg", "nio"),
                    cells(result).stream().map(cell -> cell.path("backend").asText()).toList());
            for (JsonNode cell : cells(result)) {
                assertCloses(cell);
            }
            for (JsonNode line : result.path("verdict")) {
                assertTrue(compare.out().contains(line.asText()), line.asText());
            }
            compare.out().lines().forEach(line -> assertTrue(line.length() <= 120, line));
            assertTrue(compare.leavesNoProcess());
        }
    }

    @Test
    void twoFlowsHaveOneXdpReceiverAndTwoSocketReceivers() throws IOException, InterruptedException {
        Path json = folder.resolve("compare.json");
        try (Program compare = Program.start("compare", "--rates", "400002", "--seconds", "1",
                "--backends", "xdp,peer,recvmmsg", "--json", json.toString())) {
            assertEquals(0, compare.exitCode(), compare.err());

            for (JsonNode cell : cells(new ObjectMapper().readTree(json.toFile()))) {
                assertEquals(2, cell.path("flows").asInt());
                assertEquals(400_002, cell.path("sent").asLong());
                assertEquals(0, cell.required("unexplained").asLong(), cell::toString);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void aSignalEndsItInOrder(String signal, int exitCode) throws IOException, InterruptedException {
        Path json = folder.resolve("compare.json");
        try (Program compare = startLongCompare(json)) {
            Set<Path> namespaces = namespacesOf(compare);

            compare.signal(signal);

            assertEquals(exitCode, compare.exitCode(), compare.err());
            assertTrue(compare.err().contains("Interrupted after 1 of 2 cells."), compare.err());
            assertTrue(compare.out().contains("At 20,000 packets a second"), compare.out());
            assertFalse(new ObjectMapper().readTree(json.toFile()).path("complete").asBoolean());
            assertTrue(compare.leavesNoProcess());
            assertNobodyIsIn(namespaces);
        }
    }

    /** The kernel destroys a network namespace, and the veth pair in it, when the last process in it ends. */
    @Test
    void nothingOutlivesSigkill() throws IOException, InterruptedException {
        try (Program compare = startLongCompare(folder.resolve("compare.json"))) {
            Set<Path> namespaces = namespacesOf(compare);

            compare.signal("KILL");

            assertEquals(137, compare.exitCode());
            assertTrue(compare.leavesNoProcess());
            assertNobodyIsIn(namespaces);
        }
    }

    @Test
    void namesTheCellOfAChildThatFails() throws IOException, InterruptedException {
        try (Program compare =
                Program.startWithLibraryPath(folder, "compare", "--rates", "20000", "--backends", "xdp")) {
            assertEquals(2, compare.exitCode());
            String start = "xdp4j: xdp at 20,000 pps, sleep:1ms: receiver: libxdp4j.so is not in java.library.path "
                    + folder;
            assertTrue(compare.err().contains(start), compare.err());
            assertTrue(compare.leavesNoProcess());
        }
    }

    @Test
    void namesTheCellOfAPeerThatFails() throws IOException, InterruptedException {
        Path peer = folder.resolve("peer");
        Files.writeString(peer, "#!/bin/sh\necho 'xdp4j-peer: no memory' >&2\nexit 1\n");
        assertTrue(peer.toFile().setExecutable(true));
        try (Program compare =
                Program.startWithPeer(peer, "compare", "--rates", "20000", "--backends", "peer")) {
            assertEquals(1, compare.exitCode());
            assertEquals("xdp4j: peer at 20,000 pps, sleep:1ms: receiver: no memory\n", compare.err());
        }
    }

    @Test
    void thePeerIsLeftOutWhereItIsNot() throws IOException, InterruptedException {
        try (Program compare = Program.startWithLibraryPath(
                folder.resolve("lib"), "compare", "--rates", "20000", "--backends", "peer")) {
            assertEquals(2, compare.exitCode());
            assertEquals(
                    "xdp4j: --backends peer: there is no " + folder.resolve("bin/xdp4j-peer")
                            + ": build it with ./xdp4j\n",
                    compare.err());
        }
    }

    @Test
    void wantsRoot() throws IOException, InterruptedException {
        try (Program compare = Program.startAsNobody("compare")) {
            assertEquals(2, compare.exitCode());
            assertEquals("xdp4j: must be root: sudo ./xdp4j compare ...\n", compare.err());
        }
    }

    /** One cell done, the second one under way for long. */
    private static Program startLongCompare(Path json) throws IOException, InterruptedException {
        Program compare = Program.start("compare", "--rates", "20000", "--seconds", "4",
                "--backends", "xdp,recvmmsg", "--json", json.toString());
        compare.await("the end of the first cell", () -> compare.err().contains("cell 1 of 2"));
        // itself, two holders of namespaces, a receiver, and the sender
        compare.await("the sender of the second cell", () -> compare.processes().size() == 5);
        return compare;
    }

    /** Those that it made. */
    private static Set<Path> namespacesOf(Program compare) throws IOException {
        Set<Path> namespaces = new HashSet<>();
        for (long pid : compare.processes()) {
            namespaces.add(Files.readSymbolicLink(Path.of("/proc/" + pid + "/ns/net")));
        }
        namespaces.remove(Files.readSymbolicLink(Path.of("/proc/self/ns/net")));
        assertEquals(2, namespaces.size());
        return namespaces;
    }

    private static void assertNobodyIsIn(Set<Path> namespaces) {
        ProcessHandle.allProcesses().forEach(process -> {
            try {
                Path its = Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/ns/net"));
                assertFalse(namespaces.contains(its), () -> process.info() + " is in " + its);
            } catch (IOException e) {
                // has just ended
            }
        });
    }

    private static List<JsonNode> cells(JsonNode result) {
        return StreamSupport.stream(result.path("cells").spliterator(), false).toList();
    }

    private static void assertCloses(JsonNode cell) {
        assertEquals(SENT, cell.path("sent").asLong(), cell::toString);
        assertEquals(SENT, cell.path("received").asLong() + cell.path("lost").asLong(), cell::toString);
        long causes = StreamSupport.stream(cell.required("causes").spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .sum();
        assertEquals(cell.path("lost").asLong(), causes, cell::toString);
        assertEquals(0, cell.required("unexplained").asLong(), cell::toString);
        assertEquals(0, cell.path("causes").path("UPSTREAM").asLong(), cell::toString); // a veth has no network
    }
}
