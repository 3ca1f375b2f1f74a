// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.live.FlowState.Health;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The flows as lines. Where there is room for all they stand in the order given, so that none changes its place; else
 * the worst come first, and a last line says how many more there are.
 */
final class FlowTable {
    private static final Comparator<FlowState> WORST_FIRST = Comparator.comparing(FlowState::health)
            .thenComparing(Comparator.comparingLong(FlowState::missing).reversed());

    /** Beside a name or its figures a reason needs so many columns; else it has a line of its own. */
    private static final int LEAST_FOR_A_REASON = 40;

    private static final String INDENT = "  ";

    private final FlowWatch.Second second;
    private final Size room;
    private final FlowColumns columns;

    /** @param room for heading and flows */
    FlowTable(FlowWatch.Second second, Size room) {
        this.second = second;
        this.room = room;
        this.columns = FlowColumns.of(
                second.all().ringPercent() != null,
                second.severalQueues(),
                second.flows().stream().map(FlowState::name).toList(),
                room.columns());
    }

    /** Not more than there is room for, if there is any for a flow. */
    List<Line> lines() {
        List<Line> lines = new ArrayList<>(columns.heading());
        if (second.flows().size() > 1) {
            lines.add(Line.plain(columns.row(columns.holds("all") ? "all" : "", second.all())));
        }
        int left = room.rows() - lines.size();
        List<Line> inOrder = linesOf(second.flows(), left + 1);
        if (inOrder.size() <= left) {
            lines.addAll(inOrder);
        } else {
            lines.addAll(worstFirst(left));
        }
        return lines;
    }

    private List<Line> worstFirst(int left) {
        List<FlowState> flows = second.flows().stream().sorted(WORST_FIRST).toList();
        List<Line> lines = new ArrayList<>();
        int shown = 0;
        for (FlowState flow : flows) {
            List<Line> its = linesOf(flow);
            if (lines.size() + its.size() > left - 1) {
                break;
            }
            lines.addAll(its);
            shown++;
        }
        List<FlowState> more = flows.subList(shown, flows.size());
        lines.add(Line.heading(Figures.count(more.size()) + " more: " + words(more)));
        return lines;
    }

    /** {@code 1 silent, 2 losing, 5 well}; {@code all well} where that is so. */
    static String words(List<FlowState> flows) {
        Map<Health, Long> counts = flows.stream()
                .collect(Collectors.groupingBy(FlowState::health, TreeMap::new, Collectors.counting()));
        if (counts.size() == 1) {
            return (flows.size() == 1 ? "" : "all ") + flows.get(0).health().label();
        }
        return counts.entrySet().stream()
                .map(count -> Figures.count(count.getValue()) + " " + count.getKey().label())
                .collect(Collectors.joining(", "));
    }

    /** As many as are needed to know whether they fit. */
    private List<Line> linesOf(List<FlowState> flows, int atMost) {
        List<Line> lines = new ArrayList<>();
        for (FlowState flow : flows) {
            if (lines.size() >= atMost) {
                break;
            }
            lines.addAll(linesOf(flow));
        }
        return lines;
    }

    private List<Line> linesOf(FlowState flow) {
        Line.Look look = flow.health().isAlarming() ? Line.Look.ALARM : Line.Look.PLAIN;
        boolean isBesideFigures = columns.holds(flow.name());
        String row = columns.row(isBesideFigures ? flow.name() : "", flow);
        List<String> lines = new ArrayList<>(isBesideFigures ? List.of(row) : nameLines(flow.name()));
        int last = lines.size() - 1;
        int beside = room.columns() - lines.get(last).length() - INDENT.length();
        boolean isReasonBeside = beside >= LEAST_FOR_A_REASON;
        if (isReasonBeside) {
            lines.set(last, (lines.get(last) + INDENT + flow.reason(beside)).stripTrailing());
        }
        if (!isBesideFigures) {
            lines.add(row);
        }
        if (!isReasonBeside && flow.health() != Health.WELL) {
            lines.add(INDENT + flow.reason(room.columns() - INDENT.length()));
        }
        return lines.stream().map(line -> new Line(line, look)).toList();
    }

    /** One too long for a line has its source in a second one. */
    private List<String> nameLines(String name) {
        int source = name.indexOf('@');
        return name.length() <= room.columns() || source < 0
                ? List.of(name)
                : List.of(name.substring(0, source), INDENT + name.substring(source));
    }
}
