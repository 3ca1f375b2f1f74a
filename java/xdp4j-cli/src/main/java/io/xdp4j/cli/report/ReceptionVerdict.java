// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Statement;
import io.xdp4j.cli.explain.Explanation;
import io.xdp4j.cli.explain.Remedy;
import io.xdp4j.cli.receive.AdviceReport;
import io.xdp4j.cli.receive.LedgerReport;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.ledger.Cause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a run shows, in words: what did not come, what was lost where, why, how that is known, and what ends it. */
final class ReceptionVerdict {
    private static final int MOST_NAMED = 6;

    private final Run run;
    private final List<Statement> statements = new ArrayList<>();

    private ReceptionVerdict(Run run) {
        this.run = run;
    }

    /** For who reads one sentence. */
    static String lead(Run run) {
        long wire = run.sum(LedgerReport::wire);
        if (wire == 0) {
            return "Nothing arrived on " + run.report().interfaceName() + ", and nothing was counted as lost.";
        }
        Silence silence = Silence.of(run);
        return silence.neverCame() + losses(run, wire, !silence.never().isEmpty()) + silence.stoppedBeforeTheEnd();
    }

    private static String losses(Run run, long wire, boolean ofTheOthers) {
        long lost = run.sum(LedgerReport::lost);
        long unexplained = run.sum(LedgerReport::unexplained);
        String unknown = unexplained == 0
                ? ""
                : " The account does not close: " + Figures.count(unexplained)
                        + " more are unexplained, which no counter has.";
        if (lost == 0) {
            return "Nothing was lost" + (ofTheOthers ? " of the others" : "")
                    + (unexplained == 0 ? "" : " to a known cause") + ": "
                    + Figures.count(run.sum(LedgerReport::delivered)) + " of " + Figures.count(wire)
                    + " packets were delivered." + unknown;
        }
        Map.Entry<Cause, Long> worst = bySize(causes(run)).get(0);
        return Figures.count(lost) + " of " + Figures.count(wire) + " packets were lost ("
                + Figures.percent(lost, Math.max(wire, lost)) + "), "
                + (worst.getValue() == lost ? "all" : "most") + " of them to one cause: " + worst.getKey().label() + "."
                + unknown;
    }

    /** All the rest. */
    static List<Statement> statements(Run run) {
        return new ReceptionVerdict(run).statements();
    }

    private List<Statement> statements() {
        if (run.sum(LedgerReport::wire) == 0) {
            say(0, "What to check");
            Explanation.ofSilence(run.report().interfaceName()).forEach(check -> say(2, sentence(check)));
        } else {
            statements.addAll(Silence.of(run).statements());
            bySize(causes(run)).forEach(cause -> cause(cause.getKey(), cause.getValue()));
            if (run.sum(LedgerReport::lost) == 0 && run.sum(LedgerReport::unexplained) == 0) {
                headroom();
            }
            remedy();
        }
        limits();
        return statements;
    }

    private void cause(Cause cause, long packets) {
        long wire = run.sum(LedgerReport::wire);
        say(0, capitalised(cause.label()) + ": " + Figures.count(packets) + " lost, "
                + Figures.percent(packets, Math.max(wire, packets)) + " of what was on the wire");
        Optional<AdviceReport> advice = worstAdvice(cause);
        if (advice.isEmpty() || !advice.get().finding().startsWith(cause.happened())) {
            say(2, cause.happened());
        }
        advice.ifPresent(with -> say(2, with.finding()));
        say(2, "Change: " + advice.map(AdviceReport::change).orElse(cause.change()));
        advice.filter(with -> !with.options().isEmpty())
                .ifPresent(with -> say(2, "Options: " + String.join(" ", with.options())));
        whoLost(cause);
        say(2, "Known from: " + cause.proof());
    }

    /** Of the flow that lost most to it. */
    private Optional<AdviceReport> worstAdvice(Cause cause) {
        return run.report().flows().stream()
                .flatMap(flow -> flow.advice().stream())
                .filter(advice -> advice.cause() == cause)
                .max(Comparator.comparingLong(AdviceReport::packets));
    }

    private void whoLost(Cause cause) {
        if (run.report().flows().size() + run.report().removed().size() < 2) {
            return;
        }
        List<ReceiveReport.FlowReport> losers = run.report().flows().stream()
                .filter(flow -> flow.ledger().causes().containsKey(cause))
                .sorted(Comparator.comparingLong(
                        (ReceiveReport.FlowReport flow) -> -flow.ledger().causes().get(cause)))
                .toList();
        if (!losers.isEmpty()) {
            int more = losers.size() - MOST_NAMED;
            say(2, "By flow: "
                    + losers.stream()
                            .limit(MOST_NAMED)
                            .map(flow -> flow.flow() + " "
                                    + Figures.count(flow.ledger().causes().get(cause)))
                            .collect(Collectors.joining(", "))
                    + (more > 0 ? ", and " + Figures.count(more) + " more flows." : "."));
        }
    }

    private void headroom() {
        Explanation.ofHeadroom(run.report(), run.last().ledger(), run.settings()).ifPresent(text -> {
            say(0, "How far it was from a loss");
            say(2, text);
        });
    }

    private void remedy() {
        List<String> options = Remedy.of(run.last().ledger(), run.settings(), false).options();
        if (!options.isEmpty()) {
            say(0, "What to change for all flows together");
            say(2, "Run receive with " + String.join(" ", options));
        }
    }

    private void limits() {
        if (!run.report().limits().isEmpty()) {
            say(0, "What cannot be told apart on this machine");
            run.report().limits().forEach(limit -> say(2, sentence(limit)));
        }
    }

    private static Map<Cause, Long> causes(Run run) {
        Map<Cause, Long> causes = new EnumMap<>(Cause.class);
        run.ledgers().forEach(ledger ->
                ledger.causes().forEach((cause, packets) -> causes.merge(cause, packets, Long::sum)));
        return causes;
    }

    private static List<Map.Entry<Cause, Long>> bySize(Map<Cause, Long> causes) {
        return causes.entrySet().stream()
                .sorted(Map.Entry.<Cause, Long>comparingByValue().reversed())
                .toList();
    }

    private static String sentence(String text) {
        return capitalised(text) + (text.endsWith(".") ? "" : ".");
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private void say(int depth, String text) {
        statements.add(new Statement(depth, text));
    }
}
