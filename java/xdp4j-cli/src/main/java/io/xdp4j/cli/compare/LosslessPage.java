// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Statement;
import io.xdp4j.cli.page.DataTable;
import io.xdp4j.cli.page.DataTable.Head;
import io.xdp4j.cli.page.Page;
import io.xdp4j.cli.page.Plot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The page of {@code compare --lossless}: how far each goes, what keeps it from more, and how that was found. */
final class LosslessPage {
    private final LosslessReport report;
    private final Page page = new Page(
            "xdp4j compare --lossless", "How much each way to receive carries", Page.time(Instant.now()));

    private LosslessPage(LosslessReport report) {
        this.report = report;
    }

    static Page of(LosslessReport report) {
        return new LosslessPage(report).page();
    }

    private Page page() {
        page.section("Verdict").lead(lead());
        ComparePages.addIncomplete(page, report.complete());
        page.statements(statements());
        page.section("How far each goes").plot(rates(), report.columns().table("The highest rate without loss"));
        page.section("The search").paragraph(report.method());
        page.plot(trials(), trialTable());
        page.section("Settings").terms(settings());
        page.section("Machine").terms(report.machine().terms());
        return page;
    }

    private String lead() {
        Optional<Throughput> xdp = report.sources().stream()
                .filter(source -> source.backend().equals(Backend.XDP.toString()))
                .filter(LosslessPage::isFound)
                .findFirst();
        Optional<Throughput> told = xdp.or(() -> report.sources().stream()
                .filter(LosslessPage::isFound)
                .max(Comparator.comparing(Throughput::losslessPps)));
        return told.map(source -> source.backend() + " carries " + Figures.count(source.losslessPps())
                        + " packets a second without a loss" + compared(source) + ".")
                .orElse(
                        report.complete()
                                ? "No rate was found at which nothing was lost."
                                : "No search was ended.");
    }

    private static boolean isFound(Throughput source) {
        return source.losslessPps() != null && source.losslessPps() > 0;
    }

    private static String compared(Throughput source) {
        List<String> ratios = new ArrayList<>();
        if (source.toPeer() != null && !source.backend().equals(Backend.PEER.toString())) {
            ratios.add(ratio(source.toPeer()) + " times what the same in C carries");
        }
        if (source.toBestSocket() != null) {
            ratios.add(ratio(source.toBestSocket()) + " times the best of the sockets");
        }
        return ratios.isEmpty() ? "" : ", " + String.join(" and ", ratios);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private List<Statement> statements() {
        List<Statement> statements = new ArrayList<>();
        statements.add(new Statement(0, "What keeps each from more"));
        report.sources().forEach(source -> statements.add(new Statement(2, source.backend() + ": " + bound(source))));
        report.senderBinds().ifPresent(text -> statements.add(new Statement(2, text)));
        return statements;
    }

    private static String bound(Throughput source) {
        if (source.losslessPps() == null) {
            return "the search was not ended.";
        }
        String found = source.losslessPps() == 0
                ? "lost something at every rate"
                : Figures.count(source.losslessPps()) + " packets a second";
        return found + (source.binds().equals(Trial.SENDER)
                ? "; the sender, which could not offer more than " + Figures.count(source.bindsAtPps()) + "."
                : "; at " + Figures.count(source.bindsAtPps()) + " it lost " + Figures.count(source.bindsLost())
                        + ", most of them here: " + source.binds() + ".");
    }

    private Plot rates() {
        List<Throughput> sources = report.sources();
        List<List<Double>> limits = new ArrayList<>();
        for (int row = 0; row < sources.size(); row++) {
            if (sources.get(row).senderLimitPps() != null) {
                limits.add(List.of((double) Math.round(sources.get(row).senderLimitPps()), (double) row));
            }
        }
        return new Plot.Bars(
                "rates",
                "The highest rate without loss",
                "Packets a second that a source received without losing one; and what the sender gets into it at most,"
                        + " more than which cannot be shown here.",
                "packets a second",
                sources.stream().map(Throughput::backend).toList(),
                List.of(new Plot.Part(
                        "without loss",
                        sources.stream()
                                .map(source -> source.losslessPps() == null ? null : (double) source.losslessPps())
                                .toList())),
                sources.stream()
                        .map(source -> source.losslessPps() == null ? "-" : Figures.count(source.losslessPps()))
                        .toList(),
                List.of(new Plot.Dots("sender's limit", limits)));
    }

    private Plot trials() {
        return new Plot.Rows(
                "trials",
                "Trials",
                "Each run of the search at the rate that was sent: whether nothing was lost, something was lost, or the"
                        + " sender was late.",
                "packets a second",
                false,
                report.sources().stream().map(Throughput::backend).toList(),
                List.of(
                        dots("nothing lost", Trial::passed),
                        dots("lost", trial -> trial.outcome() == ThroughputSearch.Outcome.LOST),
                        dots("sender late", trial -> trial.outcome() == ThroughputSearch.Outcome.LATE)));
    }

    private Plot.Dots dots(String name, Predicate<Trial> which) {
        List<List<Double>> points = new ArrayList<>();
        for (int row = 0; row < report.sources().size(); row++) {
            double at = row;
            report.sources().get(row).trials().stream()
                    .filter(which)
                    .forEach(trial -> points.add(List.of((double) Math.round(trial.sentPps()), at)));
        }
        return new Plot.Dots(name, points);
    }

    private DataTable trialTable() {
        List<List<String>> rows = new ArrayList<>();
        report.sources().forEach(source -> source.trials().forEach(trial -> rows.add(List.of(
                source.backend(),
                trial.kind().toString(),
                trial.offeredPps() == null ? "as fast as it can" : Figures.count(trial.offeredPps()),
                Figures.rounded(trial.sentPps()),
                Figures.count(trial.sent()),
                Figures.count(trial.lost()),
                trial.result()))));
        return new DataTable(
                "All trials, in the order they were run",
                List.of(
                        Head.of("source"),
                        Head.ofWords("what for"),
                        Head.of("offered", "pps", ""),
                        Head.of("sent", "pps", ""),
                        Head.of("sent", "packets", ""),
                        Head.of("lost", "packets", ""),
                        Head.ofWords("result")),
                rows);
    }

    private Map<String, String> settings() {
        LosslessSettings settings = report.settings();
        Map<String, String> terms = new LinkedHashMap<>();
        terms.put("sources", String.join(", ", settings.backends()));
        terms.put("flows", Figures.count(settings.flows()));
        terms.put("frames", Figures.count(settings.sizeBytes()) + " bytes");
        terms.put("when idle", settings.idle());
        terms.put("placement", settings.placement());
        return terms;
    }
}
