// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.xdp.Attachment;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.ProgramCounters;
import io.xdp4j.xdp.UmemAudit;
import io.xdp4j.xdp.XdpStatistics;
import java.util.List;
import java.util.Optional;

/** Hand-made results of a run, from hand-made ledgers. */
public final class ReceiveReports {
    private ReceiveReports() {}

    /** AF_XDP, with rings of the depth given. */
    public static Received xdp(int ring, double absenceMs, LedgerSnapshot ledger) {
        QueueReport queue = new QueueReport(
                0, 0, false, false, "none is free", false, 1, new XdpStatistics(0, 0, 0, 0),
                new UmemAudit(1, 1, 0, 0, 0, 0, 0, 0), new ReceiveReport.CpuReport(0, 0, 0), absenceMs, 0, null,
                0);
        ReceiveReport.XdpReport xdp = xdp(settings(Backend.XDP, ring, ledger).xdp(), queue);
        return received(settings(Backend.XDP, ring, ledger), absenceMs, ledger, xdp, null);
    }

    /** What AF_XDP has of these queues. */
    public static ReceiveReport.XdpReport xdp(XdpSettings settings, QueueReport... queues) {
        return ReceiveReport.XdpReport.of(
                Mode.NATIVE, null, settings, List.of(queues), new ProgramCounters(0, 0, 0));
    }

    /** A UDP socket that was granted what it asked for. */
    public static Received socket(double absenceMs, LedgerSnapshot ledger) {
        ReceiveReport.SocketReport socket = new ReceiveReport.SocketReport("recvmmsg", 67_108_864, 0L, 0, 0);
        return received(settings(Backend.RECVMMSG, 64, ledger), absenceMs, ledger, null, socket);
    }

    private static Received received(
            ReceiveSettings settings,
            double absenceMs,
            LedgerSnapshot ledger,
            ReceiveReport.XdpReport xdp,
            ReceiveReport.SocketReport socket) {
        ReceiveReport report = new ReceiveReport(
                settings.backend().toString(),
                settings.interfaceName(),
                settings.idle().text(),
                10.0,
                absenceMs,
                null,
                ledger.flows().stream().map(flow -> flow(flow, ledger.advice(), settings)).toList(),
                List.of(),
                ledger.limits(),
                xdp,
                socket,
                new ReceiveReport.CpuReport(0, 0, 0),
                null,
                null);
        return new Received(report, ledger, List.of(), Optional.empty());
    }

    private static ReceiveReport.FlowReport flow(FlowLedger flow, List<Advice> advice, ReceiveSettings settings) {
        return ReceiveReport.FlowReport.of(flow, advice, settings, new RtpFlow().snapshot(), false,
                LatencyBuckets.newHistogram(), null);
    }

    /** For the interface rx0, which need not be there. */
    public static ReceiveSettings settings(Backend backend, int ring, LedgerSnapshot ledger) {
        return new ReceiveSettings(
                new NetDevice("rx0", 1, 1_500, 4, true, false, -1),
                ledger.flows().stream().map(FlowLedger::flow).toList(),
                backend,
                new XdpSettings(List.of(0), Workers.THREADS, SocketsPer.QUEUE, ring, ring, 2_048, 1_522, Mode.AUTO,
                        Attachment.LINK, -1, 0, Placement.NONE),
                67_108_864,
                64,
                new Idle.Converter().convert("sleep:2ms"));
    }
}
