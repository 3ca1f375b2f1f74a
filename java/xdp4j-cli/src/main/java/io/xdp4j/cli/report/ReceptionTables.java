// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.Figures;
import io.xdp4j.cli.page.DataTable;
import io.xdp4j.cli.page.DataTable.Head;
import io.xdp4j.cli.receive.LatencyReport;
import io.xdp4j.cli.receive.LedgerReport;
import io.xdp4j.cli.receive.QueueReport;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.ledger.Cause;
import io.xdp4j.rtp.RtpCounter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The figures of a run, as its JSON has them. */
final class ReceptionTables {
    private ReceptionTables() {}

    /** Where the packets went: a row for each flow, those that were removed on the way included. */
    static DataTable account(Run run) {
        Set<Cause> causes = EnumSet.noneOf(Cause.class);
        run.ledgers().forEach(ledger -> causes.addAll(ledger.causes().keySet()));
        List<Head> heads = new ArrayList<>();
        heads.add(Head.of("flow"));
        heads.add(Head.of("on the wire", "packets", "that arrived, and those whose absence shows"));
        heads.add(Head.of("delivered", "packets", "RTP packets that the program got"));
        heads.add(Head.of("waiting", "packets", "on their way to the program when it ended"));
        heads.add(Head.of("lost", "packets", "the sum of the causes"));
        causes.forEach(cause -> heads.add(Head.of(cause.label(), "packets", cause.happened())));
        heads.add(Head.of("unexplained", "packets", "what no counter accounts for; 0 unless the account is wrong"));
        List<List<String>> rows = new ArrayList<>();
        run.report().flows().forEach(flow -> rows.add(row(flow.flow(), flow.ledger(), causes)));
        run.report().removed().forEach(flow -> rows.add(row(flow.flow() + " (removed)", flow.ledger(), causes)));
        return new DataTable("Where the packets of each flow went", heads, rows);
    }

    private static List<String> row(String name, LedgerReport ledger, Set<Cause> causes) {
        List<String> row = new ArrayList<>(List.of(
                name,
                Figures.count(ledger.wire()),
                Figures.count(ledger.delivered()),
                Figures.count(ledger.waiting()),
                Figures.count(ledger.lost())));
        causes.forEach(cause -> row.add(Figures.count(ledger.causes().getOrDefault(cause, 0L))));
        row.add(Figures.count(ledger.unexplained()));
        return row;
    }

    /** What session descriptions say of the flows; empty when they say nothing. */
    static Optional<DataTable> announcements(ReceiveReport report) {
        List<List<String>> rows = report.flows().stream()
                .filter(flow -> flow.sdp() != null)
                .map(flow -> List.of(flow.flow(), flow.sdp().words()))
                .toList();
        return rows.isEmpty()
                ? Optional.empty()
                : Optional.of(new DataTable(
                        "What session descriptions say of the flows",
                        List.of(Head.of("flow"), Head.ofWords("what it is")),
                        rows));
    }

    static DataTable rtp(ReceiveReport report) {
        return new DataTable(
                "What the RTP headers of the packets that arrived tell",
                List.of(
                        Head.of("flow"),
                        counter("received", "packets", RtpCounter.RECEIVED),
                        counter("expected", "packets", RtpCounter.EXPECTED),
                        counter("lost", "packets", RtpCounter.LOST),
                        Head.of("jitter", "ms", "Interarrival jitter (RFC 3550), by the clock of the payload type."),
                        counter("reordered", "packets", RtpCounter.REORDERED),
                        counter("duplicate", "packets", RtpCounter.DUPLICATE),
                        counter("late", "packets", RtpCounter.LATE),
                        counter("restarts", "", RtpCounter.RESTARTS),
                        counter("not RTP", "packets", RtpCounter.NON_RTP),
                        Head.of("SSRC", "", "The sender's latest identifier."),
                        counter("SSRC changes", "", RtpCounter.SSRC_CHANGES)),
                report.flows().stream().map(ReceptionTables::rtp).toList());
    }

    private static Head counter(String name, String unit, RtpCounter counter) {
        return Head.of(name, unit, counter.description());
    }

    private static List<String> rtp(ReceiveReport.FlowReport flow) {
        return List.of(
                flow.flow(),
                Figures.count(flow.received()),
                Figures.count(flow.expected()),
                Figures.count(flow.lost()),
                String.format(Locale.ROOT, "%.3f", flow.jitterMs()),
                orDash(flow.reordered()),
                orDash(flow.duplicate()),
                orDash(flow.late()),
                orDash(flow.restarts()),
                Figures.count(flow.nonRtp()),
                flow.ssrc() == null ? "-" : flow.ssrc(),
                Figures.count(flow.ssrcChanges()));
    }

    /** A flow that came to several receivers has no sequence. */
    private static String orDash(Long figure) {
        return figure == null ? "-" : Figures.count(figure);
    }

    static DataTable latencies(ReceiveReport report) {
        List<List<String>> rows = new ArrayList<>();
        if (report.flows().size() != 1) {
            rows.add(row("all flows", report.latencyUs()));
        }
        report.flows().forEach(flow -> rows.add(row(flow.flow(), flow.latencyUs())));
        return new DataTable(
                "Latency from kernel to user",
                List.of(
                        Head.of("flow"),
                        Head.of("p50", "µs", "half of the packets took no longer"),
                        Head.of("p99", "µs", "of a hundred, 99 took no longer"),
                        Head.of("p99.9", "µs", "of a thousand, 999 took no longer"),
                        Head.of("max", "µs", "none took longer")),
                rows);
    }

    private static List<String> row(String name, LatencyReport latency) {
        return latency == null
                ? List.of(name, "-", "-", "-", "-")
                : List.of(
                        name,
                        Figures.decimal(latency.p50()),
                        Figures.decimal(latency.p99()),
                        Figures.decimal(latency.p999()),
                        Figures.decimal(latency.max()));
    }

    static DataTable queues(ReceiveReport.XdpReport xdp) {
        return new DataTable(
                "What each queue's receiver has to say",
                List.of(
                        Head.of("queue"),
                        Head.of("taken", "packets", "that its receiver took from its sockets"),
                        Head.of(
                                "fullest", "descriptors", "the most that a look found waiting in one of its RX rings"),
                        Head.of(
                                "dropped",
                                "packets",
                                "there was no frame for them (with copies), or they are too long"),
                        Head.of(
                                "fill ring empty",
                                "attempts",
                                "to take a frame, in vain; with copies these packets are among the dropped: do not add"
                                        + " them"),
                        Head.of("RX ring full", "packets", "dropped because the RX ring had no room"),
                        Head.of("longest absence", "ms", "between two looks of its receiver"),
                        Head.of("sockets", "", ""),
                        Head.of("zero-copy", "", "whether the driver writes straight into the program's memory"),
                        Head.of("huge pages", "", "whether that memory is on huge pages"),
                        Head.of("restarts", "", "of its process")),
                xdp.queues().stream().map(ReceptionTables::queue).toList());
    }

    private static List<String> queue(QueueReport queue) {
        return List.of(
                Integer.toString(queue.queue()),
                Figures.count(queue.taken()),
                Figures.count(queue.fullest()),
                Figures.count(queue.statistics().rxDropped()),
                Figures.count(queue.statistics().rxFillRingEmpty()),
                Figures.count(queue.statistics().rxRingFull()),
                Figures.decimal(queue.longestAbsenceMs()),
                Figures.count(queue.sockets()),
                queue.zeroCopy() ? "yes" : "no",
                queue.hugePages() ? "yes" : "no",
                queue.restarts() == null ? "-" : Figures.count(queue.restarts()));
    }
}
