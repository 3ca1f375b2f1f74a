// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Paragraph;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A ledger in words and figures. */
public final class LedgerText {
    private static final String INDENT = "  ";

    private LedgerText() {}

    /**
     * {@code lost 47,181 (fill ring empty 47,000, upstream 181)}: the causes by size, as many as there is room for; and
     * {@code , unexplained 3} if there are any.
     *
     * @param room columns
     */
    public static String lost(FlowLedger ledger, int room) {
        String lost = "lost " + Figures.count(ledger.lost());
        String unexplained = ledger.unexplained() == 0 ? "" : ", " + unexplained(ledger);
        String causes = known(ledger, room - lost.length() - " ()".length() - unexplained.length());
        return lost + (causes.isEmpty() ? "" : " (" + causes + ")") + unexplained;
    }

    /**
     * {@code fill ring empty 47,000, upstream 181, unexplained 3}: what packets were lost to, as above; empty if none.
     */
    public static String causes(FlowLedger ledger, int room) {
        if (ledger.unexplained() == 0) {
            return known(ledger, room);
        }
        String unexplained = unexplained(ledger);
        String causes = known(ledger, room - unexplained.length() - ", ".length());
        return causes.isEmpty() ? unexplained : causes + ", " + unexplained;
    }

    private static String known(FlowLedger ledger, int room) {
        List<Map.Entry<Cause, Long>> causes = ledger.causes().entrySet().stream()
                .sorted(Map.Entry.<Cause, Long>comparingByValue().reversed())
                .toList();
        String fits = "";
        for (int shown = 1; shown <= causes.size(); shown++) {
            List<String> named = new ArrayList<>();
            causes.subList(0, shown).forEach(cause ->
                    named.add(cause.getKey().label() + " " + Figures.count(cause.getValue())));
            int more = causes.size() - shown;
            String longer = String.join(", ", named) + (more == 0 ? "" : ", " + more + " more");
            if (shown > 1 && longer.length() > room) {
                break;
            }
            fits = longer;
        }
        return fits;
    }

    private static String unexplained(FlowLedger ledger) {
        return "unexplained " + Figures.count(ledger.unexplained());
    }

    /** {@code on the wire 10,000   delivered 9,893   lost 107   unexplained 0} */
    public static String totals(LedgerReport ledger) {
        return "on the wire " + Figures.count(ledger.wire())
                + "   delivered " + Figures.count(ledger.delivered())
                + (ledger.waiting() == 0 ? "" : "   waiting " + Figures.count(ledger.waiting()))
                + "   lost " + Figures.count(ledger.lost())
                + "   unexplained " + Figures.count(ledger.unexplained());
    }

    /** {@code fill ring empty            47,181   2.0 %}: the share is that of what was on the wire. */
    public static String cause(Cause cause, LedgerReport ledger) {
        long packets = ledger.causes().get(cause);
        return INDENT.repeat(2)
                + String.format(
                        Locale.ROOT,
                        "%-18s %,12d   %s",
                        cause.label(),
                        packets,
                        Figures.percent(packets, Math.max(ledger.wire(), packets)));
    }

    /** What happened, what to change, and the options that do it. */
    public static List<String> advice(AdviceReport advice) {
        List<String> lines = new ArrayList<>(sentences(advice.finding()));
        lines.addAll(sentences(advice.change()));
        if (!advice.options().isEmpty()) {
            lines.addAll(sentences("Options: " + String.join(" ", advice.options())));
        }
        return lines;
    }

    /** At the depth of {@link #advice}. */
    public static List<String> sentences(String text) {
        return Paragraph.lines(3 * INDENT.length(), text);
    }

    /** What the ledger cannot tell apart on this machine; empty where it can tell everything. */
    public static List<String> limits(List<String> limits) {
        List<String> lines = new ArrayList<>();
        limits.forEach(limit -> lines.addAll(Paragraph.lines(0, "limit: " + limit)));
        return lines;
    }
}
