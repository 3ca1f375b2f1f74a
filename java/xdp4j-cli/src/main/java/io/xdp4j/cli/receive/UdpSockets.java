// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.ledger.LossLedger;
import io.xdp4j.ledger.WatchedFlow;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketSource;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.udp.NioSource;
import io.xdp4j.udp.SocketSource;
import io.xdp4j.udp.SocketStatistics;
import io.xdp4j.udp.UdpSource;
import io.xdp4j.xdp.FlowCounters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The baselines: an ordinary socket for each flow, and a thread for each socket. */
final class UdpSockets implements Sockets {
    private final String interfaceName;
    private final Backend backend;
    private final List<UdpSource> sources = new ArrayList<>();

    private UdpSockets(String interfaceName, Backend backend) {
        this.interfaceName = interfaceName;
        this.backend = backend;
    }

    static UdpSockets open(ReceiveSettings settings) throws IOException {
        UdpSockets opened = new UdpSockets(settings.interfaceName(), settings.backend());
        try {
            for (Flow flow : settings.flows()) {
                opened.sources.add(opened.source(settings, flow));
            }
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private UdpSource source(ReceiveSettings settings, Flow flow) throws IOException {
        String name = interfaceName;
        int id = sources.size();
        int buffer = settings.receiveBuffer();
        return switch (backend) {
            case RAW -> SocketSource.open(SocketSource.Kind.RAW, name, flow, id, buffer, settings.batch());
            case RECVMMSG -> SocketSource.open(SocketSource.Kind.RECVMMSG, name, flow, id, buffer, settings.batch());
            case NIO -> NioSource.open(name, flow, id, buffer, settings.batch());
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
    public List<List<PacketSource>> byThread() {
        return sources.stream().map(List::<PacketSource>of).toList();
    }

    @Override
    public LossLedger openLedger(List<WatchedFlow> flows, List<Receiver> receivers) throws IOException {
        return LossLedger.open(interfaceName, flows, receivers);
    }

    /**
     * A socket receives from when it is opened. What waits in its buffer when the ledger is opened is in the ledger;
     * what a receiver has taken by then is not.
     */
    @Override
    public void startFlows() {}

    @Override
    public String inForce() {
        try {
            return String.format("receive buffer %,d bytes", statistics().get(0).receiveBufferBytes());
        } catch (IOException e) {
            return "receive buffer unknown";
        }
    }

    /** A socket that is left or closed loses what it holds: the receiver takes what is there when told to end. */
    @Override
    public void stopFlows() {}

    @Override
    public FlowCounters kernelCounters(int flow) {
        return null;
    }

    @Override
    public ReceiveReport.XdpReport xdpReport() {
        return null;
    }

    @Override
    public ReceiveReport.SocketReport socketReport() throws IOException {
        return ReceiveReport.SocketReport.of(backend, statistics());
    }

    @Override
    public void close() throws IOException {
        for (UdpSource source : sources) {
            source.close();
        }
    }
}
