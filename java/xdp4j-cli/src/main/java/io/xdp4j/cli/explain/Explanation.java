// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.explain;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Paragraph;
import io.xdp4j.cli.receive.AdviceReport;
import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.LedgerText;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.cli.receive.Received;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.Demand;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What one run shows, in plain words: what was lost where, why, how that is known, and what ends it. */
public final class Explanation {
    private final Received received;
    private final ReceiveSettings settings;
    private final List<String> lines = new ArrayList<>();

    private Explanation(Received received, ReceiveSettings settings) {
        this.received = received;
        this.settings = settings;
    }

    /** @param settings in force in the run */
    static List<String> of(Received received, ReceiveSettings settings) {
        return new Explanation(received, settings).lines();
    }

    /** Whether there is nothing to explain. */
    static boolean isSilence(Received received) {
        return received.ledger().flows().stream().mapToLong(FlowLedger::wire).sum() == 0;
    }

    /** Whether every packet has been found, delivered or lost. */
    static boolean isClosed(Received received) {
        return received.ledger().flows().stream().allMatch(flow -> flow.unexplained() == 0);
    }

    /** Not so as long as a packet is unexplained: it may be lost. */
    static boolean isNothingLost(Received received) {
        return received.ledger().lost() == 0 && isClosed(received);
    }

    private List<String> lines() {
        if (isSilence(received)) {
            silence();
        } else {
            received.report().flows().forEach(this::flow);
            if (isNothingLost(received)) {
                headroom();
            } else if (!isClosed(received)) {
                say(0, "The ledger does not close: no counter has what is unexplained.");
            }
            lines.addAll(LedgerText.limits(received.ledger().limits()));
        }
        return lines;
    }

    private void silence() {
        String interfaceName = received.report().interfaceName();
        say(0, "Nothing arrived on " + interfaceName + ", and nothing was counted as lost. To check:");
        List<String> checks = ofSilence(interfaceName);
        for (int i = 0; i < checks.size(); i++) {
            say(2, "- " + checks.get(i) + (i == checks.size() - 1 ? "." : ";"));
        }
    }

    /** What to check where nothing arrives. */
    public static List<String> ofSilence(String interfaceName) {
        return List.of(
                "whether the sender sends: to this group and port, from this source if one is named, as UDP, with a TTL"
                        + " for the routers between",
                "whether " + interfaceName + " is where the group comes in: the join was sent there",
                "whether the network brings the group here: IGMP or MLD snooping needs a querier, and a router in"
                        + " between multicast routing",
                "whether the packets come in one piece: fragments of UDP have no ports");
    }

    private void flow(ReceiveReport.FlowReport flow) {
        say(0, flow.flow() + (flow.ledger().wire() == 0 ? ": nothing of it arrived" : ""));
        if (flow.ledger().wire() == 0) {
            return;
        }
        say(2, LedgerText.totals(flow.ledger()).replaceAll(" {3}", ", ") + ".");
        flow.ledger().causes().keySet().forEach(cause -> cause(cause, flow));
    }

    private void cause(Cause cause, ReceiveReport.FlowReport flow) {
        lines.add(LedgerText.cause(cause, flow.ledger()));
        List<AdviceReport> advice = flow.advice().stream()
                .filter(each -> each.cause() == cause)
                .toList();
        if (advice.stream().noneMatch(each -> each.finding().startsWith(cause.happened()))) {
            lines.addAll(LedgerText.sentences(cause.happened()));
        }
        advice.forEach(each -> lines.addAll(LedgerText.advice(each)));
        lines.addAll(LedgerText.sentences("Known from: " + cause.proof()));
    }

    private void headroom() {
        say(0, "Nothing was lost.");
        ofHeadroom(received.report(), received.ledger(), settings).ifPresent(text -> say(0, text));
    }

    /** How far the run was from losing something; empty when there was nothing to measure it by. */
    public static Optional<String> ofHeadroom(
            ReceiveReport report, LedgerSnapshot ledger, ReceiveSettings settings) {
        Demand demand = Remedy.demand(ledger).orElse(null);
        if (demand == null || demand.pps() == 0) {
            return Optional.empty();
        }
        String absence = "the receiver was away for " + milliseconds(demand.absenceNs()) + " at the longest, in which "
                + Figures.count(demand.packets()) + " packets arrive";
        if (settings.backend() != Backend.XDP) {
            return Optional.of("At " + Figures.count(Math.round(demand.pps())) + " packets a second " + absence
                    + "; the buffer has " + Figures.count(report.socket().receiveBufferBytes()) + " bytes.");
        }
        int ring = Math.min(settings.xdp().fillRing(), settings.xdp().rxRing());
        return Optional.of("A ring of " + Figures.count(ring) + " holds " + milliseconds(demand.lastsNs(ring))
                + " of the " + Figures.count(Math.round(demand.pps())) + " packets a second that came; " + absence
                + ". With a margin of " + Demand.MARGIN + " times that, a ring of " + Figures.count(demand.ring(1))
                + " suffices" + (demand.ring(1) > ring ? ": this one is short of it." : "."));
    }

    private static String milliseconds(double nanoseconds) {
        return Figures.milliseconds(nanoseconds / 1e6);
    }

    private void say(int indent, String text) {
        lines.addAll(Paragraph.lines(indent, text));
    }
}
