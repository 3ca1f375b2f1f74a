// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.cli.Program;
import io.xdp4j.cli.page.Browser;
import io.xdp4j.cli.page.Pages;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code receive --report} and {@code compare --report} write, in a browser, in a namespace with no network. */
@Tag("integration")
class ReportIT {
    private static final int SIGTERM_EXIT = 143;
    private static final String ONE = "239.1.2.3:5004";
    private static final String TWO = "239.1.2.4:5004";

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(1);

    @TempDir
    private Path folder;

    /** A ring of 64 and a sleep of 20 ms: at 20,000 a second most packets are lost. */
    @Test
    void aLossyReceptionIsShownAsItsJsonHasIt() throws Exception {
        Path page = folder.resolve("report.html");
        JsonNode json = received(page, "--rx-ring", "64", "--fill-ring", "64", "--idle", "sleep:20ms");

        try (Browser browser = Browser.open()) {
            Pages.assertSound(browser, page);
            long lost = 0;
            for (JsonNode flow : json.get("flows")) {
                assertAccount(flow, browser);
                assertLatency(flow.get("flow").asText(), flow.get("latencyUs"), browser);
                lost += flow.at("/ledger/causes/FILL_RING_EMPTY").asLong();
            }
            assertLatency("all flows", json.get("latencyUs"), browser);
            assertTrue(lost > 0, json::toString);
            assertLosses(json, browser);
            assertEquals(json.at("/xdp/fullest").asText(), Pages.cell(
                    Pages.table(browser, "What each queue's receiver has to say"), "0", "fullest"));
            assertOverTime(browser);
            String verdict = browser.evaluate("document.querySelector('.lead').textContent").asText();
            assertTrue(verdict.contains("most of them to one cause") || verdict.contains("all of them"), verdict);
            assertTrue(browser.evaluate("document.querySelector('section').textContent").asText()
                    .contains("--fill-ring"), "what to change");
        }
    }

    private static void assertAccount(JsonNode flow, Browser browser) throws IOException {
        JsonNode account = Pages.table(browser, "Where the packets of each flow went");
        String name = flow.get("flow").asText();
        JsonNode ledger = flow.get("ledger");
        assertEquals(ledger.get("wire").asText(), Pages.cell(account, name, "on the wire"));
        for (String figure : List.of("delivered", "waiting", "unexplained")) {
            assertEquals(ledger.get(figure).asText(), Pages.cell(account, name, figure));
        }
        assertEquals(ledger.at("/causes/FILL_RING_EMPTY").asText("0"), Pages.cell(account, name, "fill ring empty"));
        JsonNode rtp = Pages.table(browser, "What the RTP headers of the packets that arrived tell");
        for (String figure : List.of("received", "expected", "lost", "reordered", "duplicate")) {
            assertEquals(flow.get(figure).asText(), Pages.cell(rtp, name, figure));
        }
    }

    private static void assertLatency(String name, JsonNode latency, Browser browser) throws IOException {
        JsonNode table = Pages.table(browser, "Latency from kernel to user");
        assertEquals(rounded(latency.get("p50")), Pages.cell(table, name, "p50"));
        assertEquals(rounded(latency.get("p99")), Pages.cell(table, name, "p99"));
        assertEquals(rounded(latency.get("p999")), Pages.cell(table, name, "p99.9"));
        assertEquals(rounded(latency.get("max")), Pages.cell(table, name, "max"));
    }

    private static String rounded(JsonNode figure) {
        return String.format("%.1f", figure.asDouble());
    }

    /** The plot has the flow that lost most first. */
    private static void assertLosses(JsonNode json, Browser browser) throws IOException {
        List<Long> inJson = new ArrayList<>();
        json.get("flows").forEach(flow -> inJson.add(flow.at("/ledger/causes/FILL_RING_EMPTY").asLong()));
        List<Long> drawn = new ArrayList<>();
        Pages.drawn(browser, "losses").get("fill ring empty").forEach(bar -> drawn.add(bar.asLong()));
        inJson.sort(null);
        drawn.sort(null);
        assertEquals(inJson, drawn);
    }

    /** Second by second, of which there are two or more; the table has what the plot has. */
    private static void assertOverTime(Browser browser) throws IOException {
        JsonNode table = Pages.table(browser, "Rate over time");
        JsonNode drawn = Pages.drawn(browser, "rates");
        for (String flow : List.of("all flows", ONE, TWO)) {
            assertTrue(drawn.get(flow).size() >= 2, drawn::toString);
            assertEquals(drawn.get(flow).size(), table.size() - 1);
        }
        assertEquals(List.of("until", "all flows", ONE, TWO), texts(table.get(0)));
        assertTrue(Pages.drawn(browser, "lost").has("fill ring empty"));
        assertTrue(Pages.drawn(browser, "rings").has("queue 0"));
    }

    private static List<String> texts(JsonNode cells) {
        List<String> texts = new ArrayList<>();
        cells.forEach(cell -> texts.add(cell.asText()));
        return texts;
    }

    @Test
    void socketsHaveAPageWithoutRings() throws Exception {
        Path page = folder.resolve("report.html");
        JsonNode json = received(page, "--backend", "recvmmsg");

        try (Browser browser = Browser.open()) {
            Pages.assertSound(browser, page);
            for (JsonNode flow : json.get("flows")) {
                assertEquals(flow.get("received").asText(), Pages.cell(
                        Pages.table(browser, "Where the packets of each flow went"),
                        flow.get("flow").asText(),
                        "delivered"));
            }
            assertTrue(browser.evaluate("document.getElementById('rings') === null").asBoolean());
        }
    }

    /** Two flows, 20,000 packets a second in all for two seconds, both outputs. */
    private JsonNode received(Path page, String... options) throws Exception {
        Path json = folder.resolve("received.json");
        try (Program receive = receive(page, json, options)) {
            receive.await("that it receives", () -> (receive.out() + receive.err()).contains("idle"));
            try (PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(ONE), Flow.parse(TWO))) {
                sender.awaitMore(40_000);
                sender.stop();
            }
            receive.signal("TERM");
            assertEquals(SIGTERM_EXIT, receive.exitCode(), receive.err());
            return new ObjectMapper().readTree(json.toFile());
        }
    }

    private static Program receive(Path page, Path json, String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "receive", "--interface", Cable.RX, "--flow", ONE, "--flow", TWO, "--report", page.toString(), "--json",
                json.toString()));
        arguments.addAll(Arrays.asList(options));
        return Program.start(arguments.toArray(String[]::new));
    }

    @Test
    void aComparisonIsShownAsItsJsonHasIt() throws IOException, InterruptedException {
        Path json = folder.resolve("compare.json");
        Path page = folder.resolve("compare.html");
        try (Program compare = Program.start("compare", "--rates", "20000", "--seconds", "1", "--backends",
                        "xdp,recvmmsg", "--json", json.toString(), "--report", page.toString());
                Browser browser = Browser.open()) {
            assertEquals(0, compare.exitCode(), compare.err());
            Pages.assertSound(browser, page);
            for (JsonNode cell : new ObjectMapper().readTree(json.toFile()).get("cells")) {
                String backend = cell.get("backend").asText();
                JsonNode all = Pages.table(browser, "All figures at 20,000 packets a second");
                for (String figure : List.of("sent", "received", "lost")) {
                    assertEquals(cell.get(figure).asText(), Pages.cell(all, backend, figure));
                }
                assertLatency(backend, cell.get("latencyUs"), browser);
                if (backend.equals("xdp")) {
                    assertEquals(cell.get("ringFullest").asText(), Pages.cell(
                            Pages.table(browser, "Fullest ring"), "xdp at 20,000", "fullest"));
                }
            }
        }
    }

    @Test
    void anInterfaceThatGoesIsInThePage() throws IOException, InterruptedException {
        Path page = folder.resolve("report.html");
        try (Program receive = receive(page, folder.resolve("received.json"))) {
            receive.await("that it receives", () -> receive.out().contains("idle"));
            Cable.run("ip", "link", "del", Cable.RX);

            assertEquals(1, receive.exitCode(), receive.err());
            String html = Files.readString(page);
            assertTrue(html.contains("<p>It ended before its time: interface rx0 is gone"), receive.err());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing/report.html", "."})
    void aPlaceThatIsNoneIsRefusedAtOnce(String name) throws IOException, InterruptedException {
        Path page = folder.resolve(name);
        Path json = folder.resolve("received.json");
        try (Program receive = receive(page, json);
                Program compare = Program.start("compare", "--report", page.toString())) {
            for (Program program : List.of(receive, compare)) {
                assertEquals(2, program.exitCode(), program.err());
                assertTrue(program.err().startsWith("xdp4j: --report " + page), program.err());
                assertEquals(1, program.err().lines().count(), program.err());
            }
            Cable.holdsNothing("239.1.2.3");
            assertFalse(Files.exists(json));
        }
    }

    /** Its folder is taken away while it receives: that is said, and costs nothing else. */
    @Test
    void aPageThatCannotBeWrittenInTheEndIsSaid() throws Exception {
        Path gone = Files.createDirectory(folder.resolve("gone"));
        Path json = folder.resolve("received.json");
        try (Program receive = receive(gone.resolve("report.html"), json)) {
            receive.await("that it receives", () -> receive.out().contains("idle"));
            Files.delete(gone);
            receive.signal("TERM");

            assertTrue(receive.endsWithin(60));
            assertTrue(receive.err().contains("xdp4j: cannot write " + gone.resolve("report.html")), receive.err());
            assertFalse(receive.err().contains("\tat "), receive.err());
            assertTrue(Files.exists(json), "the JSON is written all the same");
        }
    }
}
