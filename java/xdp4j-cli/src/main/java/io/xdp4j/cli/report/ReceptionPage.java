// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.page.DataTable;
import io.xdp4j.cli.page.DataTable.Head;
import io.xdp4j.cli.page.Page;
import io.xdp4j.cli.receive.LedgerReport;
import io.xdp4j.cli.receive.ReceiveReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of a run of {@code receive}. */
final class ReceptionPage {
    private final Run run;
    private final ReceiveReport report;
    private final TimePlots overTime;
    private final Page page;

    private ReceptionPage(Run run) {
        this.run = run;
        this.report = run.report();
        this.overTime = new TimePlots(run.history());
        this.page = new Page("xdp4j receive", "Reception on " + report.interfaceName() + " of " + run.host(), when());
    }

    static Page of(Run run) {
        return new ReceptionPage(run).page();
    }

    private String when() {
        int flows = report.flows().size();
        return Page.time(run.begin()) + " to " + Page.time(run.last().at()) + ", "
                + (flows == 1 ? "1 flow" : Figures.count(flows) + " flows");
    }

    private Page page() {
        page.section("Verdict").lead(ReceptionVerdict.lead(run));
        run.broken().ifPresent(why -> page.paragraph("It ended before its time: " + why));
        page.tiles(tiles()).statements(ReceptionVerdict.statements(run));
        page.section("Where the packets went");
        DataTable account = ReceptionTables.account(run);
        LossPlot.of(run).ifPresentOrElse(plot -> page.plot(plot, account), () -> page.table(account));
        page.section("Over time");
        overTime.addRates(page);
        overTime.addLosses(page);
        overTime.addQueues(page);
        if (report.xdp() == null) {
            page.paragraph("Sockets have no rings whose level could be shown.");
        }
        latency();
        page.section("Sequence and jitter").table(ReceptionTables.rtp(report));
        if (report.xdp() != null) {
            page.section("Queues").table(ReceptionTables.queues(report.xdp()));
        }
        events();
        page.section("Settings").terms(ReceptionSettings.of(run));
        ReceptionTables.announcements(report).ifPresent(page::table);
        page.section("Machine").terms(Map.of("host", run.host())).terms(run.machine().terms());
        return page;
    }

    private Map<String, String> tiles() {
        Map<String, String> tiles = new LinkedHashMap<>();
        tiles.put("packets on the wire", Figures.count(run.sum(LedgerReport::wire)));
        tiles.put("delivered", Figures.count(run.sum(LedgerReport::delivered)));
        tiles.put("lost", Figures.count(run.sum(LedgerReport::lost)));
        tiles.put("unexplained", Figures.count(run.sum(LedgerReport::unexplained)));
        tiles.put("received for", Figures.decimal(report.seconds()) + " s");
        if (report.latencyUs() != null) {
            tiles.put("p99 latency", LatencyPlot.microseconds(report.latencyUs().p99()));
        }
        tiles.put("longest absence", Figures.milliseconds(report.longestAbsenceMs()));
        if (report.xdp() != null) {
            int room = run.settings().xdp().room();
            tiles.put("fullest ring", Figures.count(report.xdp().fullest()) + " of " + Figures.count(room));
        }
        return tiles;
    }

    private void latency() {
        page.section("Latency, from the kernel to the program");
        if (report.latencyUs() == null) {
            page.paragraph("No packet's time of arrival is known.");
            return;
        }
        page.table(ReceptionTables.latencies(report));
        LatencyPlot.addTo(page, run);
        overTime.addLatencies(page);
    }

    private void events() {
        if (!run.events().isEmpty()) {
            page.section("Events").table(new DataTable(
                    "What happened on the way",
                    List.of(Head.of("at"), Head.ofWords("what")),
                    run.events().stream().map(event -> List.of(Page.time(event.at()), event.text())).toList()));
        }
    }
}
