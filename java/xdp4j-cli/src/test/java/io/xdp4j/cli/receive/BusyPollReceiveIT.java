// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code receive --busy-poll}: the settings of the interface, by sysfs, and that every packet comes. */
@Tag("integration")
@Timeout(120)
class BusyPollReceiveIT {
    private static final int SIGTERM_EXIT = 143;
    private static final Path DEFER = Path.of("/sys/class/net/rx0/napi_defer_hard_irqs");
    private static final Path TIMEOUT = Path.of("/sys/class/net/rx0/gro_flush_timeout");

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(1);

    @TempDir
    private Path folder;

    @BeforeEach
    void setWhatIsPutBack() throws Exception {
        Files.writeString(DEFER, "1");
        Files.writeString(TIMEOUT, "70000");
    }

    private static String settings() throws IOException {
        return Files.readString(DEFER).strip() + " " + Files.readString(TIMEOUT).strip();
    }

    private Path json() {
        return folder.resolve("received.json");
    }

    private Program receive(String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "receive", "--interface", "rx0", "--flow", "239.1.2.3:5004", "--json", json().toString()));
        arguments.addAll(List.of(options));
        Program receive = Program.start(arguments.toArray(String[]::new));
        receive.await("that it is ready", () -> receive.out().contains("idle"));
        return receive;
    }

    @ParameterizedTest
    @EnumSource(Workers.class)
    void theInterfaceInterruptsLateForAsLong(Workers workers) throws Exception {
        try (Program receive = receive("--busy-poll", "--idle", "yield", "--workers", workers.toString());
                Program send = Program.start(
                        "send", "--interface", "tx0", "--flow", "239.1.2.3:5004", "--rate", "5000", "--count", "5000")) {
            assertEquals("2 200000", settings());
            assertEquals(0, send.exitCode(), send.err());
            Thread.sleep(300); // for what the other CPU has still in hand
            receive.signal("TERM");
            assertEquals(SIGTERM_EXIT, receive.exitCode(), receive.err());
            assertEquals("1 70000", settings());
            assertEquals("", receive.err());
            assertTrue(receive.leavesNoProcess());

            JsonNode report = new ObjectMapper().readTree(json().toFile());
            assertEquals(5_000, report.at("/flows/0/received").asLong());
            assertEquals(0, report.at("/flows/0/lost").asLong());
            JsonNode busyPoll = report.at("/xdp/busyPoll");
            assertEquals(64, busyPoll.get("budget").asInt());
            String words = receive.out().replaceAll("\\s+", " ");
            // A veth announces no NAPI; before Linux 6.13 the first packet told it.
            assertEquals(busyPoll.get("effective").asBoolean(),
                    !words.contains("busy poll has no effect here: the driver announces no NAPI, idle"), words);
        }
    }

    @Test
    void aKilledOneIsPutRightByItsGuard() throws Exception {
        try (Program receive = receive("--busy-poll", "16")) {
            assertEquals("2 200000", settings());
            receive.signal("KILL");
            assertTrue(receive.leavesNoProcess());
            assertEquals("1 70000", settings());
        }
    }

    /** Nor is there a guard, or a word. */
    @ParameterizedTest
    @ValueSource(strings = {"", "--busy-poll 0"})
    void withoutItNothingIsSet(String options) throws Exception {
        String[] given = options.isEmpty() ? new String[0] : options.split(" ");
        try (Program receive = receive(given)) {
            assertEquals("1 70000", settings());
            assertEquals(1, receive.processes().size());
            receive.signal("TERM");
            assertEquals(SIGTERM_EXIT, receive.exitCode(), receive.err());
            assertFalse(receive.out().contains("busy poll"), receive.out());
            assertTrue(new ObjectMapper().readTree(json().toFile()).at("/xdp/busyPoll").isNull());
        }
    }

    /** The files are root's, whatever else one may do; what stands there already has not to be written. */
    @Test
    void aUserNeedsThemSetBeforehand() throws Exception {
        String capabilities = "-all,+net_raw,+net_admin,+bpf,+ipc_lock,+dac_read_search";
        List<String> user = List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups",
                "--inh-caps", capabilities, "--ambient-caps", capabilities, "--bounding-set", capabilities);
        String[] arguments = {
            "receive", "--interface", "rx0", "--flow", "239.1.2.3:5004", "--busy-poll", "--seconds", "1"
        };
        try (Program receive = Program.startUnder(user, arguments)) {
            assertEquals(2, receive.exitCode(), receive.err());
            assertEquals(
                    "xdp4j: writing 200000 to " + TIMEOUT + ": permission denied; set it beforehand, or run as root with"
                            + " CAP_NET_ADMIN",
                    receive.err().strip());
            assertEquals("", receive.out());
            assertTrue(receive.leavesNoProcess());
        }
        Files.writeString(DEFER, "2");
        Files.writeString(TIMEOUT, "200000");
        try (Program receive = Program.startUnder(user, arguments)) {
            assertEquals(0, receive.exitCode(), receive.err());
            assertEquals("2 200000", settings());
        }
    }
}
