// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

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
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

@Tag("integration")
@Timeout(120)
class DoctorIT {
    private static final List<String> RECEIVE =
            List.of("receive", "--interface", Cable.RX, "--queue", "0", "--flow", "239.1.2.3:5004");
    private static final int QUEUES = 2;

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(QUEUES);

    @TempDir
    private Path folder;

    /** What one run has found, written and printed. */
    private record Examination(int exitCode, JsonNode json, List<String> text) {
        JsonNode of(Check check) {
            return StreamSupport.stream(json.get("findings").spliterator(), false)
                    .filter(finding -> finding.get("check").asText().equals(check.name()))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + check + ": " + json));
        }

        String verdict(Check check) {
            return of(check).get("verdict").asText();
        }

        List<String> mend(Check check) {
            List<String> commands = new ArrayList<>();
            of(check).get("mend").forEach(command -> commands.add(command.asText()));
            return commands;
        }
    }

    private Examination examine(String... options) throws Exception {
        Path file = folder.resolve("doctor.json");
        try (Program doctor = Program.start(arguments(List.of("doctor", "--json", file.toString()), options))) {
            int exitCode = doctor.exitCode();
            assertEquals("", doctor.err());
            JsonNode json = new ObjectMapper().readTree(file.toFile());
            assertEquals(json.get("problems").asInt() == 0 ? 0 : 1, exitCode);
            return new Examination(exitCode, json, doctor.out().lines().toList());
        }
    }

    private static String[] arguments(List<String> first, String... more) {
        List<String> arguments = new ArrayList<>(first);
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static void spoil(boolean hasNft) throws IOException {
        Cable.run("ip", "addr", "flush", "dev", Cable.RX);
        Cable.run("ip", "link", "set", Cable.RX, "mtu", "1400");
        Cable.run("ip", "link", "set", Cable.RX, "down");
        Cable.run("sysctl", "-qw", "net.ipv4.conf.rx0.rp_filter=1", "net.ipv4.conf.all.force_igmp_version=2");
        Cable.run("ethtool", "-K", Cable.RX, "gro", "on", "rx-gro-list", "on");
        Cable.run("ethtool", "-L", Cable.RX, "rx", "1");
        if (hasNft) {
            Cable.run("nft", "add table inet doctor");
            Cable.run("nft", "add chain inet doctor input { type filter hook input priority 0; policy drop; }");
        }
    }

    private static boolean hasNft() {
        return Arrays.stream(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "nft")));
    }

    /** Each command that is printed does what it is printed for. */
    @Test
    void whatIsSpoiledIsMendedByWhatItPrints() throws Exception {
        Set<Check> spoiled = EnumSet.of(
                Check.LINK, Check.NATIVE_XDP, Check.MTU, Check.GRO, Check.IPV4_ADDRESS,
                Check.RP_FILTER, Check.IGMP_VERSION);
        boolean hasNft = hasNft();
        if (hasNft) {
            spoiled.add(Check.FIREWALL);
        }
        spoil(hasNft);
        try {
            Examination before = examine("--interface", Cable.RX);
            assertEquals(1, before.exitCode()); // the link is down
            for (Check check : spoiled) {
                assertEquals(check == Check.LINK ? "problem" : "warning", before.verdict(check), check.toString());
                assertFalse(before.mend(check).isEmpty(), check.toString());
                for (String command : before.mend(check)) {
                    assertTrue(before.text().contains("           mend: " + command), command);
                    Cable.run("sh", "-c", command);
                }
            }
            before.text().stream()
                    .filter(line -> !line.startsWith("           mend: "))
                    .forEach(line -> assertTrue(line.length() <= 80, line));

            Examination after = examine("--interface", Cable.RX);
            for (Check check : spoiled) {
                assertEquals("ok", after.verdict(check), after.of(check).toString());
            }
        } finally {
            if (hasNft) {
                Cable.run("nft", "delete table inet doctor");
            }
        }
    }

    /** Attached by nothing but its name in a file system, so that no process would have to be ended. */
    @Test
    void somebodyElsesProgramIsInTheWayOfReceiveAsWell() throws Exception {
        Path object = Path.of(System.getProperty("java.library.path")).resolveSibling("cmake/skeletons/ceiling.bpf.o");
        String pin = "/sys/fs/bpf/doctor-it";
        Cable.run("bpftool", "prog", "load", object.toString(), pin);
        try {
            Cable.run("bpftool", "net", "attach", "xdpgeneric", "pinned", pin, "dev", Cable.RX);
            Examination examination = examine("--interface", Cable.RX);
            assertEquals(1, examination.exitCode());
            assertEquals("problem", examination.verdict(Check.XDP_PROGRAM));
            List<String> commands = examination.mend(Check.XDP_PROGRAM);
            String mend = commands.get(commands.size() - 1);
            assertTrue(examination.of(Check.XDP_PROGRAM).get("disruptive").asBoolean());
            try (Program receive = Program.start(arguments(RECEIVE, "--seconds", "1"))) {
                assertEquals(2, receive.exitCode());
                assertTrue(receive.err().contains("`" + mend + "`"), receive.err());
            }
            for (String command : commands) {
                Cable.run("sh", "-c", command);
            }
            try (Program receive = Program.start(arguments(RECEIVE, "--seconds", "1"))) {
                assertEquals(0, receive.exitCode(), receive.err());
            }
        } finally {
            Files.deleteIfExists(Path.of(pin));
        }
    }

    /** Its program is known, and it says of huge pages what the doctor says: 32 for each queue. */
    @Test
    void agreesWithOneThatReceives() throws Exception {
        Path json = folder.resolve("receive.json");
        try (Program receive = Program.start(arguments(RECEIVE, "--json", json.toString()))) {
            receive.await("that it receives", () -> receive.out().contains("idle"));
            Examination examination = examine("--interface", Cable.RX);
            assertEquals("ok", examination.verdict(Check.XDP_PROGRAM));
            assertTrue(
                    examination.of(Check.XDP_PROGRAM).get("found").asText().contains("pid " + receive.pid()),
                    examination.of(Check.XDP_PROGRAM).toString());
            receive.signal("TERM");
            assertEquals(143, receive.exitCode());
            JsonNode xdp = new ObjectMapper().readTree(json.toFile()).get("xdp");
            JsonNode refusal = xdp.path("hugePageRefusal");
            List<String> mend = examination.mend(Check.HUGE_PAGES);
            assertEquals(refusal.isTextual(), !mend.isEmpty(), refusal + " " + mend);
            if (refusal.isTextual()) {
                String pool = mend.get(0).substring(mend.get(0).indexOf('>'));
                assertTrue(refusal.asText().contains(pool + "`"), refusal + " " + mend);
                assertTrue(refusal.asText().startsWith("32 huge pages of 2 MiB"), refusal.asText());
                assertTrue(examination.of(Check.HUGE_PAGES).get("meaning").asText().contains(" take 64."));
            }
        }
    }

    @Test
    void asNobody() throws Exception {
        try (Program doctor = Program.startAsNobody("doctor", "--interface", Cable.RX, "--json", "-")) {
            assertEquals(1, doctor.exitCode());
            Examination examination =
                    new Examination(1, new ObjectMapper().readTree(doctor.out()), doctor.err().lines().toList());
            assertEquals("problem", examination.verdict(Check.CAPABILITIES));
            assertEquals(
                    "without CAP_NET_RAW, CAP_NET_ADMIN, CAP_BPF",
                    examination.of(Check.CAPABILITIES).get("found").asText());
            assertEquals(List.of(), examination.mend(Check.CAPABILITIES)); // no command gives it them
            assertEquals("warning", examination.verdict(Check.CAP_PERFMON));
            for (Check check : List.of(Check.AF_XDP, Check.LINK, Check.NATIVE_XDP, Check.XDP_PROGRAM, Check.RX_QUEUES,
                    Check.GRO, Check.IPV4_ADDRESS, Check.RP_FILTER, Check.IGMP_VERSION, Check.MEMBERSHIPS)) {
                assertEquals("ok", examination.verdict(check), examination.of(check).toString());
            }
            assertTrue(examination.text().contains("Kernel"), examination.text().toString());
        }
    }

    @Test
    void withoutAnInterfaceItNamesThem() throws Exception {
        Examination examination = examine("--rate", "1000");
        Set<String> names = StreamSupport.stream(examination.json().get("interfaces").spliterator(), false)
                .map(candidate -> candidate.get("name").asText())
                .collect(Collectors.toSet());
        assertTrue(names.containsAll(Set.of(Cable.RX, Cable.TX)), names.toString());
        assertFalse(names.contains("lo"), names.toString());
        assertTrue(
                examination.text().stream().anyMatch(line -> line.startsWith("  rx0, driver veth, up, 2 RX queues")),
                examination.text().toString());
        assertFalse(examination.json().has("interface"));
        assertEquals(1, examination.json().get("rings").size());
        assertEquals(1_000, examination.json().at("/rings/0/pps").asLong());
        assertTrue(examination.json().at("/absence/sleepingMs").asDouble() >= 1, "it slept for 1 ms");
        assertTrue(examination.json().at("/absence/spinningMs").asDouble() > 0, "it looked at the clock");
    }
}
