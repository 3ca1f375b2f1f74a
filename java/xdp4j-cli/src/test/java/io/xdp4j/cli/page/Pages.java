// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Statement;
import io.xdp4j.cli.page.DataTable.Head;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Pages by hand, and what a browser has of a page. */
public final class Pages {
    /** As an interface, a host or a message may be named. */
    static final String EVIL = "</script><img src=http://192.0.2.1/x onerror=alert(1)><!-- {{data}} {a|b} \u2028 ']]>";

    /** What a table has, by its caption: rows of cells, the heads first; without the units of the heads. */
    private static final String TABLES = """
            Object.fromEntries(Array.from(document.querySelectorAll('table'), table => [
              table.caption.textContent,
              Array.from(table.rows, row => Array.from(row.cells, cell => cell.firstChild.textContent.trim()))]))""";

    private Pages() {}

    /** Every kind of plot, with a name in each that must not be taken for markup. */
    static Page ofAllKinds() {
        DataTable table = new DataTable(
                "Figures of " + EVIL,
                List.of(Head.of("name"), Head.of("figure", "pps", "what it is"), Head.ofWords("words")),
                List.of(List.of(EVIL, "1,234", EVIL), List.of("two", "-", "none")));
        List<Long> at = new ArrayList<>();
        List<Double> line = new ArrayList<>();
        List<Double> least = new ArrayList<>();
        List<Double> most = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            at.add(1_700_000_000_000L + 2_000L * i);
            line.add(i == 50 ? null : 100.0 + i);
            least.add(i == 50 ? null : 90.0 + i);
            most.add(i == 50 ? null : 110.0 + i);
        }
        List<Plot.Panel> panels = new ArrayList<>();
        panels.add(new Plot.Panel("one", "mean 150", "packets/s", null, line, least, most));
        panels.add(new Plot.Panel(EVIL, EVIL, "%", 100.0, line, least, most));
        while (panels.size() < 16) { // one for each cause, more than which there are not
            panels.add(new Plot.Panel("panel " + panels.size(), "", "%", 100.0, line, least, most));
        }
        return new Page("xdp4j " + EVIL, "Page of " + EVIL, "now")
                .section("Verdict")
                .lead("All of it.")
                .tiles(Map.of("lost", "1,234", EVIL, EVIL))
                .statements(List.of(
                        new Statement(0, "Heading"),
                        new Statement(2, "Options: --fill-ring 32768"),
                        new Statement(4, "more about " + EVIL),
                        new Statement(2, "the next")))
                .section("Plots")
                .plot(
                        new Plot.Bars(
                                "bars", "Bars", "Says " + EVIL, "packets", List.of("one", EVIL),
                                List.of(
                                        new Plot.Part("fill ring empty", List.of(5.0, 7.0)),
                                        new Plot.Part(EVIL, List.of(0.0, 3.0))),
                                List.of("5 (1.0 %)", EVIL),
                                List.of(new Plot.Dots("limit", List.of(List.of(20.0, 0.0), List.of(11.0, 1.0))))),
                        table)
                .plot(
                        new Plot.Rows(
                                "rows", "Rows", "Says.", "µs", true, List.of("one", EVIL),
                                List.of(
                                        new Plot.Dots("p50", List.of(List.of(1.0, 0.0), List.of(2.0, 1.0))),
                                        new Plot.Dots(EVIL, List.of(List.of(100.0, 0.0), List.of(3_000.0, 1.0))))),
                        table)
                .plot(
                        new Plot.Percentiles(
                                "percentiles", "Percentiles", "Says.", "µs",
                                List.of(
                                        new Plot.Curve(
                                                "one",
                                                List.of(List.of(0.5, 10.0), List.of(0.9, 20.0), List.of(0.99, 30.0))),
                                        new Plot.Curve(EVIL, List.of(List.of(0.5, 11.0), List.of(0.9, 25.0))))),
                        table)
                .plot(
                        new Plot.Timeline("timeline", "Timeline", "Says.", at, panels),
                        table)
                .section("Settings")
                .terms(Map.of("interface", EVIL));
    }

    /** @param browser with a page open */
    public static JsonNode table(Browser browser, String caption) throws IOException {
        JsonNode table = browser.evaluate(TABLES).get(caption);
        if (table == null) {
            throw new AssertionError("no table '" + caption + "'");
        }
        return table;
    }

    /** The figures of a row: by the heads of their columns, with the commas left out. */
    public static String cell(JsonNode table, String row, String head) {
        for (int column = 0; column < table.get(0).size(); column++) {
            if (table.get(0).get(column).asText().equals(head)) {
                for (JsonNode cells : table) {
                    if (cells.get(0).asText().equals(row)) {
                        return cells.get(column).asText().replace(",", "");
                    }
                }
            }
        }
        throw new AssertionError("no " + head + " of " + row + " in " + table);
    }

    /** Opened without a complaint or a request, with every plot drawn. */
    public static void assertSound(Browser browser, Path file) throws IOException {
        browser.load(file);
        assertEquals(List.of(), browser.complaints());
        assertEquals(List.of(), browser.requests());
        assertEquals(
                browser.evaluate("document.querySelectorAll('.plot').length"),
                browser.evaluate("document.querySelectorAll('.plot > div > svg').length"));
    }

    /** What a plot draws, part by part: its name and its figures, as the library has them. */
    public static JsonNode drawn(Browser browser, String plot) throws IOException {
        return browser.evaluate("""
                Object.fromEntries(echarts.getInstanceByDom(document.getElementById('%s')).getOption().series
                  .filter(series => series.name && !series.silent)
                  .map(series => [series.name, series.data]))""".formatted(plot));
    }
}
