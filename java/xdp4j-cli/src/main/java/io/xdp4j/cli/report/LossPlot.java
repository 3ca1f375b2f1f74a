// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.page.Plot;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.ledger.Cause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a run lost, by flow and cause. */
final class LossPlot {
    /** More bars would not be told apart. */
    private static final int MOST_FLOWS = 12;

    private LossPlot() {}

    /** Empty when nothing was lost. */
    static Optional<Plot> of(Run run) {
        List<ReceiveReport.FlowReport> losers = run.report().flows().stream()
                .filter(flow -> flow.ledger().lost() > 0)
                .sorted(Comparator.comparingLong(
                        (ReceiveReport.FlowReport flow) -> -flow.ledger().lost()))
                .toList();
        List<ReceiveReport.FlowReport> shown = losers.subList(0, Math.min(losers.size(), MOST_FLOWS));
        Set<Cause> causes = EnumSet.noneOf(Cause.class);
        shown.forEach(flow -> causes.addAll(flow.ledger().causes().keySet()));
        if (causes.isEmpty()) {
            return Optional.empty();
        }
        List<Plot.Part> parts = new ArrayList<>();
        for (Cause cause : causes) {
            parts.add(new Plot.Part(
                    cause.label(),
                    shown.stream()
                            .map(flow -> (double) flow.ledger().causes().getOrDefault(cause, 0L))
                            .toList()));
        }
        return Optional.of(new Plot.Bars(
                "losses",
                "Loss by cause",
                "Packets lost, by the place where they were, of "
                        + (losers.size() > shown.size()
                                ? "the " + shown.size() + " flows of " + losers.size() + " that lost most."
                                : shown.size() == 1 ? "the flow that lost some." : "each flow that lost some."),
                "packets",
                shown.stream().map(ReceiveReport.FlowReport::flow).toList(),
                parts,
                shown.stream()
                        .map(flow -> Figures.count(flow.ledger().lost()) + " ("
                                + Figures.percent(
                                        flow.ledger().lost(),
                                        Math.max(flow.ledger().wire(), flow.ledger().lost()))
                                + ")")
                        .toList(),
                List.of()));
    }
}
