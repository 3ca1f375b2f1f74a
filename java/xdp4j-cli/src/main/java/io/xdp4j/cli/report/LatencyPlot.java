// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.page.DataTable;
import io.xdp4j.cli.page.DataTable.Head;
import io.xdp4j.cli.page.Page;
import io.xdp4j.cli.page.Plot;
import io.xdp4j.cli.receive.LatencyReport;
import io.xdp4j.cli.receive.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** How long packets took from kernel to user, flow by flow: the share of them that took no longer than so long. */
final class LatencyPlot {
    /**
     * What is left of the packets at the points of a decade. Not all of them at the first: the time of the luckiest
     * packet says nothing.
     */
    private static final double[] LEFT = {0.9, 0.7, 0.5, 0.3, 0.2, 0.1};

    private final List<Sample.FlowSample> flows;
    private final int beyond;
    private final List<Double> shares = new ArrayList<>();

    private LatencyPlot(Run run) {
        List<Sample.FlowSample> timed = run.last().flows().stream()
                .filter(flow -> flow.totalNs().getTotalCount() > 0)
                .toList();
        flows = timed.stream().limit(RunHistory.MOST_NAMED).toList();
        beyond = timed.size() - flows.size();
        long most = flows.stream()
                .mapToLong(flow -> flow.totalNs().getTotalCount())
                .max()
                .orElse(0);
        for (double decade = 1; decade * most >= 1; decade /= 10) {
            for (double left : LEFT) {
                shares.add(1 - left * decade);
            }
        }
    }

    /** Nothing when the time of no packet is known. */
    static void addTo(Page page, Run run) {
        LatencyPlot plot = new LatencyPlot(run);
        if (!plot.flows.isEmpty()) {
            page.plot(plot.plot(run), plot.table());
        }
    }

    private Plot plot(Run run) {
        LatencyReport all = run.report().latencyUs();
        return new Plot.Percentiles(
                "latencies",
                "Latency by percentile",
                "Of all packets half took no more than " + microseconds(all.p50()) + " from the kernel to the program,"
                        + " 99 of a hundred no more than " + microseconds(all.p99())
                        + ", 999 of a thousand no more than " + microseconds(all.p999()) + ", and none more than "
                        + microseconds(all.max()) + "."
                        + leftOut(run.last().flows().size()),
                "µs",
                flows.stream().map(this::curve).toList());
    }

    private String leftOut(int all) {
        if (all == flows.size()) {
            return "";
        }
        List<String> why = new ArrayList<>();
        int untimed = all - beyond - flows.size();
        if (untimed > 0) {
            why.add("of " + Figures.count(untimed) + " no packet's time is known");
        }
        if (beyond > 0) {
            why.add(Figures.count(beyond) + " more would not be told apart");
        }
        return " Drawn: " + flows.size() + " of " + Figures.count(all) + " flows; " + String.join(", ", why) + ".";
    }

    private Plot.Curve curve(Sample.FlowSample flow) {
        return new Plot.Curve(
                flow.flow().toString(),
                shares.stream()
                        .filter(share -> isThere(share, flow))
                        .map(share -> List.of(share, value(share, flow)))
                        .toList());
    }

    /** Beyond the share of all packets but one there is no other. */
    private static boolean isThere(double share, Sample.FlowSample flow) {
        return share <= 1 - 1.0 / flow.totalNs().getTotalCount();
    }

    /** In microseconds; rounded as it stands in the table. */
    private static double value(double share, Sample.FlowSample flow) {
        Histogram all = flow.totalNs();
        return Math.round(all.getValueAtPercentile(100 * share) / 1e2) / 1e1;
    }

    private DataTable table() {
        List<Head> heads = new ArrayList<>();
        heads.add(Head.of("share of packets", "%", "packets that took no longer, of all of the flow"));
        flows.forEach(flow -> heads.add(Head.of(flow.flow().toString(), "µs", "")));
        List<List<String>> rows = new ArrayList<>();
        for (double share : shares) {
            List<String> row = new ArrayList<>();
            row.add(percent(share));
            flows.forEach(flow -> row.add(isThere(share, flow) ? Figures.decimal(value(share, flow)) : "-"));
            if (flows.stream().anyMatch(flow -> isThere(share, flow))) {
                rows.add(row);
            }
        }
        return new DataTable("Latency by percentile", heads, rows);
    }

    /** With as many digits as it has: {@code 50}, {@code 99.93}. */
    private static String percent(double share) {
        int digits = Math.max(0, (int) Math.ceil(-Math.log10(1 - share) - 1e-9) - 1);
        return String.format(Locale.ROOT, "%." + digits + "f", 100 * share);
    }

    static String microseconds(double value) {
        return Figures.decimal(value) + " µs";
    }
}
