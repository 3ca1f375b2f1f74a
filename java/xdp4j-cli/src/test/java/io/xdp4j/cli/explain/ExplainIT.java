// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.Program;
import io.xdp4j.packet.Flow;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code explain} as its user runs it, against losses that are made on purpose. */
@Tag("integration")
@Timeout(120)
class ExplainIT {
    private static final String FLOW = "239.1.2.3:5004";

    /** Of the packets sent. */
    private static final long RATE_PPS = 10_000;

    /** More than any test lasts. */
    private static final long ENDLESS = 2_000_000;

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(1);

    @TempDir
    private Path folder;

    private Path json() {
        return folder.resolve("explained.json");
    }

    private Program explain(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("explain", "--interface", "rx0", "--flow", FLOW, "--json", json().toString()));
        arguments.addAll(List.of(options));
        return Program.start(arguments.toArray(String[]::new));
    }

    private JsonNode report() throws IOException {
        return new ObjectMapper().readTree(json().toFile());
    }

    private static void awaitReceiving(Program explain) throws Exception {
        explain.await("the first run", () -> explain.out().contains("receiving "));
    }

    /** Sends while the condition holds, and all of it at most. */
    private static void send(long packets, List<PositionRange> leftOut, BooleanSupplier goOn) throws Exception {
        try (RtpSource source = RtpSource.on("tx0")
                .flow(Flow.parse(FLOW))
                .positions(packets)
                .lose(leftOut)
                .open()) {
            PacedSender sender = new PacedSender(source, RATE_PPS);
            while (goOn.getAsBoolean() && sender.step()) {
                // until all is sent
            }
            assertEquals(0, source.refused());
        }
    }

    private static JsonNode ledger(JsonNode report, String run) {
        return report.required(run).required("flows").required(0).required("ledger");
    }

    @Test
    void namesAsUpstreamWhatTheSourceLeftOut() throws Exception {
        try (Program explain = explain("--seconds", "3")) {
            awaitReceiving(explain);
            send(10_000, List.of(new PositionRange(500, 599, 1), new PositionRange(2_000, 8_000, 1_000)), () -> true);

            assertEquals(0, explain.exitCode(), explain.err());
            JsonNode ledger = ledger(report(), "before");
            assertEquals(10_000, ledger.required("wire").asLong());
            assertEquals(9_893, ledger.required("delivered").asLong()); // 10,000 - 100 - 7
            assertEquals("{\"UPSTREAM\":107}", ledger.required("causes").toString());
            assertEquals(0, ledger.required("unexplained").asLong());
            assertTrue(explain.out().contains("    upstream                    107   1.1 %\n"), explain.out());
            assertTrue(explain.out().contains("No option of this program ends that."), explain.out());
            assertTrue(report().required("after").isNull());
            explain.out().lines().forEach(line -> assertTrue(line.length() <= 120, line));
        }
    }

    @Test
    void findsTheRingsThatEndTheLossAndTriesThem() throws Exception {
        // In 20 ms 200 packets arrive, and 64 find room.
        try (Program explain =
                explain("--seconds", "3", "--rx-ring", "64", "--fill-ring", "64", "--idle", "sleep:20ms")) {
            awaitReceiving(explain);
            send(ENDLESS, List.of(), explain::isAlive);

            assertEquals(0, explain.exitCode(), explain.err());
            JsonNode before = ledger(report(), "before");
            assertTrue(before.required("causes").required("FILL_RING_EMPTY").asLong() > 0, before::toString);
            assertEquals(1, before.required("causes").size(), before::toString);
            assertEquals(0, before.required("unexplained").asLong(), before::toString);
            JsonNode after = ledger(report(), "after");
            assertTrue(after.required("delivered").asLong() > 0, after::toString);
            assertEquals("{}", after.required("causes").toString());
            assertEquals(0, after.required("unexplained").asLong(), after::toString);
            assertEquals(
                    "[\"--fill-ring\",\"32768\",\"--rx-ring\",\"32768\"]", report().required("options").toString());
            assertTrue(
                    explain.out().endsWith("With --fill-ring 32768 --rx-ring 32768 nothing was lost.\n"),
                    explain.out());
            explain.out().lines().forEach(line -> assertTrue(line.length() <= 120, line));
        }
    }

    @Test
    void likeTheQuestionGoesOnToTheDefaultRingsThoughNothingIsLost() throws Exception {
        try (Program explain = explain("--seconds", "2", "--like-the-question")) {
            awaitReceiving(explain);
            send(100, List.of(), () -> true);

            assertEquals(0, explain.exitCode(), explain.err());
            assertEquals("sleep:2ms", report().at("/before/idle").asText());
            assertEquals(2_048, report().at("/before/xdp/fillRing").asInt());
            assertEquals(2_048, report().at("/before/xdp/rxRing").asInt());
            assertEquals(100, ledger(report(), "before").required("delivered").asLong());
            assertEquals(32_768, report().at("/after/xdp/fillRing").asInt());
            assertTrue(explain.out().contains("Nothing was lost.\n"), explain.out());
        }
    }

    @Test
    void saysWhatToCheckWhenNothingArrives() throws Exception {
        try (Program explain = explain("--seconds", "1")) {
            assertEquals(0, explain.exitCode(), explain.err());
            assertTrue(explain.out().contains("Nothing arrived on rx0"), explain.out());
            assertEquals(0, ledger(report(), "before").required("wire").asLong());
        }
    }

    @Test
    void aSignalInTheFirstRunLeavesWhatIsKnown() throws Exception {
        try (Program explain = explain("--seconds", "60", "--like-the-question")) {
            awaitReceiving(explain);
            send(1_000, List.of(new PositionRange(10, 14, 1)), () -> true);
            explain.signal("INT");

            assertEquals(130, explain.exitCode(), explain.err());
            assertEquals(5, ledger(report(), "before").required("causes").required("UPSTREAM").asLong());
            assertTrue(explain.out().contains("was not tried"), explain.out());
            assertFalse(explain.out().contains("Again"), explain.out());
        }
    }

    @Test
    void aSignalInTheSecondRunLeavesWhatIsKnown() throws Exception {
        try (Program explain = explain("--seconds", "2", "--like-the-question")) {
            awaitReceiving(explain);
            send(ENDLESS, List.of(), () -> explain.isAlive() && !isTryingAgain(explain));
            explain.signal("TERM");

            assertEquals(143, explain.exitCode(), explain.err());
            assertTrue(explain.out().contains("longest absence"), explain.out());
            assertTrue(report().required("after").isObject());
        }
    }

    private static boolean isTryingAgain(Program explain) {
        try {
            return explain.out().lines().filter(line -> line.startsWith("receiving ")).count() == 2;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
