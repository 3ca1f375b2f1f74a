// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The cells as lines of text, within 120 columns while packets of a cell are fewer than a hundred million. */
final class Table {
    private static final int WIDTH = 120;

    /**
     * @param name first line of the heading
     * @param unit second line of the heading
     * @param value what stands there
     * @param meaning for the legend
     */
    private record Column(String name, String unit, Function<Cell, String> value, String meaning) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("backend", "", Cell::backend,
                    "way to receive; question is xdp with rings of 2,048, sleeping 2 ms"),
            new Column("flows", "", cell -> Figures.count(cell.flows()),
                    "groups that carry the rate; two above " + Figures.count(Plan.TWO_FLOWS_ABOVE_PPS) + " pps"),
            new Column("offered", "pps", cell -> Figures.count(cell.offeredPps()),
                    "packets a second asked of the sender, all flows together"),
            new Column("sent", "packets", cell -> Figures.count(cell.sent()),
                    "handed to the device, counted by the sender"),
            new Column("received", "packets", cell -> Figures.count(cell.received()),
                    "RTP packets that reached Java"),
            new Column("lost", "packets", cell -> Figures.count(cell.lost()),
                    "sent - received; below it, where"),
            new Column("reord", "", cell -> Figures.count(cell.reordered()),
                    "received behind a packet with a later sequence number"),
            new Column("dup", "", cell -> Figures.count(cell.duplicate()),
                    "received with a sequence number that had come before"),
            new Column("user", "ns", cell -> Figures.rounded(cell.userNsPerPacket()),
                    "CPU time of the receivers' threads by packet received"),
            new Column("system", "ns", cell -> Figures.rounded(cell.systemNsPerPacket()),
                    "the same, in the kernel"),
            new Column("softirq", "ns", cell -> Figures.rounded(cell.softirqNsPerPacket()),
                    "softirq time of the whole machine by packet received, counted in ticks of 10 ms"),
            new Column("p50", "us", cell -> latency(cell, Cell.Latency::p50),
                    "from the packet's arrival in the kernel until Java has it: half took no longer"),
            new Column("p99", "us", cell -> latency(cell, Cell.Latency::p99),
                    "of a hundred, 99 took no longer"),
            new Column("max", "us", cell -> latency(cell, Cell.Latency::max),
                    "none took longer; with two receivers, of the worse; nio has no arrival time"));

    private static final Map<String, String> PLACES = Map.of(
            Cell.FILL_RING_EMPTY, "fill ring empty",
            Cell.RX_RING_FULL, "RX ring full",
            Cell.NOT_REDIRECTED, "passed to the stack",
            Cell.SOCKET_BUFFER, "socket buffer full",
            Cell.VETH_RING, "veth ring full",
            Cell.UNEXPLAINED, "unexplained");

    private Table() {}

    /** Heading and rows; below a row that lost something, where. */
    static List<String> lines(List<Cell> cells) {
        List<Integer> widths = COLUMNS.stream().map(column -> width(column, cells)).toList();
        int sum = widths.stream().mapToInt(Integer::intValue).sum();
        String gap = sum + 2 * (widths.size() - 1) <= WIDTH ? "  " : " ";
        List<String> lines = new ArrayList<>();
        lines.add(row(widths, gap, Column::name));
        lines.add(row(widths, gap, Column::unit));
        for (Cell cell : cells) {
            lines.add(row(widths, gap, column -> column.value().apply(cell)));
            if (cell.drops().values().stream().anyMatch(count -> count != 0)) {
                lines.add("  lost: " + places(cell));
            }
        }
        return lines;
    }

    /** One line a column. */
    static List<String> legend() {
        return COLUMNS.stream()
                .map(column -> String.format("  %-9s%s", column.name(), column.meaning()))
                .toList();
    }

    /** A place where a packet can be lost, in words. */
    static String place(String drop) {
        return PLACES.get(drop);
    }

    /** {@code fill ring empty 47,181, unexplained 0} */
    static String places(Cell cell) {
        return cell.drops().entrySet().stream()
                .filter(drop -> drop.getValue() != 0 || drop.getKey().equals(Cell.UNEXPLAINED))
                .map(drop -> place(drop.getKey()) + " " + Figures.count(drop.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String latency(Cell cell, Function<Cell.Latency, Double> figure) {
        return cell.latencyUs() == null ? "-" : Figures.rounded(figure.apply(cell.latencyUs()));
    }

    private static int width(Column column, List<Cell> cells) {
        int widest = Math.max(column.name().length(), column.unit().length());
        for (Cell cell : cells) {
            widest = Math.max(widest, column.value().apply(cell).length());
        }
        return widest;
    }

    /** The first column stands left, figures stand right. */
    private static String row(List<Integer> widths, String gap, Function<Column, String> text) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < COLUMNS.size(); i++) {
            String value = text.apply(COLUMNS.get(i));
            String padding = " ".repeat(widths.get(i) - value.length());
            row.append(i == 0 ? value + padding : gap + padding + value);
        }
        return row.toString().stripTrailing();
    }
}
