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
import java.util.ArrayList;
import java.util.List;

/** What one run shows, in plain words: what was lost where, why, how that is known, and what ends it. */
final class Explanation {
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
        ReceiveReport report = received.report();
        say(0, "Nothing arrived on " + report.interfaceName() + ", and nothing was counted as lost. To check:");
        say(2, "- whether the sender sends: to this group and port, from this source if one is named, as UDP, with a"
                + " TTL for the routers between;");
        say(2, "- whether " + report.interfaceName() + " is where the group comes in: the join was sent there;");
        say(2, "- whether the network brings the group here: IGMP or MLD snooping needs a querier, and a router in"
                + " between multicast routing;");
        say(2, "- whether the packets come in one piece: fragments of UDP have no ports.");
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
        Demand demand = Remedy.demand(received.ledger()).orElse(null);
        if (demand == null || demand.pps() == 0) {
            return;
        }
        String absence = "the receiver was away for " + milliseconds(demand.absenceNs()) + " at the longest, in which "
                + Figures.count(demand.packets()) + " packets arrive";
        if (settings.backend() != Backend.XDP) {
            say(0, "At " + Figures.count(Math.round(demand.pps())) + " packets a second " + absence
                    + "; the buffer has " + Figures.count(received.report().socket().receiveBufferBytes()) + " bytes.");
            return;
        }
        int ring = Math.min(settings.xdp().fillRing(), settings.xdp().rxRing());
        say(0, "A ring of " + Figures.count(ring) + " holds " + milliseconds(demand.lastsNs(ring)) + " of the "
                + Figures.count(Math.round(demand.pps())) + " packets a second that came; " + absence
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
