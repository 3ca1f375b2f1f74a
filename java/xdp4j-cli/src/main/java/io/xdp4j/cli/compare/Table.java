// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.compare.Columns.Column;
import io.xdp4j.cli.page.DataTable;
import io.xdp4j.ledger.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The cells as lines of text. What happened in no cell has no column, so that the others fit a line. */
final class Table {
    private static final Column<Cell> BACKEND = new Column<>(
            "backend", "", Cell::backend,
            "way to receive; question is xdp with rings of 2,048, sleeping 2 ms; peer is xdp in C");

    private static final Column<Cell> IDLE =
            new Column<>("idle", "", Cell::idle, "what the receivers do when nothing is there");

    private static final List<Column<Cell>> TRAFFIC = List.of(
            new Column<>("flows", "", cell -> Figures.count(cell.flows()),
                    "groups that carry the rate; two above " + Figures.count(Plan.TWO_FLOWS_ABOVE_PPS) + " pps"),
            new Column<>("offered", "pps", cell -> Figures.count(cell.offeredPps()),
                    "packets a second asked of the sender, all flows together"),
            new Column<>("sent", "packets", cell -> Figures.count(cell.sent()),
                    "handed to the device, counted by the sender"),
            new Column<>("received", "packets", cell -> Figures.count(cell.received()),
                    "RTP packets that reached the program"),
            new Column<>("lost", "packets", cell -> Figures.count(cell.lost()), "sent - received"));

    private static final List<Column<Cell>> CPU = List.of(
            new Column<>("user", "ns", cell -> Figures.rounded(cell.userNsPerPacket()),
                    "CPU time of the receivers' threads by packet received"),
            new Column<>("system", "ns", cell -> Figures.rounded(cell.systemNsPerPacket()),
                    "the same, in the kernel"));

    /** Of which the time of a CPU that never waits would be no measure. */
    private static final Column<Cell> BUSY = new Column<>(
            "busy", "ns", cell -> Figures.rounded(cell.busyNsPerPacket()),
            "time of the receivers' looks that brought packets, by packet: spin takes a CPU even when nothing comes");

    private static final List<Column<Cell>> KERNEL = List.of(
            new Column<>("softirq", "ns", cell -> Figures.rounded(cell.softirqNsPerPacket()),
                    "softirq time of the whole machine by packet received, counted in ticks of 10 ms"),
            new Column<>("p50", "us", cell -> latency(cell, Cell.Latency::p50),
                    "from the packet's arrival in the kernel until the program has it: half took no longer"),
            new Column<>("p99", "us", cell -> latency(cell, Cell.Latency::p99),
                    "of a hundred, 99 took no longer"),
            new Column<>("max", "us", cell -> latency(cell, Cell.Latency::max),
                    "none took longer; with two receivers, of the worse; nio has no arrival time"));

    private final List<Cell> cells;
    private final List<Column<Cell>> columns = new ArrayList<>();

    private Table(List<Cell> cells) {
        this.cells = cells;
        columns.add(BACKEND);
        if (hasSeveralIdle(cells)) {
            columns.add(IDLE);
        }
        columns.addAll(TRAFFIC);
        for (Cause cause : Cause.values()) {
            addIfAny(heading(cause), cell -> cell.causes().getOrDefault(cause, 0L), "of the lost: " + cause.label());
        }
        addIfAny("unexpl", Cell::unexplained, "of the lost: in no counter");
        addIfAny("reord", Cell::reordered, "received behind a packet with a later sequence number");
        addIfAny("dup", Cell::duplicate, "received with a sequence number that had come before");
        columns.addAll(CPU);
        if (cells.stream().anyMatch(Cell::spun)) {
            columns.add(BUSY);
        }
        columns.addAll(KERNEL);
    }

    /** Whether cells differ by it: all but those of the question, which has its own. */
    static boolean hasSeveralIdle(List<Cell> cells) {
        return cells.stream()
                        .filter(cell -> !cell.backend().equals(Backend.QUESTION.toString()))
                        .map(Cell::idle)
                        .distinct()
                        .count()
                > 1;
    }

    private void addIfAny(String name, ToLongFunction<Cell> count, String meaning) {
        if (cells.stream().anyMatch(cell -> count.applyAsLong(cell) != 0)) {
            columns.add(new Column<>(name, "", cell -> Figures.count(count.applyAsLong(cell)), meaning));
        }
    }

    /** At most as wide as the figures below it. */
    private static String heading(Cause cause) {
        return switch (cause) {
            case UPSTREAM -> "upstrm";
            case NIC -> "NIC";
            case UPSTREAM_OR_LOCAL -> "before";
            case INVALID -> "invalid";
            case FRAGMENTED -> "frag";
            case NO_SOCKET_ON_QUEUE -> "nosock";
            case WRONG_QUEUE -> "queue";
            case NO_METADATA -> "nometa";
            case TOO_LARGE -> "large";
            case FILL_RING_EMPTY -> "fill";
            case RX_RING_FULL -> "rxring";
            case REFUSED_UNSEEN -> "refused";
            case STACK -> "stack";
            case SOCKET_BUFFER -> "buffer";
            case NOT_RTP -> "notrtp";
            case APPLICATION -> "app";
        };
    }

    /** Heading and rows. */
    static List<String> lines(List<Cell> cells) {
        return new Table(cells).columns().lines();
    }

    /** One line a column. */
    static List<String> legend(List<Cell> cells) {
        return new Table(cells).columns().legend();
    }

    /** The same for a page. */
    static DataTable table(String caption, List<Cell> cells) {
        return new Table(cells).columns().table(caption);
    }

    private Columns<Cell> columns() {
        return new Columns<>(columns, cells);
    }

    /** {@code fill ring empty 47,181, unexplained 0} */
    static String places(Map<Cause, Long> causes, long unexplained) {
        return causes.entrySet().stream()
                        .map(cause -> cause.getKey().label() + " " + Figures.count(cause.getValue()) + ", ")
                        .collect(Collectors.joining())
                + "unexplained " + Figures.count(unexplained);
    }

    private static String latency(Cell cell, Function<Cell.Latency, Double> figure) {
        return cell.latencyUs() == null ? "-" : Figures.rounded(figure.apply(cell.latencyUs()));
    }
}
