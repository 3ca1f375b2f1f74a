// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

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
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/** One run of {@code receive}: sockets, the threads that empty them, and what those find. */
final class Reception implements AutoCloseable {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final ReceiveSettings settings;
    private final Sockets sockets;
    private final List<RtpFlow> flows;
    private final List<FlowMeter> meters = new ArrayList<>();
    private final List<Receiver> receivers = new ArrayList<>();
    private final long startNs;

    private Reception(ReceiveSettings settings, Sockets sockets) {
        this.settings = settings;
        this.sockets = sockets;
        this.flows = settings.flows().stream().map(flow -> new RtpFlow()).toList();
        for (List<PacketSource> sources : sockets.byThread()) {
            FlowMeter meter = new FlowMeter(flows);
            meters.add(meter);
            receivers.add(Receiver.start(
                    "receiver-" + receivers.size(), settings.idle().strategy().get(), meter, sources));
        }
        this.startNs = System.nanoTime();
    }

    /** From when it returns every packet of the flows is received. */
    static Reception start(ReceiveSettings settings) throws IOException {
        Sockets sockets = settings.backend() == Backend.XDP ? XdpSockets.open(settings) : UdpSockets.open(settings);
        return new Reception(settings, sockets);
    }

    String inForce() {
        return sockets.inForce();
    }

    /** What each flow has counted up to now, in the order of the settings. */
    List<RtpStatistics> snapshots() {
        return flows.stream().map(RtpFlow::snapshot).toList();
    }

    /** What ended a receiver before its time. */
    Optional<Throwable> failure() {
        return receivers.stream()
                .map(Receiver::failure)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Stops the flows, receives what is still in the rings, and reports. To be called once. */
    ReceiveReport finish() throws IOException {
        sockets.stopFlows();
        double seconds = (System.nanoTime() - startNs) / 1e9;
        ReceiveReport.CpuReport cpu = cpu(); // while the threads live
        receivers.forEach(Receiver::close);
        Histogram latencyNs = FlowMeter.newHistogram();
        meters.forEach(meter -> latencyNs.add(meter.latencyNs()));
        return new ReceiveReport(
                settings.backend().toString(),
                settings.interfaceName(),
                settings.backend() == Backend.XDP ? settings.queue() : null,
                settings.idle().text(),
                seconds,
                flowReports(),
                sockets.xdpReport(),
                sockets.socketReport(),
                cpu,
                settings.backend() == Backend.NIO ? null : ReceiveReport.LatencyReport.of(latencyNs));
    }

    private List<ReceiveReport.FlowReport> flowReports() throws IOException {
        List<ReceiveReport.FlowReport> reports = new ArrayList<>();
        for (int i = 0; i < flows.size(); i++) {
            reports.add(ReceiveReport.FlowReport.of(
                    settings.flows().get(i), flows.get(i).snapshot(), sockets.kernelCounters(i)));
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
        sockets.close();
    }
}
