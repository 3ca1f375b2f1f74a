// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Statement;
import io.xdp4j.cli.explain.Explanation;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.packet.Flow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Flows of which nothing came, or nothing any more. No counter has them as lost: whoever reads the losses alone takes a
 * dead flow for a sound one.
 *
 * @param interfaceName where they were received
 * @param flows how many were received at the end
 * @param never those of which nothing came
 * @param stopped for how many seconds nothing of a flow came before the end, by flow
 */
record Silence(String interfaceName, int flows, List<String> never, Map<Flow, Long> stopped) {
    /** A last sample is short, and the one before it may have ended just ahead of the next packet. */
    private static final double STOPPED_SECONDS = 2;

    private static final int MOST_NAMED = 6;

    static Silence of(Run run) {
        Map<Flow, Long> stopped = new LinkedHashMap<>();
        run.history().silentSeconds().forEach((flow, seconds) -> {
            if (seconds > STOPPED_SECONDS) {
                stopped.put(flow, (long) Math.floor(seconds));
            }
        });
        return new Silence(
                run.report().interfaceName(),
                run.report().flows().size(),
                run.report().flows().stream()
                        .filter(flow -> flow.ledger().wire() == 0)
                        .map(ReceiveReport.FlowReport::flow)
                        .toList(),
                stopped);
    }

    /** A sentence and a blank, to stand before all others; empty when something of each flow came. */
    String neverCame() {
        return never.isEmpty()
                ? ""
                : "Of " + Figures.count(never.size()) + " of " + Figures.count(flows) + " flows nothing came: "
                        + named(never) + ". ";
    }

    /** A blank and a sentence, to stand behind all others; empty when each flow that came did so until the end. */
    String stoppedBeforeTheEnd() {
        if (stopped.isEmpty()) {
            return "";
        }
        Map.Entry<Flow, Long> first = stopped.entrySet().iterator().next();
        return stopped.size() == 1
                ? " " + nothingOf(first.getKey(), first.getValue())
                : " " + Figures.count(stopped.size()) + " of " + Figures.count(flows)
                        + " flows stopped before the end: " + named(List.copyOf(stopped.keySet())) + ".";
    }

    /** For how long, and what to check; none when there is no such flow. */
    List<Statement> statements() {
        List<Statement> statements = new ArrayList<>();
        if (!never.isEmpty()) {
            statements.add(new Statement(0, "Flows of which nothing came"));
            statements.add(new Statement(2, named(never) + "."));
            statements.add(new Statement(
                    2,
                    "Check "
                            + Explanation.ofSilence(interfaceName).stream().collect(Collectors.joining("; "))
                            + "."));
        }
        if (!stopped.isEmpty()) {
            statements.add(new Statement(0, "Flows that stopped before the end"));
            stopped.entrySet().stream()
                    .limit(MOST_NAMED)
                    .forEach(flow -> statements.add(new Statement(2, nothingOf(flow.getKey(), flow.getValue()))));
            if (stopped.size() > MOST_NAMED) {
                statements.add(new Statement(
                        2, "And of " + Figures.count(stopped.size() - MOST_NAMED) + " more flows nothing came."));
            }
            statements.add(new Statement(
                    2,
                    "Check whether their senders were still sending; where they were, whether the network still"
                            + " brings the group here: IGMP or MLD snooping without a querier ends a group some"
                            + " minutes after it was joined."));
        }
        return statements;
    }

    private static String nothingOf(Flow flow, long seconds) {
        return "Nothing of " + flow + " came in the last " + Figures.count(seconds) + " s.";
    }

    private static String named(List<?> flows) {
        int more = flows.size() - MOST_NAMED;
        return flows.stream().limit(MOST_NAMED).map(Object::toString).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + Figures.count(more) + " more" : "");
    }
}
