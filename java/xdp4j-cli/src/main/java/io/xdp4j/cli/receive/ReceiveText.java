// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.Paragraph;
import io.xdp4j.cli.record.RecordReport;
import io.xdp4j.packet.Flow;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** What is said to a person who receives: a line a second for each flow, and a summary. */
public final class ReceiveText implements ReceiveObserver {
    /** More flows than these are too many to name in the first words. */
    private static final int MOST_NAMED = 8;

    private final PrintWriter out;
    private final boolean isQuiet;

    /** @param out for people */
    public ReceiveText(PrintWriter out) {
        this(out, false);
    }

    /** @param isQuiet whether to say nothing of the seconds */
    ReceiveText(PrintWriter out, boolean isQuiet) {
        this.out = out;
        this.isQuiet = isQuiet;
    }

    /** The first words; whoever waits for the receiver to be ready waits for a line that starts so. */
    @Override
    public void receiving(ReceiveSettings settings, String inForce) {
        List<Flow> flows = settings.flows();
        String text = String.format(
                Locale.ROOT,
                "receiving %s on %s: %s, %s, idle %s",
                flows.size() > MOST_NAMED ? Figures.count(flows.size()) + " flows" : join(flows),
                settings.interfaceName(),
                settings.backend(),
                inForce,
                settings.idle().text());
        Paragraph.lines(0, text).forEach(out::println);
        if (flows.size() <= MOST_NAMED) {
            for (Flow flow : flows) {
                settings.wanted()
                        .announcement(flow)
                        .ifPresent(sdp -> Paragraph.lines(2, flow + " is " + sdp.words()).forEach(out::println));
            }
        }
        out.flush();
    }

    /** One line for each flow: rates since the sample before, and losses since the beginning. */
    @Override
    public void sampled(Sample sample) {
        if (isQuiet) {
            return;
        }
        for (Sample.FlowSample flow : sample.flows()) {
            String rates = String.format(
                    Locale.ROOT,
                    "%-20s %,9.0f pps %,8.1f Mbit/s   ",
                    flow.flow(),
                    flow.received() / sample.seconds(),
                    flow.payloadBytes() * 8 / sample.seconds() / 1e6);
            say("%s%s%n", rates, LedgerText.lost(flow.ledger(), Paragraph.WIDTH - rates.length()));
        }
        out.flush();
    }

    /** What a reload of the flow file did. */
    @Override
    public void changed(FlowChange change) {
        say("flows: %,d added, %,d removed%n", change.added().size(), change.removed().size());
        change.added().forEach(flow -> say("  added   %s%n", flow));
        change.removed().forEach(flow -> say("  removed %s%n", flow));
        if (!change.failures().isEmpty()) {
            int more = change.failures().size() - 1;
            warning(change.failures().get(0) + (more == 0 ? "" : "; and " + Figures.count(more) + " more"));
        }
        out.flush();
    }

    @Override
    public void note(String text) {
        out.println(text);
        out.flush();
    }

    @Override
    public void warning(String text) {
        say("warning: %s%n", text);
        out.flush();
    }

    void summary(ReceiveReport report) {
        say("%nafter %.1f s%n", report.seconds());
        report.flows().forEach(this::flow);
        report.removed().forEach(flow ->
                say("%s   removed%n  %s%n", flow.flow(), LedgerText.totals(flow.ledger())));
        LedgerText.limits(report.limits()).forEach(out::println);
        say("receiver  away for %.1f ms at the longest", report.longestAbsenceMs());
        if (report.latencyUs() != null) {
            say("; from kernel to user p50 %.1f us   p99 %.1f us   max %.1f us",
                    report.latencyUs().p50(), report.latencyUs().p99(), report.latencyUs().max());
        }
        say("%n");
        if (report.record() != null) {
            recorded(report.record());
        }
        if (report.socket() != null && report.socket().truncated() > 0) {
            warning(String.format(
                    Locale.ROOT, "%,d packets were longer than the MTU and cut short", report.socket().truncated()));
        }
        if (report.xdp() != null && !report.xdp().frames().sound()) {
            warning("frames are not conserved: " + report.xdp().frames());
        }
        out.flush();
    }

    private void recorded(RecordReport record) {
        say("recorded  %,d packets, %,d bytes, in %s%n", record.packets(), record.bytes(), record.file());
        if (record.gaps() != null) {
            say("          around %,d gaps; %,d packets were not near one%n", record.gaps(), record.leftOut());
        }
        if (record.notRecorded() > 0) {
            warning(String.format(
                    Locale.ROOT, "%,d packets were received and not recorded: %s", record.notRecorded(),
                    record.stopped() == null ? "the file could not be written as fast" : record.stopped()));
        }
    }

    private void flow(ReceiveReport.FlowReport flow) {
        say("%s%s%n", flow.flow(), flow.ssrc() == null ? "   no RTP packet came" : "   SSRC " + flow.ssrc());
        if (flow.sdp() != null) {
            Paragraph.lines(2, flow.sdp().words()).forEach(out::println);
        }
        say("  %s%n", LedgerText.totals(flow.ledger()));
        flow.ledger().causes().keySet().forEach(cause -> {
            say("%s%n", LedgerText.cause(cause, flow.ledger()));
            flow.advice().stream()
                    .filter(advice -> advice.cause() == cause)
                    .forEach(advice -> LedgerText.advice(advice).forEach(out::println));
        });
        say("  RTP: received %,d   expected %,d   lost %,d   not RTP %,d   SSRC changes %,d   jitter %.3f ms%n",
                flow.received(), flow.expected(), flow.lost(), flow.nonRtp(), flow.ssrcChanges(), flow.jitterMs());
        String sequence = flow.split()
                ? "came to several receivers: no order between these"
                : String.format(
                        Locale.ROOT,
                        "reordered %,d   duplicate %,d   discontinuities %,d   late %,d   restarts %,d",
                        flow.reordered(),
                        flow.duplicate(),
                        flow.discontinuities(),
                        flow.late(),
                        flow.restarts());
        say("       %s%n", sequence);
    }

    private static String join(List<Flow> flows) {
        return String.join(", ", flows.stream().map(Flow::toString).toList());
    }

    private void say(String format, Object... arguments) {
        out.printf(Locale.ROOT, format, arguments);
    }
}
