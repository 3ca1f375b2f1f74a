// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
class LabIT {
    private static final Path NAMES = Path.of("/run/netns");

    @TempDir
    private Path folder;

    private record Result(int exitCode, String out, String err) {}

    @BeforeEach
    void assumeThrowAwayNamespace() {
        Program.assumeThrowAwayNamespace();
        assertFalse(isUp(), "there is a lab already");
    }

    @AfterEach
    void takeDown() throws IOException, InterruptedException {
        if (isUp()) {
            lab("down");
        }
    }

    @Test
    void comesUpOnceAndGoesDownOnce() throws IOException, InterruptedException {
        assertEquals(0, lab("up", "--queues", "3").exitCode());

        Result again = lab("up");
        assertEquals(2, again.exitCode());
        assertTrue(again.err().startsWith("xdp4j: the lab is up already"), again.err());

        String status = lab("status").out();
        assertTrue(status.contains("tx0 UP"), status);
        assertTrue(status.contains("rx0 UP"), status);
        assertTrue(status.contains("10.99.0.2/24 fd99::2/64"), status);
        assertTrue(status.contains("10.99.0.1/24 fd99::1/64"), status);
        assertTrue(status.contains("3 RX, 3 TX"), status);

        assertEquals(0, lab("down").exitCode());
        assertFalse(isUp());
        assertEquals(new Result(2, "", "xdp4j: no lab: sudo ./xdp4j lab up\n"), lab("down"));
    }

    @Test
    void withoutALabThereIsNothingToDo() throws IOException, InterruptedException {
        Result noLab = new Result(2, "", "xdp4j: no lab: sudo ./xdp4j lab up\n");

        assertEquals(noLab, lab("status"));
        assertEquals(noLab, lab("exec", "rx", "true"));
    }

    @Test
    void aCommandRunsInItsNamespaceAndKeepsItsExitCode() throws IOException, InterruptedException {
        lab("up");

        assertEquals(new Result(7, "lo\nrx0\n", ""), lab("exec", "rx", "sh", "-c", "ls /sys/class/net; exit 7"));
        assertTrue(lab("exec", "tx", "ip", "-4", "-o", "addr", "show", "dev", "tx0").out().contains("10.99.0.2/24"));
    }

    @Test
    void itsRxSideDoesNotFilterBySource() throws IOException, InterruptedException {
        lab("up");

        Result both = lab("exec", "rx", "sh", "-c", "cd /proc/sys/net/ipv4/conf; cat all/rp_filter rx0/rp_filter");

        assertEquals("0\n0\n", both.out());
    }

    /** Also while nobody receives: whether a veth takes live frames depends on the order of its set-up. */
    @Test
    void itsCableTakesLiveFramesFromTheStart() throws IOException, InterruptedException {
        lab("up");

        try (Program send = Program.startIn(
                "xdp4j-tx", "send", "--interface", "tx0", "--flow", "239.1.2.3:5004", "--rate", "1000",
                "--count", "5")) {
            assertEquals(0, send.exitCode(), send.err());
            assertTrue(send.out().contains("by live-frames"), send.out());
        }
    }

    @Test
    void aSignalReachesTheCommandAndItsExitCodeComesBack() throws IOException, InterruptedException {
        lab("up");
        try (Program exec = Program.start(
                "lab", "exec", "tx", "sh", "-c", "trap 'exit 9' TERM; echo ready; while :; do sleep 0.1; done")) {
            exec.await("its output", () -> exec.out().contains("ready"));

            exec.signal("TERM");

            assertEquals(9, exec.exitCode(), exec.err());
            assertTrue(exec.leavesNoProcess());
        }
    }

    @Test
    void statusShowsWhoIsThereAndDownSaysSo() throws IOException, InterruptedException {
        lab("up");
        try (Program exec = Program.start("lab", "exec", "rx", "sh", "-c", "echo ready; exec sleep 1000")) {
            exec.await("its output", () -> exec.out().contains("ready"));

            assertTrue(lab("status").out().contains("sleep 1000)"));
            Result down = lab("down");
            assertEquals(0, down.exitCode());
            assertTrue(down.out().contains("sleep 1000) is still in xdp4j-rx"), down.out());
            assertFalse(isUp());
        }
    }

    @Test
    void whenUpFailsNothingIsLeft() throws IOException, InterruptedException {
        Path ethtool = folder.resolve("ethtool");
        Files.writeString(ethtool, "#!/bin/sh\necho no such feature >&2\nexit 1\n");
        Files.setPosixFilePermissions(ethtool, PosixFilePermissions.fromString("rwx------"));

        Result up;
        try (Program program = Program.startWith(Map.of("PATH", folder + ":" + System.getenv("PATH")), "lab", "up")) {
            up = new Result(program.exitCode(), program.out(), program.err());
        }

        assertEquals(1, up.exitCode());
        assertTrue(up.err().endsWith("ethtool -K tx0 gro on: no such feature\n"), up.err());
        assertFalse(isUp());
    }

    @Test
    void wantsRoot() throws IOException, InterruptedException {
        for (String command : List.of("lab up", "lab down", "lab status", "lab exec tx true")) {
            try (Program program = Program.startAsNobody(command.split(" "))) {
                assertEquals(2, program.exitCode());
                assertTrue(program.err().startsWith("xdp4j: must be root: sudo ./xdp4j lab "), program.err());
            }
        }
    }

    private static Result lab(String... arguments) throws IOException, InterruptedException {
        String[] all = Stream.concat(Stream.of("lab"), Arrays.stream(arguments)).toArray(String[]::new);
        try (Program program = Program.start(all)) {
            return new Result(program.exitCode(), program.out(), program.err());
        }
    }

    private static boolean isUp() {
        return Files.exists(NAMES.resolve("xdp4j-tx")) || Files.exists(NAMES.resolve("xdp4j-rx"));
    }
}
