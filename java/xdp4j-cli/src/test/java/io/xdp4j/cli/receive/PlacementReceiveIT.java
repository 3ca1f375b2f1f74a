// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.xdp4j.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where {@code receive} has its receivers' threads, by what /proc says of them. */
@Tag("integration")
@Timeout(120)
class PlacementReceiveIT {
    private static final int SIGTERM_EXIT = 143;
    private static final String CAPABILITIES = "-all,+net_raw,+net_admin,+bpf,+ipc_lock,+dac_read_search";

    @BeforeEach
    void plug() throws Exception {
        Program.assumeThrowAwayNamespace();
        run("ip", "link", "add", "rx0", "type", "veth", "peer", "name", "tx0"); // a queue each
        run("ethtool", "-K", "rx0", "gro", "on");
        run("ip", "link", "set", "rx0", "up");
        run("ip", "link", "set", "tx0", "up");
    }

    @AfterEach
    void unplug() throws Exception {
        new ProcessBuilder("ip", "link", "del", "rx0").start().waitFor();
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + output);
    }

    private static String[] receive(String... options) {
        return Stream.concat(
                        Stream.of("receive", "--interface", "rx0", "--flow", "239.1.2.3:5004"), Arrays.stream(options))
                .toArray(String[]::new);
    }

    /** The folders in /proc of the threads of this name, in all processes of the program. */
    private static List<Path> threads(Program program, String name) throws IOException {
        List<Path> found = new ArrayList<>();
        for (long pid : program.processes()) {
            try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
                for (Path task : tasks.toList()) {
                    if (Files.readString(task.resolve("comm")).strip().equals(name)) {
                        found.add(task);
                    }
                }
            }
        }
        return found;
    }

    private static String status(Path task, String key) throws IOException {
        return Files.readAllLines(task.resolve("status")).stream()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElseThrow();
    }

    /** Fields 40 and 41 of stat, "rt_priority policy" (proc(5)), counted from behind the name, which is the second. */
    private static String priorityAndPolicy(Path task) throws IOException {
        String stat = Files.readString(task.resolve("stat"));
        String[] fromThird = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return fromThird[40 - 3] + " " + fromThird[41 - 3];
    }

    @ParameterizedTest
    @EnumSource(Workers.class)
    void aReceiverIsWhereItWasAskedFor(Workers workers) throws Exception {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "one CPU only");
        try (Program receive = Program.start(receive(
                "--cpu", "1", "--priority", "5", "--workers", workers.toString(), "--queue", "0"))) {
            receive.await("that it is ready", () -> receive.out().contains("idle"));
            List<Path> receivers = threads(receive, "receiver-0");
            assertEquals(1, receivers.size(), receivers::toString);
            Path receiver = receivers.get(0);
            assertEquals("1", status(receiver, "Cpus_allowed_list"));
            assertEquals("5 1", priorityAndPolicy(receiver)); // 1: SCHED_FIFO
            if (workers == Workers.PROCESSES) {
                assertEquals("0000000000000000", status(receiver, "CapEff")); // that it needed one and kept none
            }
            Path main = receiver.resolveSibling(receiver.getParent().getParent().getFileName()); // the first thread
            assertEquals("0 0", priorityAndPolicy(main), "of the rest of its process");
            assertTrue(receive.out().contains("queue 0 on CPU 1 with SCHED_FIFO priority 5"), receive.out());
            receive.signal("TERM");
            assertEquals(SIGTERM_EXIT, receive.exitCode(), receive.err());
            assertEquals("", receive.err());
            assertTrue(receive.leavesNoProcess());
        }
    }

    /** The refusal, which is all that it says. */
    private static String refusal(List<String> prefix, String... options) throws Exception {
        try (Program receive = Program.startUnder(prefix, receive(options))) {
            assertEquals(2, receive.exitCode(), receive.err());
            assertEquals("", receive.out());
            assertTrue(receive.leavesNoProcess());
            return receive.err().strip();
        }
    }

    /** With the capabilities that README.md asks for, and one to read the class path. */
    @ParameterizedTest
    @EnumSource(Workers.class)
    void saysWhatAPriorityNeeds(Workers workers) throws Exception {
        List<String> user = List.of(
                "prlimit", "--rtprio=0:0", "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                "--inh-caps", CAPABILITIES, "--ambient-caps", CAPABILITIES, "--bounding-set", CAPABILITIES);
        assertEquals(
                "xdp4j: SCHED_FIFO priority 5: permission denied; grant CAP_SYS_NICE, or `ulimit -r 5`",
                refusal(user, "--priority", "5", "--workers", workers.toString()));
    }

    @ParameterizedTest
    @EnumSource(Workers.class)
    void saysWhichCpusThereAre(Workers workers) throws Exception {
        String refusal = refusal(List.of(), "--cpu", "8191", "--workers", workers.toString());
        assertTrue(
                refusal.startsWith("xdp4j: CPU 8191 is not there, or not for this process: use one of 0"), refusal);
        assertEquals(1, refusal.lines().count(), refusal);
    }

    @Test
    void warnsBeforeItStarvesACpu() throws Exception {
        try (Program receive = Program.start(receive("--priority", "1", "--idle", "yield", "--seconds", "1"))) {
            assertEquals(0, receive.exitCode(), receive.err());
            assertTrue(receive.out().contains("warning: --priority 1 with --idle yield starves "), receive.out());
        }
    }
}
