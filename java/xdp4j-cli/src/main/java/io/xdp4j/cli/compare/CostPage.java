// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Statement;
import io.xdp4j.cli.page.Page;
import io.xdp4j.cli.page.Plot;
import io.xdp4j.cli.receive.Idle;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of {@code compare --cost}: load by load what a packet costs in Java and in C. */
final class CostPage {
    private final CostReport report;
    private final Page page =
            new Page("xdp4j compare --cost", "What a packet costs in Java and in C", Page.time(Instant.now()));

    private CostPage(CostReport report) {
        this.report = report;
    }

    static Page of(CostReport report) {
        return new CostPage(report).page();
    }

    private Page page() {
        Map<String, List<Cost>> byLoad = report.costs().stream()
                .collect(Collectors.groupingBy(CostPage::load, LinkedHashMap::new, Collectors.toList()));
        List<String> verdicts = new ArrayList<>();
        byLoad.forEach((load, costs) -> verdicts.add(load + ": " + verdict(costs) + "."));
        page.section("Verdict").lead(verdicts.get(0));
        ComparePages.addIncomplete(page, report.complete());
        verdicts.subList(1, verdicts.size()).forEach(page::paragraph);
        page.statements(marked());
        byLoad.forEach((load, costs) ->
                page.section(load).plot(plot(costs), CostReport.columns(costs).table(load)));
        page.section("Settings").terms(settings());
        page.section("Machine").terms(report.machine().terms());
        return page;
    }

    private static String load(Cost cost) {
        return "At " + Figures.count(cost.offeredPps()) + " packets a second, " + cost.idle();
    }

    private static String verdict(List<Cost> costs) {
        String measured = costs.stream()
                .map(cost -> cost.backend() + " takes " + Spread.median(compared(cost)) + " ns")
                .collect(Collectors.joining(", "));
        String ratio = costs.stream()
                .filter(cost -> cost.backend().equals(Backend.XDP.toString()))
                .filter(cost -> cost.toPeer() != null && cost.toPeer().compared() != null)
                .map(cost -> cost.toPeer().compared())
                .map(times -> String.format(Locale.ROOT, "; Java takes %.2f times what C takes", times))
                .findFirst()
                .orElse("");
        return measured + (spins(costs.get(0)) ? " of its looks" : " of CPU time") + " for a packet" + ratio;
    }

    private static boolean spins(Cost cost) {
        return new Idle.Converter().convert(cost.idle()).neverWaits();
    }

    /** Who spins has no CPU time of its own making. */
    private static Spread compared(Cost cost) {
        return spins(cost) ? cost.busy() : cost.cpu();
    }

    private List<Statement> marked() {
        List<Statement> statements = new ArrayList<>();
        List<String> marked = report.marked();
        if (!marked.isEmpty()) {
            statements.add(new Statement(0, "Cells that lost packets, or whose sender did not hold the rate"));
            marked.forEach(text -> statements.add(new Statement(2, text)));
        }
        return statements;
    }

    /** Bars are medians, dots are the rounds. */
    private Plot plot(List<Cost> costs) {
        boolean spins = spins(costs.get(0));
        List<List<Double>> rounds = new ArrayList<>();
        for (int row = 0; row < costs.size(); row++) {
            double at = row;
            Cost cost = costs.get(row);
            report.cells().stream()
                    .filter(cell -> cell.backend().equals(cost.backend())
                            && cell.offeredPps() == cost.offeredPps()
                            && cell.idle().equals(cost.idle()))
                    .map(spins ? Cell::busyNsPerPacket : Cell::cpuNsPerPacket)
                    .filter(ns -> ns != null)
                    .forEach(ns -> rounds.add(List.of(Math.round(10 * ns) / 10.0, at)));
        }
        return new Plot.Bars(
                "cost-" + costs.get(0).offeredPps() + "-" + costs.get(0).idle(),
                spins ? "Time of the looks that brought packets" : "CPU time of the receiver's thread",
                "By packet received: the median of " + costs.get(0).rounds() + " rounds, and each of them.",
                "ns a packet",
                costs.stream().map(Cost::backend).toList(),
                List.of(new Plot.Part(
                        "median",
                        costs.stream()
                                .map(cost -> compared(cost) == null ? null : compared(cost).median())
                                .toList())),
                costs.stream()
                        .map(cost -> Spread.median(compared(cost)) + " ns (" + Spread.range(compared(cost)) + ")")
                        .toList(),
                List.of(new Plot.Dots("a round", rounds)));
    }

    private Map<String, String> settings() {
        CostSettings settings = report.settings();
        Map<String, String> terms = new LinkedHashMap<>();
        terms.put("receivers", String.join(", ", settings.backends()));
        terms.put("flows", Figures.count(settings.flows()));
        terms.put("rings", Figures.count(settings.ringDescriptors()) + " descriptors");
        terms.put("batch", Figures.count(settings.batch()) + " packets");
        terms.put("rounds", settings.rounds() + " of " + settings.seconds() + " s, in turns");
        terms.put("frames", Figures.count(settings.sizeBytes()) + " bytes");
        terms.put("placement", settings.placement());
        return terms;
    }
}
