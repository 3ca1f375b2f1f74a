// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.Machine;
import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.LatencyReport;
import io.xdp4j.cli.receive.QueueSample;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.ReceiveReports;
import io.xdp4j.cli.receive.Received;
import io.xdp4j.cli.receive.Sample;
import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.Demand;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.xdp.XdpStatistics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Runs by hand. */
final class Runs {
    static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    static final Flow OTHER = Flow.parse("239.1.2.4:5004");

    private Runs() {}

    /** AF_XDP with rings of 2,048; it is its own last second. */
    static Run of(LedgerSnapshot ledger, Run.Event... events) {
        Sample last = sample(10, ledger, 5_000, List.of(queue(0, 512, 2_048)));
        RunHistory history = new RunHistory();
        history.add(last);
        Received received = ReceiveReports.xdp(2_048, 9.8, ledger);
        return new Run(
                ReceiveReports.settings(Backend.XDP, 2_048, ledger),
                "native XDP, copy mode",
                new Machine("6.1", "amd64", "a CPU", 4, "17"),
                "here",
                Instant.EPOCH,
                history,
                List.of(events),
                Optional.empty(),
                last,
                received.report());
    }

    /** The same with flows that were removed. */
    static Run with(Run run, ReceiveReport.RemovedFlow... removed) {
        return with(run, run.report().flows(), List.of(removed));
    }

    /** The same with these flows. */
    static Run withFlows(Run run, ReceiveReport.FlowReport... flows) {
        return with(run, List.of(flows), List.of());
    }

    /** Of flows each of which took 1 ms, and of flows of which nothing came. */
    static Run timed(int flows, int silent) {
        Run run = of(flows(flows));
        List<Sample.FlowSample> samples = new ArrayList<>(run.last().flows());
        samples.addAll(sample(10, snapshot(IntStream.range(0, silent)
                .mapToObj(i -> ledger(Flow.parse("239.1.3." + i + ":5004"), 0, Map.of()))
                .toArray(FlowLedger[]::new)), 0, List.of()).flows());
        Sample last = new Sample(
                run.last().at(), run.last().atNs(), 1, run.last().elapsedSeconds(), run.last().ledger(), samples,
                run.last().queues());
        return with(
                run, last, run.report().flows(), List.of(), new LatencyReport(1_000, 1_000, 1_000, 1_000));
    }

    private static Run with(
            Run run, List<ReceiveReport.FlowReport> flows, List<ReceiveReport.RemovedFlow> removed) {
        return with(run, run.last(), flows, removed, run.report().latencyUs());
    }

    private static Run with(
            Run run,
            Sample last,
            List<ReceiveReport.FlowReport> flows,
            List<ReceiveReport.RemovedFlow> removed,
            LatencyReport latency) {
        ReceiveReport was = run.report();
        ReceiveReport report = new ReceiveReport(
                was.backend(), was.interfaceName(), was.idle(), was.seconds(), was.longestAbsenceMs(),
                was.firstPacketMs(), flows, removed, was.limits(), was.xdp(), was.socket(), was.cpu(), latency,
                was.record());
        return new Run(
                run.settings(), run.inForce(), run.machine(), run.host(), run.begin(), run.history(), run.events(),
                run.broken(), last, report);
    }

    /** A second, with so many packets of each flow, each of which took 1 ms. */
    static Sample sample(int second, LedgerSnapshot ledger, long received, List<QueueSample> queues) {
        return new Sample(
                Instant.ofEpochSecond(second),
                0,
                1,
                second,
                ledger,
                ledger.flows().stream().map(flow -> flow(flow, received)).toList(),
                queues);
    }

    static QueueSample queue(int number, int fullest, int room) {
        return new QueueSample(number, fullest, room, 0, new XdpStatistics(0, 0, 0, 0), 0, null);
    }

    private static Sample.FlowSample flow(FlowLedger ledger, long received) {
        Histogram latencies = new Histogram(100, 60_000_000_000L, 2);
        latencies.recordValueWithCount(1_000_000, received);
        return new Sample.FlowSample(
                ledger, new RtpFlow().snapshot(), false, received, 0, List.of(0), latencies, latencies);
    }

    static FlowLedger ledger(Flow flow, long wire, Map<Cause, Long> causes) {
        long lost = causes.values().stream().mapToLong(Long::longValue).sum();
        return new FlowLedger(flow, wire, wire - lost, 0, causes, 0);
    }

    /** With an advice on each loss that there is. */
    static LedgerSnapshot snapshot(FlowLedger... flows) {
        List<Advice> advice = List.of(flows).stream()
                .flatMap(flow -> flow.causes().entrySet().stream().map(loss -> new Advice(
                        flow.flow(),
                        loss.getKey(),
                        loss.getValue(),
                        "Finding of " + flow.flow() + ".",
                        "Change for " + flow.flow() + ".",
                        new Advice.Settings(32_768, null, null, null, null, false, false))))
                .toList();
        return new LedgerSnapshot(List.of(flows), advice, List.of(new Demand(390_000, 9_800_000)), List.of());
    }

    /** So many flows of which nothing was lost. */
    static LedgerSnapshot flows(int count) {
        return snapshot(IntStream.range(0, count)
                .mapToObj(i -> ledger(Flow.parse("239.1.2." + i + ":5004"), 1_000, Map.of()))
                .toArray(FlowLedger[]::new));
    }
}
