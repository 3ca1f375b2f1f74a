// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.page.DataTable;
import io.xdp4j.cli.page.DataTable.Head;
import io.xdp4j.cli.page.Page;
import io.xdp4j.cli.page.Plot;
import io.xdp4j.cli.page.Plot.Panel;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** What is drawn of a run over its time: a panel for each figure, so that nothing hides anything. */
final class TimePlots {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private final RunHistory run;
    private final History points;

    TimePlots(RunHistory run) {
        this.run = run;
        this.points = run.points();
    }

    void addRates(Page page) {
        List<Panel> panels = new ArrayList<>();
        if (run.flows().size() > 1) {
            panels.add(means("all flows", "packets/s", run.all()));
        }
        run.flows().forEach((flow, rate) -> panels.add(means(flow.toString(), "packets/s", rate)));
        if (run.otherFlows() != null) {
            panels.add(means("other flows", "packets/s", run.otherFlows()));
        }
        add(page, "rates", "Rate over time", "RTP packets a second that reached the program.", panels);
    }

    /** Nothing when nothing was lost. */
    void addLosses(Page page) {
        List<Panel> panels = new ArrayList<>();
        run.lost().forEach((cause, rate) -> panels.add(means(cause.label(), "lost/s", rate)));
        add(page, "lost", "Loss over time", "Packets lost a second by all flows together, cause by cause.", panels);
    }

    /** Nothing for sockets. */
    void addQueues(Page page) {
        List<Panel> panels = new ArrayList<>();
        run.queues().forEach((queue, level) -> panels.add(highest("queue " + queue, "% of the ring", level, 100.0)));
        if (run.otherQueues() != null) {
            panels.add(highest("fullest of the other queues", "% of the ring", run.otherQueues(), 100.0));
        }
        add(
                page,
                "rings",
                "Ring fill level over time",
                "Of what a queue's ring holds, how much was taken at the fullest that the receiver found it in a"
                        + " second. At 100\u00a0% the next packet is lost.",
                panels);
    }

    /** Nothing when no packet's time is known. */
    void addLatencies(Page page) {
        List<Panel> panels = new ArrayList<>();
        run.latencies().forEach((figure, latency) -> panels.add(highest(figure, "µs", latency, null)));
        add(
                page,
                "latency",
                "Latency over time",
                "From the kernel to the program, of the packets of a second, all flows together: half of them took no"
                        + " longer than p50, 99 of a hundred no longer than p99, none longer than max.",
                panels);
    }

    private void add(Page page, String id, String title, String says, List<Panel> panels) {
        if (panels.isEmpty()) {
            return;
        }
        boolean merged = points.samplesAPoint() > 1;
        String resolution = merged
                ? " A point stands for " + points.samplesAPoint() + " seconds; the band goes from the least to the most"
                        + " of them. Times are UTC."
                : " Times are UTC.";
        List<Long> at = IntStream.range(0, points.points())
                .mapToObj(points::endMs)
                .toList();
        page.plot(new Plot.Timeline(id, title, says + resolution, at, panels), table(title, at, panels, merged));
    }

    /** Its line is the mean. */
    private Panel means(String name, String unit, History.Track track) {
        List<Double> means = figures(track::mean);
        return panel(name, unit, track, means, null, "mean " + figure(track.mean()));
    }

    /** Its line is the highest of each point's seconds. */
    private Panel highest(String name, String unit, History.Track track, Double top) {
        return panel(name, unit, track, figures(track::most), top, "");
    }

    private Panel panel(
            String name, String unit, History.Track track, List<Double> line, Double top, String mean) {
        List<Double> least = figures(track::least);
        List<Double> most = figures(track::most);
        String note = mean.isEmpty()
                ? "highest " + figure(highest(most)) + " " + unit
                : mean + " " + unit + ", lowest " + figure(lowest(least)) + ", highest " + figure(highest(most));
        return new Panel(name, note, unit, top, line, least, most);
    }

    /** With two decimals, as they stand in the table; null where there is none. */
    private List<Double> figures(IntToDoubleFunction track) {
        List<Double> figures = new ArrayList<>();
        for (int i = 0; i < points.points(); i++) {
            double figure = track.applyAsDouble(i);
            figures.add(Double.isNaN(figure) ? null : Math.round(figure * 100) / 100.0);
        }
        return figures;
    }

    private static double lowest(List<Double> figures) {
        return figures.stream().filter(figure -> figure != null).mapToDouble(figure -> figure).min().orElse(0);
    }

    private static double highest(List<Double> figures) {
        return figures.stream().filter(figure -> figure != null).mapToDouble(figure -> figure).max().orElse(0);
    }

    private DataTable table(String title, List<Long> at, List<Panel> panels, boolean merged) {
        boolean oneDay = day(at.get(0)) == day(at.get(at.size() - 1));
        List<Head> heads = new ArrayList<>();
        heads.add(Head.of("until", oneDay ? "UTC" : "date, UTC", ""));
        panels.forEach(panel -> heads.add(Head.of(panel.name(), panel.unit(), "")));
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < at.size(); i++) {
            List<String> row = new ArrayList<>();
            row.add((oneDay ? TIME : DAY_AND_TIME).format(Instant.ofEpochMilli(at.get(i))));
            for (Panel panel : panels) {
                row.add(cell(panel, i, merged));
            }
            rows.add(row);
        }
        return new DataTable(title + (merged ? ", with the least and the most of a point's seconds" : ""), heads, rows);
    }

    private static long day(long ms) {
        return ms / 86_400_000;
    }

    private static String cell(Panel panel, int point, boolean merged) {
        if (panel.line().get(point) == null) {
            return "-";
        }
        String line = figure(panel.line().get(point));
        return merged
                ? line + " (" + figure(panel.least().get(point)) + " to " + figure(panel.most().get(point)) + ")"
                : line;
    }

    /** Large ones without decimals. */
    private static String figure(double figure) {
        return Math.abs(figure) >= 100 || figure == Math.rint(figure)
                ? Figures.count(Math.round(figure))
                : String.format(Locale.ROOT, "%.2f", figure);
    }
}
