// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import io.xdp4j.cli.receive.NumberList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The figures of a flow in columns, for a screen of a given width. */
final class FlowColumns {
    private static final String NONE = "-";

    /**
     * @param narrow columns on a screen of 80, with the gap before it
     * @param wide where there is room
     * @param value in so many columns at most
     */
    private record Column(
            String name, String unit, int narrow, int wide, BiFunction<FlowState, Integer, String> value) {
        int width(boolean isWide) {
            return isWide ? wide : narrow;
        }
    }

    private static final List<Column> ALWAYS = List.of(
            new Column("pps", "", 8, 13, (flow, columns) -> Fitted.count(Math.round(flow.pps()), columns)),
            new Column("Mbit/s", "", 7, 11,
                    (flow, columns) -> Fitted.number(flow.payloadBitsPerSecond() / 1e6, 1, columns)),
            new Column("lost", "", 8, 15, (flow, columns) -> Fitted.count(flow.ledger().lost(), columns)),
            new Column("reord", "", 6, 11,
                    (flow, columns) -> orNone(flow.reordered(), reordered -> Fitted.count(reordered, columns))),
            new Column("jitter", "ms", 7, 9,
                    (flow, columns) -> orNone(flow.jitterMs(), jitterMs -> Fitted.number(jitterMs, columns))),
            new Column("p50", "us", 5, 9, latency(FlowState.Latency::p50)),
            new Column("p99", "us", 5, 9, latency(FlowState.Latency::p99)),
            new Column("max", "us", 7, 11, latency(FlowState.Latency::max)));

    private static final Column QUEUE = new Column("queue", "", 6, 8,
            (flow, columns) -> flow.queues().isEmpty() ? NONE : fitted(NumberList.text(flow.queues()), columns));

    private static final Column RING =
            new Column("ring", "%", 5, 6, (flow, columns) -> orNone(flow.ringPercent(), String::valueOf));

    private final List<Column> columns;
    private final boolean isWide;
    private final int nameWidth;
    private final int figures;

    private FlowColumns(List<Column> columns, boolean isWide, List<String> names, int screen) {
        this.figures = columns.stream().mapToInt(column -> column.width(isWide)).sum();
        this.columns = columns;
        this.isWide = isWide;
        this.nameWidth = names.stream()
                .mapToInt(String::length)
                .filter(length -> length <= screen - figures)
                .max()
                .orElse(0);
    }

    /**
     * @param hasRings whether these are AF_XDP sockets
     * @param hasQueues whether there are several queues
     * @param names of the flows
     * @param screen columns of it
     */
    static FlowColumns of(boolean hasRings, boolean hasQueues, List<String> names, int screen) {
        List<Column> columns = new ArrayList<>(ALWAYS);
        if (hasQueues) {
            columns.add(QUEUE);
        }
        if (hasRings) {
            columns.add(RING);
        }
        FlowColumns wide = new FlowColumns(columns, true, names, screen);
        FlowColumns narrow = new FlowColumns(columns, false, names, screen);
        boolean wideFits = wide.figures <= screen && wide.nameWidth == narrow.nameWidth; // no name loses its place
        return wideFits ? wide : narrow;
    }

    /** Whether it stands in the line of its figures; else it has one of its own. */
    boolean holds(String name) {
        return name.length() <= nameWidth;
    }

    List<Line> heading() {
        return List.of(
                Line.heading(row(holds("flow") ? "flow" : "", Column::name)),
                Line.heading(row("", Column::unit)));
    }

    /** @param name empty where it has a line of its own */
    String row(String name, FlowState flow) {
        return row(name, column -> column.value().apply(flow, column.width(isWide) - 1));
    }

    /** The name stands left, figures stand right. */
    private String row(String name, Function<Column, String> text) {
        StringBuilder row = new StringBuilder(name).append(" ".repeat(nameWidth - name.length()));
        for (Column column : columns) {
            String value = text.apply(column);
            row.append(" ".repeat(Math.max(column.width(isWide) - value.length(), 0))).append(value);
        }
        return row.toString();
    }

    private static BiFunction<FlowState, Integer, String> latency(Function<FlowState.Latency, Long> figure) {
        return (flow, columns) ->
                orNone(flow.latency(), latency -> Fitted.micros(figure.apply(latency), columns));
    }

    private static <T> String orNone(T value, Function<T, String> text) {
        return value == null ? NONE : text.apply(value);
    }

    private static String fitted(String text, int columns) {
        return text.length() <= columns ? text : "many";
    }
}
