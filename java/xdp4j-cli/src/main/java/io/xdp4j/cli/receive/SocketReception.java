// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.record.Recording;
import io.xdp4j.cli.status.RunStatus;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.ledger.LossLedger;
import io.xdp4j.ledger.WatchedFlow;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.udp.NioSource;
import io.xdp4j.udp.SocketSource;
import io.xdp4j.udp.SocketStatistics;
import io.xdp4j.udp.UdpSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The baselines: an ordinary socket for each flow, and a thread for each socket. */
final class SocketReception implements Reception {
    private final ReceiveSettings settings;
    private final Optional<Recording> recording;
    private final List<UdpSource> sources = new ArrayList<>(); // by flow id, like the next three
    private final List<RtpFlow> flows = new ArrayList<>();
    private final List<FlowMeter> meters = new ArrayList<>();
    private final List<Receiver> receivers = new ArrayList<>();
    private final FlowLatencies latencies = new FlowLatencies();
    private LossLedger ledger;
    private long startNs;

    SocketReception(ReceiveSettings settings, Optional<Recording> recording) {
        this.settings = settings;
        this.recording = recording;
    }

    /**
     * A socket receives from when it is opened. What waits in its buffer when the ledger is opened is in the ledger;
     * what a receiver has taken by then is not.
     */
    @Override
    public void open() throws IOException {
        WarmUp.begin(recording.isPresent()).join();
        List<WatchedFlow> watched = new ArrayList<>();
        for (Flow flow : settings.flows()) {
            int id = sources.size();
            sources.add(open(flow, id));
            flows.add(new RtpFlow(settings.wanted().clocks(flow), flow.toString()));
            meters.add(new FlowMeter());
            meters.get(id).expect(id, flows.get(id));
            watched.add(new WatchedFlow(flow, flows.get(id)));
        }
        for (int id = 0; id < sources.size(); id++) {
            receivers.add(Receiver.start(
                    "receiver-" + id, settings.idle().strategy().get(), handler(id), sources.get(id)));
        }
        ledger = LossLedger.open(settings.interfaceName(), watched, receivers);
        startNs = System.nanoTime();
    }

    private PacketHandler handler(int id) {
        PacketHandler meter = meters.get(id);
        return recording
                .map(wanted -> wanted.ofSocket(settings.backend(), id, settings.flows().get(id), meter))
                .orElse(meter);
    }

    private UdpSource open(Flow flow, int id) throws IOException {
        String name = settings.interfaceName();
        int buffer = settings.receiveBuffer();
        int batch = settings.batch();
        return switch (settings.backend()) {
            case RAW -> SocketSource.open(SocketSource.Kind.RAW, name, flow, id, buffer, batch);
            case RECVMMSG -> SocketSource.open(SocketSource.Kind.RECVMMSG, name, flow, id, buffer, batch);
            case NIO -> NioSource.open(name, flow, id, buffer, batch);
            case XDP -> throw new IllegalArgumentException("AF_XDP is not an ordinary socket");
        };
    }

    private List<SocketStatistics> statistics() throws IOException {
        List<SocketStatistics> statistics = new ArrayList<>();
        for (UdpSource source : sources) {
            statistics.add(source.statistics());
        }
        return statistics;
    }

    @Override
    public String inForce() {
        try {
            return String.format("receive buffer %,d bytes", statistics().get(0).receiveBufferBytes());
        } catch (IOException e) {
            return "receive buffer unknown";
        }
    }

    @Override
    public Map<Flow, RtpStatistics> snapshots() {
        Map<Flow, RtpStatistics> snapshots = new LinkedHashMap<>();
        for (int id = 0; id < flows.size(); id++) {
            snapshots.put(settings.flows().get(id), flows.get(id).snapshot());
        }
        return snapshots;
    }

    /** Each has one receiver. */
    @Override
    public boolean isSplit(Flow flow) {
        return false;
    }

    @Override
    public LedgerSnapshot ledger() throws IOException {
        return ledger.snapshot();
    }

    @Override
    public List<QueueSample> sample() {
        latencies.begin();
        if (settings.backend() != Backend.NIO) { // which has no time of the kernel's
            for (int id = 0; id < meters.size(); id++) {
                Flow flow = settings.flows().get(id);
                meters.get(id).takeLatencies((same, latencyNs) -> latencies.add(flow, null, latencyNs));
            }
        }
        return List.of();
    }

    @Override
    public FlowLatencies latencies() {
        return latencies;
    }

    @Override
    public RunStatus.XdpStatus status() {
        return null;
    }

    @Override
    public Optional<String> failure() {
        return receivers.stream()
                .flatMap(receiver -> receiver.failure().stream())
                .findFirst()
                .map(failure -> "the receiver ended: " + failure.getMessage());
    }

    @Override
    public List<String> news() {
        return List.of();
    }

    @Override
    public FlowChange change(WantedFlows wanted) {
        throw new BadInput("--backend " + settings.backend() + " keeps the flows that it began with: start it again, or"
                + " use --backend xdp");
    }

    /** A socket that is closed loses what it holds: the receivers first take what is there. */
    @Override
    public Received finish(Optional<String> mishap) throws IOException {
        double seconds = (System.nanoTime() - startNs) / 1e9;
        List<ReceiveReport.CpuReport> cpu = receivers.stream()
                .map(receiver -> ReceiveReport.CpuReport.of(receiver)) // while the threads live
                .toList();
        receivers.forEach(Receiver::close);
        List<QueueSample> none = sample();
        LedgerSnapshot closing = ledger.snapshot();
        List<ReceiveReport.FlowReport> reports = new ArrayList<>();
        for (int id = 0; id < flows.size(); id++) {
            reports.add(ReceiveReport.FlowReport.of(
                    closing.flows().get(id),
                    closing.advice(),
                    settings,
                    flows.get(id).snapshot(),
                    false,
                    latencies.total(settings.flows().get(id)),
                    null));
        }
        ReceiveReport report = ReceiveReport.ofSockets(
                settings,
                seconds,
                receivers.stream().mapToLong(Receiver::longestAbsenceNs).max().orElse(0) / 1e6,
                receivers.stream().mapToLong(receiver -> receiver.counts().firstPacketNs()),
                reports,
                closing,
                ReceiveReport.SocketReport.of(settings.backend(), statistics()),
                ReceiveReport.CpuReport.sum(cpu),
                latencies);
        return new Received(report, closing, none, mishap);
    }

    @Override
    public void close() throws IOException {
        receivers.forEach(Receiver::close);
        if (ledger != null) {
            ledger.close();
        }
        for (UdpSource source : sources) {
            source.close();
        }
    }
}
