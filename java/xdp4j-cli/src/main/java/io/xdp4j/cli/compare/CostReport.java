// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Machine;
import io.xdp4j.cli.Paragraph;
import io.xdp4j.cli.compare.Columns.Column;
import io.xdp4j.cli.page.Page;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What {@code compare --cost} found; what {@code --json} writes, in this order.
 *
 * @param complete whether all cells ran
 * @param costs load by load
 * @param cells in the order they were run
 */
record CostReport(boolean complete, Machine machine, CostSettings settings, List<Cost> costs, List<Cell> cells)
        implements Measurement.Findings {
    private static final List<Column<Cost>> COLUMNS = List.of(
            new Column<>("receiver", "", CostReport::name,
                    "xdp is Java, peer the same in C; * where a round lost packets or had a late sender: see below"),
            new Column<>("offered", "pps", cost -> Figures.count(cost.offeredPps()),
                    "packets a second asked of the sender"),
            new Column<>("idle", "", Cost::idle, "what the receiver does when nothing is there"),
            new Column<>("rounds", "", cost -> Figures.count(cost.rounds()), "runs, in turns with the other's"),
            new Column<>("user", "ns", cost -> Spread.median(cost.user()),
                    "CPU time of the receiver's thread by packet received: the median of the rounds"),
            new Column<>("system", "ns", cost -> Spread.median(cost.system()), "the same, in the kernel"),
            new Column<>("cpu", "ns", cost -> Spread.median(cost.cpu()), "user and system time together"),
            new Column<>("min-max", "ns", cost -> Spread.range(cost.cpu()),
                    "its lowest and its highest of the rounds"),
            new Column<>("busy", "ns", cost -> Spread.median(cost.busy()),
                    "time of the looks that brought packets, from the call to the end of the handler"),
            new Column<>("min-max", "ns", cost -> Spread.range(cost.busy()),
                    "its lowest and its highest of the rounds"),
            new Column<>("to peer", "", CostReport::ratio,
                    "ratio of the medians of cpu; with spin of busy, for who spins takes all of a CPU anyway"));

    /** @param cells in the order they were run */
    static CostReport of(boolean complete, Machine machine, CostSettings settings, List<Cell> cells) {
        Map<CostSettings.Load, List<Cell>> byLoad = cells.stream()
                .collect(Collectors.groupingBy(
                        cell -> new CostSettings.Load(cell.offeredPps(), cell.idle()),
                        LinkedHashMap::new,
                        Collectors.toList()));
        List<Cost> costs = new ArrayList<>();
        byLoad.values().forEach(ofLoad -> costs.addAll(compared(ofLoad)));
        return new CostReport(complete, machine, settings, costs, cells);
    }

    private static List<Cost> compared(List<Cell> ofLoad) {
        Map<String, List<Cell>> byBackend = ofLoad.stream()
                .collect(Collectors.groupingBy(Cell::backend, LinkedHashMap::new, Collectors.toList()));
        List<Cost> costs = byBackend.values().stream().map(Cost::of).toList();
        boolean byBusy = ofLoad.get(0).spun();
        return costs.stream()
                .filter(cost -> cost.backend().equals(Backend.PEER.toString()))
                .findFirst()
                .map(peer -> costs.stream()
                        .map(cost -> cost.comparedTo(peer, byBusy))
                        .toList())
                .orElse(costs);
    }

    @Override
    public Page page() {
        return CostPage.of(this);
    }

    @Override
    public List<String> report() {
        List<String> lines = new ArrayList<>();
        lines.add(machine.explained());
        lines.add(settings.placement() + "; frames of " + settings.sizeBytes() + " bytes, one flow");
        lines.add("Rings of " + Figures.count(settings.ringDescriptors()) + ", batches of " + settings.batch()
                + "; each receiver in its turn, " + settings.rounds() + " rounds of " + settings.seconds() + " s");
        lines.add("");
        Columns<Cost> columns = columns(costs);
        lines.addAll(columns.lines());
        lines.add("");
        lines.addAll(columns.legend());
        List<String> marked = marked();
        if (!marked.isEmpty()) {
            lines.addAll(List.of("", "* Cells that lost packets, or whose sender did not hold the rate:"));
            marked.forEach(text -> lines.addAll(Paragraph.lines(2, text)));
        }
        return lines;
    }

    static Columns<Cost> columns(List<Cost> costs) {
        return new Columns<>(COLUMNS, costs);
    }

    /** Each cell that is not what was asked for: it is in the medians all the same. */
    List<String> marked() {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            if (cell.lost() != 0 || cell.late()) {
                texts.add("cell " + (i + 1) + ", " + cell.backend() + " at " + Figures.count(cell.offeredPps())
                        + " pps, " + cell.idle() + ": " + wrong(cell));
            }
        }
        return texts;
    }

    private static String wrong(Cell cell) {
        List<String> parts = new ArrayList<>();
        if (cell.lost() != 0) {
            parts.add("lost " + Figures.count(cell.lost()) + " of " + Figures.count(cell.sent()) + " ("
                    + Table.places(cell.causes(), cell.unexplained()) + ")");
        }
        if (cell.late()) {
            parts.add("really sent " + Figures.rounded(cell.sentPps()) + " a second");
        }
        return String.join(", ", parts);
    }

    private static String name(Cost cost) {
        return cost.backend() + (cost.lost() != 0 || cost.lateRounds() > 0 ? "*" : "");
    }

    private static String ratio(Cost cost) {
        return cost.toPeer() == null || cost.toPeer().compared() == null
                ? "-"
                : String.format(Locale.ROOT, "%.2f", cost.toPeer().compared());
    }
}
