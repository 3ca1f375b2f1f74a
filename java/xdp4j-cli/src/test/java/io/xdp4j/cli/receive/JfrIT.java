// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.Program;
import io.xdp4j.packet.Flow;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import io.xdp4j.source.RtpSourceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A recording of {@code receive} says what its report says, and when it happened. */
@Tag("integration")
@Timeout(180)
class JfrIT {
    private static final String A = "239.1.2.3:5004";
    private static final String B = "239.1.2.4:5004";
    private static final int POSITIONS = 5_000;

    /** Of each flow that is sent: 50 in a row, and 40 each for itself. */
    private static final int LEFT_OUT = 90;

    private static final int GAPS = 41;

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(1);

    @TempDir
    private Path folder;

    /** As docs/xdp4j.jfc has it. */
    private static String recording(Path into) {
        Path settings = Path.of("../../docs/xdp4j.jfc").toAbsolutePath().normalize();
        return "-XX:StartFlightRecording:settings=" + settings + ",filename=" + into;
    }

    /** Of all recordings in the folder, by name; the prefix is left out. */
    private List<RecordedEvent> recorded(String event) throws IOException {
        List<RecordedEvent> events = new ArrayList<>();
        for (Path file : recordings()) {
            for (RecordedEvent each : RecordingFile.readAllEvents(file)) {
                if (each.getEventType().getName().equals("io.xdp4j." + event)) {
                    events.add(each);
                }
            }
        }
        events.sort((one, other) -> one.getStartTime().compareTo(other.getStartTime()));
        return events;
    }

    private List<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jfr")).toList();
        }
    }

    /** By cause, but those from which all was taken back. */
    private Map<String, Long> lossesOf(String flow) throws IOException {
        Map<String, Long> sums = new TreeMap<>();
        for (RecordedEvent loss : recorded("Loss")) {
            if (loss.getString("flow").equals(flow)) {
                sums.merge(loss.getString("cause"), loss.getLong("packets"), Long::sum);
            }
        }
        sums.values().removeIf(sum -> sum == 0);
        return sums;
    }

    /** By cause, of accounts in the report. */
    private static Map<String, Long> sums(JsonNode... accounts) {
        Map<String, Long> sums = new TreeMap<>();
        for (JsonNode causes : accounts) {
            causes.properties().forEach(cause ->
                    sums.merge(cause.getKey(), cause.getValue().asLong(), Long::sum));
        }
        return sums;
    }

    /** In words, each as {@code what: inForce (reason)}. */
    private List<String> changes() throws IOException {
        return recorded("Mode").stream()
                .map(mode -> mode.getString("what") + ": " + mode.getString("inForce")
                        + (mode.getString("reason") == null ? "" : " (" + mode.getString("reason") + ")"))
                .toList();
    }

    private static void sendWithLosses(String... flows) throws Exception {
        RtpSourceBuilder builder = RtpSource.on(Cable.TX)
                .positions(POSITIONS)
                .lose(List.of(new PositionRange(100, 149, 1), new PositionRange(1_000, 4_900, 100)));
        for (String flow : flows) {
            builder.flow(Flow.parse(flow));
        }
        long before = Cable.arrived();
        try (RtpSource source = builder.open()) {
            PacedSender sender = new PacedSender(source, 50_000);
            while (sender.step()) {
                // until all is sent
            }
            assertEquals(0, source.refused());
        }
        long sent = (long) flows.length * (POSITIONS - LEFT_OUT);
        Cable.await("the arrival of all", () -> Cable.arrived() >= before + sent);
    }

    private static void reload(Receive receive, Path file, String flows, String answer) throws Exception {
        Files.writeString(file, flows);
        receive.program.signal("HUP");
        receive.awaitSaid(answer);
    }

    /** One flow is removed on the way and comes back. With processes each of them has a recording of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void figuresAreThoseOfTheReport(String workers) throws Exception {
        Path flows = folder.resolve("flows.txt");
        Files.writeString(flows, A + "\n" + B + "\n");
        JsonNode report;
        try (Receive receive = Receive.ready(
                arguments -> Program.startWith(Map.of("JDK_JAVA_OPTIONS", recording(folder)), arguments),
                "--flows", flows.toString(), "--workers", workers)) {
            sendWithLosses(A, B);
            reload(receive, flows, A + "\n", "flows: 0 added, 1 removed");
            reload(receive, flows, A + "\n" + B + "\n", "flows: 1 added, 0 removed");
            sendWithLosses(B);
            Cable.run("ip", "link", "del", Cable.RX); // an end in order, unlike a signal, at which recordings end too
            report = receive.ended(1);
        }
        assertEquals(workers.equals("threads") ? 1 : 2, recordings().size(), recordings()::toString);

        List<RecordedEvent> gaps = recorded("Gap");
        assertEquals(3 * GAPS, gaps.size());
        assertEquals(Map.of(A, LEFT_OUT, B, 2 * LEFT_OUT), gaps.stream().collect(Collectors.toMap(
                gap -> gap.getString("flow"), gap -> gap.getInt("missing"), Integer::sum)));

        JsonNode causesOfA = Receive.flow(report, A).at("/ledger/causes");
        JsonNode causesOfB = Receive.flow(report, B).at("/ledger/causes");
        assertEquals(sums(causesOfA), lossesOf(A));
        assertEquals(sums(causesOfB, report.at("/removed/0/ledger/causes")), lossesOf(B));
        assertEquals(Map.of("UPSTREAM_OR_LOCAL", LEFT_OUT + 0L), lossesOf(A), "the driver's counters are gone with it");

        List<RecordedEvent> highs = recorded("Ring");
        long highest = highs.stream().mapToLong(high -> high.getLong("level")).max().orElse(0);
        assertEquals(report.at("/xdp/fullest").asLong(), highest, highs::toString);
        assertTrue(highest > 0, highs::toString);

        List<String> changes = changes();
        assertTrue(changes.contains("AF_XDP socket on rx0 queue 0: copies"), changes::toString);
        assertTrue(changes.contains("XDP program on rx0: native"), changes::toString);
        assertTrue(changes.contains("interface rx0: gone"), changes::toString);
        assertTrue(changes.contains("XDP program on rx0: detached"), changes::toString);
    }

    /** The distributor's own recording has it, and is not overwritten by those whom it starts. */
    @Test
    void whatHappensToOthersIsOnTheTimeLine() throws Exception {
        Path file = folder.resolve("distributor.jfr");
        try (Receive receive = Receive.ready(
                arguments -> Program.startWithOptions(List.of(recording(file)), arguments),
                "--flow", A, "--workers", "processes")) {
            Cable.run("kill", "-KILL", Long.toString(receive.worker(0)));
            receive.awaitSaid("has a worker again");
            Cable.run("ip", "link", "set", Cable.RX, "down");
            receive.awaitSaid("interface rx0 is down");
            Cable.run("ip", "link", "set", Cable.RX, "up");
            receive.awaitSaid("interface rx0 is up again");
            Cable.run("ip", "link", "del", Cable.RX);
            receive.ended(1);
        }
        assertEquals(List.of(file), recordings());
        List<String> changes = changes();
        String died = changes.stream().filter(change -> change.startsWith("worker of queue 0: none")).findFirst().get();
        assertTrue(died.endsWith("was killed by signal 9)"), died);
        int again = changes.indexOf(changes.stream()
                .filter(change -> change.startsWith("worker of queue 0: running (after "))
                .findFirst()
                .get());
        assertTrue(changes.indexOf(died) < again, changes::toString);
        assertTrue(again < changes.indexOf("interface rx0: down"), changes::toString);
        assertTrue(changes.indexOf("interface rx0: down") < changes.indexOf("interface rx0: up"), changes::toString);

        String printed = Cable.run(
                Path.of(System.getProperty("java.home"), "bin", "jfr").toString(),
                "print", "--events", "io.xdp4j.*", file.toString());
        assertEquals(changes.size(), printed.lines().filter(line -> line.startsWith("io.xdp4j.Mode {")).count());
    }
}
