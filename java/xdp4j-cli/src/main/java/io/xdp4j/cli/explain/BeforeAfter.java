// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.explain;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Paragraph;
import io.xdp4j.cli.receive.Received;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.Demand;
import io.xdp4j.ledger.FlowLedger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Two runs side by side, all flows together. */
final class BeforeAfter {
    private final Received before;
    private final Received after;
    private final List<String> lines = new ArrayList<>();

    private BeforeAfter(Received before, Received after) {
        this.before = before;
        this.after = after;
    }

    /** @param options that were added for the second run */
    static List<String> lines(Received before, Received after, List<String> options) {
        return new BeforeAfter(before, after).lines(options);
    }

    private List<String> lines(List<String> options) {
        row("", run -> run == before ? "before" : "after");
        count("on the wire", sum(FlowLedger::wire));
        count("delivered", sum(FlowLedger::delivered));
        if (any(sum(FlowLedger::waiting))) {
            count("waiting", sum(FlowLedger::waiting));
        }
        count("lost", sum(FlowLedger::lost));
        for (Cause cause : Cause.values()) {
            if (any(sum(flow -> flow.lost(cause)))) {
                count("  " + cause.label(), sum(flow -> flow.lost(cause)));
            }
        }
        count("unexplained", sum(FlowLedger::unexplained));
        row("longest absence", run -> Figures.milliseconds(run.report().longestAbsenceMs()));
        if (before.report().xdp() != null) {
            count("fill ring", run -> run.report().xdp().fillRing());
            count("RX ring", run -> run.report().xdp().rxRing());
            count("depth needed", BeforeAfter::depthNeeded);
        } else {
            count("receive buffer", run -> run.report().socket().receiveBufferBytes());
            count("packets to bridge", BeforeAfter::depthNeeded);
        }
        lines.add("");
        lines.addAll(Paragraph.lines(0, verdict(String.join(" ", options))));
        return lines;
    }

    private String verdict(String options) {
        if (Explanation.isSilence(after)) {
            return "Nothing arrived in the second run: it shows nothing.";
        }
        if (Explanation.isNothingLost(after)) {
            return "With " + options + " nothing was lost.";
        }
        long lost = after.ledger().lost();
        String still = lost == 0
                ? "nothing was lost to a known cause"
                : Figures.count(lost) + (lost == 1 ? " was" : " were") + " still lost";
        return "With " + options + " " + still
                + (Explanation.isClosed(after) ? "." : "; the ledger does not close: see unexplained.");
    }

    /** Rate times absence, by the flow that asked most of it. */
    private static long depthNeeded(Received run) {
        return Remedy.demand(run.ledger()).map(Demand::packets).orElse(0L);
    }

    private static ToLongFunction<Received> sum(ToLongFunction<FlowLedger> figure) {
        return run -> run.ledger().flows().stream().mapToLong(figure).sum();
    }

    private boolean any(ToLongFunction<Received> figure) {
        return figure.applyAsLong(before) != 0 || figure.applyAsLong(after) != 0;
    }

    private void count(String name, ToLongFunction<Received> figure) {
        row(name, run -> Figures.count(figure.applyAsLong(run)));
    }

    private void row(String name, Function<Received, String> value) {
        lines.add(String.format(Locale.ROOT, "%-22s %14s %14s", name, value.apply(before), value.apply(after)));
    }
}
