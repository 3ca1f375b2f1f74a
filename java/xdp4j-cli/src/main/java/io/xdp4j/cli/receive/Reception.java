// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.ledger.LossLedger;
import io.xdp4j.ledger.WatchedFlow;
import io.xdp4j.packet.PacketSource;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.schedule.Receiver;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/** One run of {@code receive}: sockets, the threads that empty them, and the ledger of what those find. */
final class Reception implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ReceiveSettings settings;
    private final Sockets sockets;
    private final List<RtpFlow> flows;
    private final List<FlowMeter> meters = new ArrayList<>();
    private final List<Receiver> receivers = new ArrayList<>();
    private LossLedger ledger;
    private long startNs;

    private Reception(ReceiveSettings settings, Sockets sockets) {
        this.settings = settings;
        this.sockets = sockets;
        this.flows = settings.flows().stream().map(flow -> new RtpFlow()).toList();
    }

    /** From when it returns every packet of the flows is received, and in the ledger. */
    static Reception start(ReceiveSettings settings) throws IOException {
        Reception reception = new Reception(
                settings,
                settings.backend() == Backend.XDP ? XdpSockets.open(settings) : UdpSockets.open(settings));
        try {
            reception.startReceivers();
            return reception;
        } catch (IOException | RuntimeException e) {
            reception.close();
            throw e;
        }
    }

    private void startReceivers() throws IOException {
        for (List<PacketSource> sources : sockets.byThread()) {
            FlowMeter meter = new FlowMeter(flows);
            meters.add(meter);
            receivers.add(Receiver.start(
                    "receiver-" + receivers.size(), settings.idle().strategy().get(), meter, sources));
        }
        List<WatchedFlow> watched = IntStream.range(0, flows.size())
                .mapToObj(i -> new WatchedFlow(settings.flows().get(i), flows.get(i)))
                .toList();
        ledger = sockets.openLedger(watched, receivers);
        sockets.startFlows();
        startNs = System.nanoTime();
    }

    String inForce() {
        return sockets.inForce();
    }

    /** What each flow has counted up to now, in the order of the settings. */
    List<RtpStatistics> snapshots() {
        return flows.stream().map(RtpFlow::snapshot).toList();
    }

    /** Where the packets of each flow are now, in the order of the settings. */
    LedgerSnapshot ledger() throws IOException {
        return ledger.snapshot();
    }

    /** What ended a receiver before its time. */
    Optional<Throwable> failure() {
        return receivers.stream()
                .map(Receiver::failure)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * Stops the flows and receives what is still in the rings.
     *
     * @param mishap that made it end
     */
    Received finish(Optional<String> mishap) throws IOException {
        sockets.stopFlows();
        double seconds = (System.nanoTime() - startNs) / 1e9;
        ReceiveReport.CpuReport cpu = cpu(); // while the threads live
        receivers.forEach(Receiver::close);
        LedgerSnapshot closing = ledger.snapshot();
        Histogram latencyNs = FlowMeter.newHistogram();
        meters.forEach(meter -> latencyNs.add(meter.latencyNs()));
        ReceiveReport report = new ReceiveReport(
                settings.backend().toString(),
                settings.interfaceName(),
                settings.backend() == Backend.XDP ? settings.queue() : null,
                settings.idle().text(),
                seconds,
                receivers.stream().mapToLong(Receiver::longestAbsenceNs).max().orElse(0) / 1e6,
                flowReports(closing),
                closing.limits(),
                sockets.xdpReport(),
                sockets.socketReport(),
                cpu,
                settings.backend() == Backend.NIO ? null : ReceiveReport.LatencyReport.of(latencyNs));
        return new Received(report, closing, mishap);
    }

    private List<ReceiveReport.FlowReport> flowReports(LedgerSnapshot closing) throws IOException {
        List<ReceiveReport.FlowReport> reports = new ArrayList<>();
        for (int i = 0; i < flows.size(); i++) {
            reports.add(ReceiveReport.FlowReport.of(
                    closing.flows().get(i),
                    closing.advice(),
                    settings,
                    flows.get(i).snapshot(),
                    sockets.kernelCounters(i)));
        }
        return reports;
    }

    private ReceiveReport.CpuReport cpu() {
        long[] ids = receivers.stream().mapToLong(r -> r.thread().getId()).toArray();
        long user = LongStream.of(ids).map(THREADS::getThreadUserTime).sum();
        long all = LongStream.of(ids).map(THREADS::getThreadCpuTime).sum();
        return new ReceiveReport.CpuReport(user, Math.max(all - user, 0)); // user time has the kernel's tick
    }

    @Override
    public void close() throws IOException {
        receivers.forEach(Receiver::close);
        if (ledger != null) {
            ledger.close();
        }
        sockets.close();
    }
}
