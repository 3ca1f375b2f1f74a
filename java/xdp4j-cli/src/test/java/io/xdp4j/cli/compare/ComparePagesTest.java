// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.Machine;
import io.xdp4j.cli.page.Browser;
import io.xdp4j.cli.page.Pages;
import io.xdp4j.ledger.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of all three modes in a browser: what they show is what the JSON has. */
class ComparePagesTest {
    private static final Machine MACHINE = new Machine("6.18", "amd64", "AMD", 2, "17");
    private static final List<Cell> CELLS = List.of(
            Cells.xdp(Backend.XDP, 390_000, 2_340_000, Map.of()),
            Cells.xdp(Backend.QUESTION, 390_000, 2_339_996, Map.of(Cause.FILL_RING_EMPTY, 47_181L, Cause.NIC, 3L)),
            Cells.socket(Backend.NIO, 390_000, 2_340_000, Map.of(Cause.SOCKET_BUFFER, 1_170_000L)),
            Cells.xdp(Backend.XDP, 520_000, 3_120_000, Map.of()),
            Cells.xdp(Backend.QUESTION, 520_000, 3_120_000, Map.of()),
            Cells.socket(Backend.NIO, 520_000, 3_120_000, Map.of(Cause.SOCKET_BUFFER, 312_000L)));

    @TempDir
    private static Path folder;

    private static Browser browser;

    @BeforeAll
    static void open() throws IOException {
        browser = Browser.open();
    }

    @AfterAll
    static void close() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    private static JsonNode opened(Measurement.Findings findings) throws IOException {
        Path file = Files.write(folder.resolve("page.html"), findings.page().bytes());
        Pages.assertSound(browser, file);
        return new ObjectMapper().valueToTree(findings);
    }

    @Test
    void theGridShowsItsCells() throws IOException {
        JsonNode json = opened(grid(true));

        for (JsonNode cell : json.get("cells")) {
            assertShown(cell);
        }
        JsonNode losses = Pages.drawn(browser, "losses-390000");
        assertEquals("[0,3,0]", losses.get("NIC").toString());
        assertEquals("[0,47181,0]", losses.get("fill ring empty").toString());
        assertEquals("[0,0,1170000]", losses.get("socket buffer").toString());
        assertEquals("[20480.6,1]", Pages.drawn(browser, "latencies-390000").get("p99.9").get(1).toString());
        assertEquals("512", Pages.cell(Pages.table(browser, "Fullest ring"), "question at 520,000", "fullest"));
    }

    private static void assertShown(JsonNode cell) throws IOException {
        String rate = String.format("%,d", cell.get("offeredPps").asLong());
        JsonNode table = Pages.table(browser, "All figures at " + rate + " packets a second");
        String backend = cell.get("backend").asText();
        for (String figure : List.of("sent", "received", "lost")) {
            assertEquals(cell.get(figure).asText(), Pages.cell(table, backend, figure));
        }
        assertEquals(cell.get("causes").path("SOCKET_BUFFER").asText("0"), Pages.cell(table, backend, "buffer"));
    }

    @Test
    void theGridsVerdictIsThatOfTheTerminal() throws IOException {
        JsonNode json = opened(grid(true));
        String page = browser.evaluate("document.querySelector('section').textContent.replace(/\\s+/g, ' ')").asText();

        assertTrue(
                page.contains("xdp lost nothing at any of 2 rates; question lost up to 2.0 %; nio lost up to 50 %."),
                page);
        for (JsonNode line : json.get("verdict")) {
            assertTrue(page.contains(line.asText().strip()), line.asText());
        }
    }

    @Test
    void oneThatWasBrokenOffSaysSo() throws IOException {
        opened(grid(false));

        String page = browser.evaluate("document.body.textContent").asText();
        assertTrue(page.contains("The run ended before it was complete"), page);
    }

    private static Comparison grid(boolean complete) {
        Settings settings = new Settings(
                List.of(390_000L, 520_000L), 6, 214, List.of("xdp", "question", "nio"), List.of("sleep:1ms"),
                Plan.TWO_FLOWS_ABOVE_PPS, "sender on CPU 0, receivers on CPU 1");
        return new Comparison(complete, MACHINE, settings, CELLS, Verdict.lines(CELLS, 6));
    }

    @Test
    void theSearchShowsItsRatesAndTrials() throws IOException {
        JsonNode json = opened(LosslessReportTest.report(
                LosslessReportTest.found(Backend.XDP, 1_000_000, 9_000_000),
                LosslessReportTest.found(Backend.RAW, 500_000, 395_000)));

        JsonNode table = Pages.table(browser, "The highest rate without loss");
        JsonNode drawn = Pages.drawn(browser, "rates");
        int row = 0;
        for (JsonNode source : json.get("sources")) {
            String lossless = source.get("losslessPps").asText();
            assertEquals(lossless, Pages.cell(table, source.get("backend").asText(), "lossless"));
            assertEquals(lossless, drawn.get("without loss").get(row).asText());
            assertEquals(source.get("senderLimitPps").asLong(), drawn.get("sender's limit").get(row).get(0).asLong());
            row++;
        }
        assertEquals(trials(json, "passed"), drawn("nothing lost"));
        assertEquals(trials(json, "lost"), drawn("lost"));
        assertEquals(
                "xdp carries 1,000,000 packets a second without a loss, 2.53 times the best of the sockets.",
                browser.evaluate("document.querySelector('.lead').textContent").asText());
        String page = browser.evaluate("document.body.textContent").asText();
        assertTrue(
                page.contains("raw: 395,000 packets a second; at 400,000 it lost 1,234, most of them here: socket"
                        + " buffer."),
                page);
    }

    private static List<Long> trials(JsonNode json, String outcome) {
        List<Long> rates = new ArrayList<>();
        json.get("sources").forEach(source -> source.get("trials").forEach(trial -> {
            if (trial.get("outcome").asText().equals(outcome)) {
                rates.add(Math.round(trial.get("sentPps").asDouble()));
            }
        }));
        return rates;
    }

    private static List<Long> drawn(String dots) throws IOException {
        List<Long> rates = new ArrayList<>();
        Pages.drawn(browser, "trials").get(dots).forEach(point -> rates.add(point.get(0).asLong()));
        return rates;
    }

    @Test
    void theCostShowsMediansAndRounds() throws IOException {
        JsonNode json = opened(CostReportTest.report(
                CostReportTest.cell(Backend.XDP, Cells.idle("sleep:1ms"), 60, 90),
                CostReportTest.cell(Backend.PEER, Cells.idle("sleep:1ms"), 50, 100),
                CostReportTest.cell(Backend.XDP, Cells.idle("sleep:1ms"), 80, 70),
                CostReportTest.cell(Backend.PEER, Cells.idle("sleep:1ms"), 30, 60)));

        JsonNode xdp = json.get("costs").get(0);
        String plot = "cost-" + xdp.get("offeredPps").asText() + "-sleep:1ms";
        assertEquals(xdp.at("/cpu/median").asDouble(), Pages.drawn(browser, plot).get("median").get(0).asDouble());
        assertEquals("[[60,0],[80,0],[50,1],[30,1]]", Pages.drawn(browser, plot).get("a round").toString());
        assertTrue(browser.evaluate("document.querySelector('.lead').textContent").asText()
                .endsWith("xdp takes 70 ns, peer takes 40 ns of CPU time for a packet; Java takes 1.75 times what C"
                        + " takes."));
    }
}
