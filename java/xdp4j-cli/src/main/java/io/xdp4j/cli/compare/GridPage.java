// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.page.DataTable;
import io.xdp4j.cli.page.DataTable.Head;
import io.xdp4j.cli.page.Page;
import io.xdp4j.cli.page.Plot;
import io.xdp4j.ledger.Cause;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The page of plain {@code compare}: rate by rate who lost how much and where, how long packets took, what they cost.
 */
final class GridPage {
    private final Comparison comparison;
    private final boolean severalIdle;
    private final Page page;

    private GridPage(Comparison comparison) {
        this.comparison = comparison;
        this.severalIdle = Table.hasSeveralIdle(comparison.cells());
        this.page = new Page("xdp4j compare", "Ways to receive, side by side", Page.time(Instant.now()));
    }

    static Page of(Comparison comparison) {
        return new GridPage(comparison).page();
    }

    private Page page() {
        page.section("Verdict").lead(lead());
        ComparePages.addIncomplete(page, comparison.complete());
        page.statements(Verdict.statements(comparison.cells(), comparison.settings().seconds()));
        byRate().forEach(this::ofRate);
        rings();
        page.section("Settings").terms(settings());
        page.section("Machine").terms(comparison.machine().terms());
        return page;
    }

    private Map<Long, List<Cell>> byRate() {
        return comparison.cells().stream()
                .collect(Collectors.groupingBy(Cell::offeredPps, LinkedHashMap::new, Collectors.toList()));
    }

    private String lead() {
        Map<String, List<Cell>> bySource = comparison.cells().stream()
                .collect(Collectors.groupingBy(this::name, LinkedHashMap::new, Collectors.toList()));
        List<String> whole = new ArrayList<>();
        List<String> said = new ArrayList<>();
        bySource.forEach((source, cells) -> {
            Cell worst = cells.stream().reduce((one, other) -> share(other) > share(one) ? other : one).orElseThrow();
            if (worst.lost() == 0) {
                whole.add(source);
            } else {
                said.add(source + " lost up to " + Figures.percent(worst.lost(), worst.sent()));
            }
        });
        if (!whole.isEmpty()) {
            String rates = byRate().size() == 1 ? "" : " at any of " + byRate().size() + " rates";
            said.add(0, String.join(", ", whole) + " lost nothing" + rates);
        }
        long late = comparison.cells().stream().filter(Cell::late).count();
        return String.join("; ", said) + "."
                + (late == 0
                        ? ""
                        : " In " + late + " of " + comparison.cells().size()
                                + " cells the sender did not hold the rate.");
    }

    private static double share(Cell cell) {
        return (double) cell.lost() / cell.sent();
    }

    private String name(Cell cell) {
        return cell.backend() + (severalIdle ? " " + cell.idle() : "");
    }

    private void ofRate(long rate, List<Cell> cells) {
        String at = Figures.count(rate) + " packets a second";
        page.section("At " + at + ", " + (cells.get(0).flows() == 1 ? "one flow" : "two flows"));
        page.plot(losses(rate, cells), Table.table("All figures at " + at, cells));
        List<Cell> timed = cells.stream().filter(cell -> cell.latencyUs() != null).toList();
        if (!timed.isEmpty()) {
            page.plot(latencies(rate, timed), latencyTable(timed));
        }
        page.plot(costs(rate, cells), costTable(cells));
    }

    /** Those of all rates, so that a cause looks the same at each. */
    private Plot losses(long rate, List<Cell> cells) {
        Set<Cause> causes = EnumSet.noneOf(Cause.class);
        comparison.cells().forEach(cell -> causes.addAll(cell.causes().keySet()));
        List<Plot.Part> parts = new ArrayList<>();
        causes.forEach(cause -> parts.add(part(
                cause.label(), cells, cell -> (double) cell.causes().getOrDefault(cause, 0L))));
        if (parts.isEmpty() || comparison.cells().stream().anyMatch(cell -> cell.unexplained() != 0)) {
            parts.add(part(parts.isEmpty() ? "lost" : "unexplained", cells, cell -> (double) cell.unexplained()));
        }
        return new Plot.Bars(
                "losses-" + rate,
                "Loss by cause",
                "Packets that were sent and not received, by the place where they were lost.",
                "packets",
                cells.stream().map(this::name).toList(),
                parts,
                cells.stream()
                        .map(cell -> cell.lost() == 0
                                ? "nothing lost"
                                : Figures.count(cell.lost()) + " (" + Figures.percent(cell.lost(), cell.sent()) + ")")
                        .toList(),
                List.of());
    }

    private static Plot.Part part(String name, List<Cell> cells, Function<Cell, Double> figure) {
        return new Plot.Part(name, cells.stream().map(figure).toList());
    }

    private Plot latencies(long rate, List<Cell> cells) {
        return new Plot.Rows(
                "latencies-" + rate,
                "Latency percentiles",
                "From a packet's arrival in the kernel until the program had it: half of the packets took no longer"
                        + " than p50, 99 of a hundred no longer than p99, 999 of a thousand no longer than p99.9, none"
                        + " longer than max.",
                "µs",
                true,
                cells.stream().map(this::name).toList(),
                List.of(
                        dots("p50", cells, cell -> cell.latencyUs().p50()),
                        dots("p99", cells, cell -> cell.latencyUs().p99()),
                        dots("p99.9", cells, cell -> cell.latencyUs().p999()),
                        dots("max", cells, cell -> cell.latencyUs().max())));
    }

    /** On an axis of decades there is no 0: a tenth of a microsecond stands for it. */
    private static Plot.Dots dots(String name, List<Cell> cells, ToDoubleFunction<Cell> figure) {
        return new Plot.Dots(
                name,
                IntStream.range(0, cells.size())
                        .mapToObj(row -> List.of(Math.max(0.1, figure.applyAsDouble(cells.get(row))), (double) row))
                        .toList());
    }

    private DataTable latencyTable(List<Cell> cells) {
        return new DataTable(
                "Latency from kernel to user",
                List.of(
                        Head.of("source"),
                        Head.of("p50", "µs", ""),
                        Head.of("p99", "µs", ""),
                        Head.of("p99.9", "µs", ""),
                        Head.of("max", "µs", "")),
                cells.stream()
                        .map(cell -> List.of(
                                name(cell),
                                Figures.decimal(cell.latencyUs().p50()),
                                Figures.decimal(cell.latencyUs().p99()),
                                Figures.decimal(cell.latencyUs().p999()),
                                Figures.decimal(cell.latencyUs().max())))
                        .toList());
    }

    private Plot costs(long rate, List<Cell> cells) {
        return new Plot.Bars(
                "costs-" + rate,
                "CPU time of the receivers",
                "By packet received, in the program and in the kernel. Who spins takes a whole CPU, whatever it"
                        + " receives.",
                "ns a packet",
                cells.stream().map(this::name).toList(),
                List.of(
                        new Plot.Part("user", cells.stream().map(Cell::userNsPerPacket).toList()),
                        new Plot.Part("system", cells.stream().map(Cell::systemNsPerPacket).toList())),
                cells.stream().map(cell -> Figures.rounded(cell.cpuNsPerPacket()) + " ns").toList(),
                List.of());
    }

    private DataTable costTable(List<Cell> cells) {
        return new DataTable(
                "CPU time by packet received",
                List.of(
                        Head.of("source"),
                        Head.of("user", "ns", ""),
                        Head.of("system", "ns", ""),
                        Head.of("both", "ns", ""),
                        Head.of(
                                "busy",
                                "ns",
                                "of the looks that brought packets, from the call to the end of the handler")),
                cells.stream()
                        .map(cell -> List.of(
                                name(cell),
                                Figures.rounded(cell.userNsPerPacket()),
                                Figures.rounded(cell.systemNsPerPacket()),
                                Figures.rounded(cell.cpuNsPerPacket()),
                                Figures.rounded(cell.busyNsPerPacket())))
                        .toList());
    }

    /** Of those that have rings and count. */
    private void rings() {
        page.section("How full the rings were");
        List<Cell> cells = comparison.cells().stream()
                .filter(cell -> cell.ringFullest() != null)
                .toList();
        if (cells.isEmpty()) {
            page.paragraph("None of these sources has rings whose level it counts.");
            return;
        }
        List<String> names = cells.stream()
                .map(cell -> name(cell) + " at " + Figures.count(cell.offeredPps()))
                .toList();
        page.plot(
                new Plot.Bars(
                        "rings",
                        "Fullest ring",
                        "The most packets that a look found waiting, in percent of what the ring holds. At"
                                + " 100\u00a0% the next packet is lost.",
                        "% of the ring",
                        names,
                        List.of(new Plot.Part("fullest", cells.stream().map(GridPage::level).toList())),
                        cells.stream()
                                .map(cell -> Figures.count(cell.ringFullest()) + " of "
                                        + Figures.count(cell.ringDescriptors()))
                                .toList(),
                        List.of()),
                new DataTable(
                        "Fullest ring",
                        List.of(Head.of("source"), Head.of("fullest", "packets", ""), Head.of("ring", "packets", "")),
                        IntStream.range(0, cells.size())
                                .mapToObj(row -> List.of(
                                        names.get(row),
                                        Figures.count(cells.get(row).ringFullest()),
                                        Figures.count(cells.get(row).ringDescriptors())))
                                .toList()));
        page.paragraph("Levels and rates second by second are in the page of receive --report, run by run.");
    }

    private static Double level(Cell cell) {
        return 100.0 * cell.ringFullest() / cell.ringDescriptors();
    }

    private Map<String, String> settings() {
        Settings settings = comparison.settings();
        Map<String, String> terms = new LinkedHashMap<>();
        terms.put("sources", String.join(", ", settings.backends()));
        terms.put("rates", settings.ratesPps().stream().map(Figures::count).collect(Collectors.joining("; "))
                + " packets a second, above " + Figures.count(settings.twoFlowsAbovePps()) + " as two flows");
        terms.put("a cell sends for", settings.seconds() + " s");
        terms.put("frames", Figures.count(settings.sizeBytes()) + " bytes");
        terms.put("when idle", String.join(", ", settings.idle()) + "; question sleeps 2 ms");
        terms.put("placement", settings.placement());
        return terms;
    }
}
