// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Statement;
import io.xdp4j.cli.receive.AdviceReport;
import io.xdp4j.ledger.Cause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What the cells say, in words. Says nothing that does not stand in them. */
final class Verdict {
    private final int seconds;
    private final boolean severalIdle;
    private final List<Statement> statements = new ArrayList<>();

    private Verdict(List<Cell> cells, int seconds) {
        this.seconds = seconds;
        this.severalIdle = Table.hasSeveralIdle(cells);
    }

    /**
     * @param cells in the order they were run
     * @param seconds how long the sender of each cell was asked to send
     */
    static List<Statement> statements(List<Cell> cells, int seconds) {
        return new Verdict(cells, seconds).of(cells);
    }

    /** The same for a terminal. */
    static List<String> lines(List<Cell> cells, int seconds) {
        return Statement.lines(statements(cells, seconds));
    }

    private List<Statement> of(List<Cell> cells) {
        Map<Long, List<Cell>> byRate = cells.stream()
                .collect(Collectors.groupingBy(Cell::offeredPps, LinkedHashMap::new, Collectors.toList()));
        byRate.forEach((rate, ofRate) -> {
            say(0, "At " + Figures.count(rate) + " packets a second, "
                    + (ofRate.get(0).flows() == 1 ? "one flow:" : "two flows:"));
            ofRate(ofRate);
        });
        late(cells);
        return statements;
    }

    private void ofRate(List<Cell> cells) {
        List<Cell> whole = cells.stream().filter(cell -> cell.lost() == 0).toList();
        if (!whole.isEmpty()) {
            say(2, "Nothing lost: " + names(whole) + "." + cheapest(whole));
        }
        for (Cell cell : cells) {
            if (cell.lost() != 0) {
                loss(cell, cells);
            }
        }
    }

    /** Worth saying only where there is a choice; and who spins has no CPU time of its own making. */
    private String cheapest(List<Cell> whole) {
        List<Cell> measured =
                whole.stream().filter(cell -> cell.cpuNsPerPacket() != null && !cell.spun()).toList();
        if (measured.size() < 2) {
            return "";
        }
        Cell cheapest = measured.stream().min(Comparator.comparing(Cell::cpuNsPerPacket)).orElseThrow();
        return " Least CPU time of these: " + name(cheapest) + ", " + Figures.rounded(cheapest.cpuNsPerPacket())
                + " ns a packet.";
    }

    private void loss(Cell cell, List<Cell> ofRate) {
        if (cell.lost() < 0) {
            say(2, name(cell) + " received " + Figures.count(-cell.lost()) + " more than were sent.");
            return;
        }
        say(2, name(cell) + " lost " + Figures.count(cell.lost()) + " of " + Figures.count(cell.sent())
                + " (" + Figures.percent(cell.lost(), cell.sent()) + "): "
                + Table.places(cell.causes(), cell.unexplained()) + ".");
        cell.advice().forEach(advice -> explain(advice, cell, ofRate));
        if (cell.unexplained() != 0) {
            say(4, "Unexplained: sent and received differ by these, and no counter has them.");
        }
    }

    /** In the words of the receiver's own ledger. */
    private void explain(AdviceReport advice, Cell cell, List<Cell> ofRate) {
        say(4, capitalised(advice.cause().label()) + ": " + advice.finding());
        if (advice.cause() == Cause.FILL_RING_EMPTY) {
            ofRate.stream()
                    .filter(other -> hasLongerRing(other, cell))
                    .forEach(other -> say(4, withLongerRing(other)));
        }
        say(4, "Change: " + advice.change());
        if (!advice.options().isEmpty()) {
            say(4, "Options of receive: " + String.join(" ", advice.options()));
        }
    }

    private static String capitalised(String label) {
        return Character.toUpperCase(label.charAt(0)) + label.substring(1);
    }

    /** The flows share the fill ring. */
    private static String held(Cell cell) {
        return Figures.milliseconds(1e3 * cell.ringDescriptors() / cell.offeredPps());
    }

    private static boolean hasLongerRing(Cell other, Cell cell) {
        return other.ringDescriptors() != null && other.ringDescriptors() > cell.ringDescriptors();
    }

    private String withLongerRing(Cell other) {
        return name(other) + ", whose " + Figures.count(other.ringDescriptors()) + " hold " + held(other)
                + ", lost " + (other.lost() == 0 ? "nothing." : Figures.count(other.lost()) + ".");
    }

    private void late(List<Cell> cells) {
        List<Cell> late = cells.stream().filter(Cell::late).toList();
        if (!late.isEmpty()) {
            say(0, "* The sender did not hold the rate; it really was:");
            late.forEach(cell -> say(2, String.format(
                    Locale.ROOT,
                    "%s at %s: %s a second, %.1f s for %d s of packets",
                    unmarked(cell),
                    Figures.count(cell.offeredPps()),
                    Figures.rounded(cell.sentPps()),
                    cell.elapsedSeconds(),
                    seconds)));
        }
    }

    /** With an asterisk where the rate was not held. */
    private String name(Cell cell) {
        return unmarked(cell) + (cell.late() ? "*" : "");
    }

    private String unmarked(Cell cell) {
        return cell.backend() + (severalIdle ? " " + cell.idle() : "");
    }

    private String names(List<Cell> cells) {
        return cells.stream().map(this::name).collect(Collectors.joining(", "));
    }

    private void say(int depth, String text) {
        statements.add(new Statement(depth, text));
    }
}
