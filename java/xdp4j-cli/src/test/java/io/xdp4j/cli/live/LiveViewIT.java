// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code receive} on a terminal: what a person sees there, and finds there afterwards. */
@Tag("integration")
@Timeout(180)
class LiveViewIT {
    private static final String FLOW = "239.1.2.3:5004";
    private static final String ABSENT = "[ff3e::8000:1]:5004";

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(1);

    @TempDir
    private Path folder;

    private static Tmux receive(String... options) throws IOException {
        return new Tmux(80, 24, List.of(), arguments(options));
    }

    private static String[] arguments(String... options) {
        List<String> arguments = new ArrayList<>(List.of("receive", "--interface", Cable.RX));
        arguments.addAll(List.of(options));
        return arguments.toArray(String[]::new);
    }

    /** 1,950 packets, and 50 that it leaves out. */
    private static void send() throws IOException, InterruptedException {
        try (Program send = Program.start(
                "send", "--interface", Cable.TX, "--flow", FLOW, "--rate", "2000", "--count", "2000",
                "--lose", "100-149")) {
            assertEquals(0, send.exitCode(), send.err());
        }
    }

    @Test
    void showsWhatTheSourceSentAndGivesTheScreenBack() throws Exception {
        Path json = folder.resolve("received.json");
        try (Tmux terminal = receive("--flow", FLOW, "--flow", ABSENT, "--json", json.toString())) {
            terminal.await("^receive on rx0: 2 flows, all absent +0:00:\\d\\d$");
            assertTrue(terminal.isTaken());
            send();
            terminal.await("^received 1,950   lost 50 \\(upstream 50\\)$");
            terminal.await("^all +\\d[\\d,]* +\\d+\\.\\d +50 +0 +- ");
            terminal.await("^239\\.1\\.2\\.3:5004 +\\d[\\d,]* +\\d+\\.\\d +50 +0 +\\d\\.\\d{3} ");
            terminal.await("^  (! losing \\d+/s, \\d+ %|! last loss \\d s ago|! silent for \\d+ s; lost before):"
                    + " upstream 50$");
            terminal.await("^\\[ff3e::8000:1]:5004( +0 +0\\.0 +0 +0 +- +- +- +- +-)?$");
            terminal.await("^  ! no packet has come$");
            assertEquals("receive on rx0", terminal.screen().substring(0, 14), "the first line is the first of all");
            assertTrue(terminal.screenWithSequences().contains("\u001b[31m"), "an alarm is red");

            terminal.resize(120, 30);
            terminal.await("^(?=.{120}$)receive on rx0: .* 0:00:\\d\\d$");
            terminal.await("^xdp, native XDP, .*, idle sleep:1ms$");
            terminal.resize(60, 12);
            terminal.await("^(?=.{60}$)receive on rx0: .* 0:00:\\d\\d$");

            terminal.press("C-c");
            terminal.await("^exit code 130$");
            assertFalse(terminal.isTaken());
            String left = terminal.history();
            assertTrue(left.contains("receiving " + FLOW + ", [ff3e:0:0:0:0:0:8000:1]:5004 on rx0: xdp, "), left);
            assertFalse(left.contains("receive on"), left);
            assertTrue(left.contains("  on the wire 2,000   delivered 1,950   lost 50   unexplained 0\n"), left);
            assertFalse(left.contains("Mbit/s"), left);
        }
        assertEquals(1_950, new ObjectMapper().readTree(json.toFile()).at("/flows/0/received").asLong());
        Cable.holdsNothing("239.1.2.3");
    }

    @Test
    void sigtermGivesTheScreenBackAndNoColorIsRespected() throws Exception {
        try (Tmux terminal = new Tmux(80, 24, List.of("NO_COLOR=1"), arguments("--flow", FLOW))) {
            terminal.await("^  ! no packet has come$");
            assertTrue(terminal.isTaken());
            assertFalse(terminal.screenWithSequences().contains("\u001b[31m"), terminal.screenWithSequences());

            terminal.signal("TERM");
            terminal.await("^exit code 143$");
            assertFalse(terminal.isTaken());
        }
    }

    @Test
    void aFailureGivesTheScreenBackAndIsSaid() throws Exception {
        try (Tmux terminal = receive("--flow", FLOW)) {
            terminal.await("^  ! no packet has come$");
            Cable.run("ip", "link", "set", Cable.RX, "down");
            terminal.await("^\\d\\d:\\d\\d:\\d\\d warning: interface rx0 is down: ip link set rx0 up$");
            assertTrue(terminal.isTaken());
            Cable.run("ip", "link", "del", Cable.RX);

            terminal.await("^exit code 1$");
            assertFalse(terminal.isTaken());
            String left = terminal.history();
            assertTrue(left.contains("\nwarning: interface rx0 is down: ip link set rx0 up\n"), left);
            assertTrue(left.contains("\nxdp4j: interface rx0 is gone: start again when it is back\n"), left);
        }
    }

    /** A shell gets the screen, and what is typed to it is not painted over; then the view comes back. */
    @Test
    void isStoppedAndContinuedAsAShellDoes() throws Exception {
        try (Tmux terminal = receive("--flow", FLOW)) {
            terminal.await("^  ! no packet has come$");
            terminal.signal("TSTP");
            Cable.await("the ordinary screen", () -> !terminal.isTaken());

            terminal.signal("CONT");
            Cable.await("the view", terminal::isTaken);
            terminal.press("C-c");
            terminal.await("^exit code 130$");
            assertFalse(terminal.isTaken());
        }
    }

    @Test
    void aDumbTerminalGetsLines() throws Exception {
        try (Tmux terminal = new Tmux(80, 24, List.of("TERM=dumb"), arguments("--flow", FLOW, "--seconds", "1"))) {
            terminal.await("^239.1.2.3:5004 +0 pps +0.0 Mbit/s   lost 0$");
            assertFalse(terminal.isTaken());
            terminal.await("^exit code 0$");
        }
    }

    /** As when a connection breaks: with flows from a file, for which SIGHUP means something else while it is there. */
    @Test
    void endsInOrderWhenTheTerminalIsGone() throws Exception {
        Path flows = Files.writeString(folder.resolve("flows.txt"), FLOW + "\n");
        Path json = folder.resolve("received.json");
        try (Tmux terminal = receive("--flows", flows.toString(), "--json", json.toString())) {
            terminal.await("^receive on rx0: .*");
            terminal.signal("HUP");
            terminal.await("^.* flows: 0 added, 0 removed$");
            assertTrue(terminal.isTaken(), "it was only asked to read the file again");
        }
        Cable.await("the account of a run that ended in order", () -> Files.exists(json));
        Cable.holdsNothing("239.1.2.3");
    }
}
