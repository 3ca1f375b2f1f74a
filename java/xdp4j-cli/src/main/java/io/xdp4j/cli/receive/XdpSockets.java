// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.Figures;
import io.xdp4j.ledger.LossLedger;
import io.xdp4j.ledger.WatchedFlow;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketSource;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.udp.Membership;
import io.xdp4j.xdp.FlowCounters;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import io.xdp4j.xdp.XdpStatistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** AF_XDP: a socket for each flow, all on one UMEM and one queue, and the XDP program in front of them. */
final class XdpSockets implements Sockets {
    private final ReceiveSettings settings;
    private final List<XdpSocket> sockets = new ArrayList<>();
    private final List<Membership> memberships = new ArrayList<>();
    private Umem umem;
    private XdpProgram program;
    private Mode mode;

    private XdpSockets(ReceiveSettings settings) {
        this.settings = settings;
    }

    static XdpSockets open(ReceiveSettings settings) throws IOException {
        XdpSockets opened = new XdpSockets(settings);
        try {
            opened.openAll();
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void openAll() throws IOException {
        String name = settings.interfaceName();
        // As many frames as the fill ring takes: then that ring alone says how many packets can wait.
        umem = Umem.open(settings.frameSize(), settings.fillRing(), settings.fillRing());
        program = XdpProgram.load(settings.flows().size(), settings.device().rxQueues());
        XdpSocketOptions options = XdpSocketOptions.DEFAULT
                .rxRing(settings.rxRing())
                .batch(settings.batch())
                .mode(settings.mode());
        for (Flow flow : settings.flows()) {
            XdpSocket socket = XdpSocket.open(umem, name, settings.queue(), options);
            sockets.add(socket);
            program.redirect(flow, socket);
            memberships.add(Membership.join(name, flow));
        }
    }

    @Override
    public List<List<PacketSource>> byThread() {
        return List.of(List.copyOf(sockets)); // they share a fill ring, so one thread
    }

    @Override
    public LossLedger openLedger(List<WatchedFlow> flows, List<Receiver> receivers) throws IOException {
        return LossLedger.open(settings.interfaceName(), program, flows, receivers);
    }

    /** Before the program is attached no packet can come, so that none waits for a receiver or escapes the ledger. */
    @Override
    public void startFlows() throws IOException {
        mode = program.attach(settings.interfaceName(), settings.mode());
    }

    @Override
    public String inForce() {
        String copies = zeroCopy() ? "zero-copy" : "copy mode";
        return mode.name().toLowerCase() + " XDP, " + copies + ", queue " + settings.queue() + ", "
                + sockets.size() + (sockets.size() == 1 ? " socket" : " sockets on one UMEM") + ", " + rings()
                + program.fallbackReason().map(reason -> "; not native: " + reason).orElse("");
    }

    private String rings() {
        String fillRing = Figures.count(settings.fillRing());
        return settings.fillRing() == settings.rxRing()
                ? "rings of " + fillRing
                : "fill ring " + fillRing + ", RX ring " + Figures.count(settings.rxRing());
    }

    private boolean zeroCopy() {
        try {
            return sockets.get(0).zeroCopy();
        } catch (IOException e) {
            return false; // the kernel does not know XDP_OPTIONS, and zero-copy even less
        }
    }

    @Override
    public void stopFlows() {
        program.detach();
    }

    @Override
    public FlowCounters kernelCounters(int flow) throws IOException {
        return program.counters(flow);
    }

    @Override
    public ReceiveReport.XdpReport xdpReport() throws IOException {
        long dropped = 0;
        long ringFull = 0;
        long fillRingEmpty = 0;
        long invalid = 0;
        for (XdpSocket socket : sockets) {
            XdpStatistics statistics = socket.statistics();
            dropped += statistics.rxDropped();
            ringFull += statistics.rxRingFull();
            invalid += statistics.rxInvalidDescriptors();
            fillRingEmpty = statistics.rxFillRingEmpty(); // of the ring that they share: each tells the same
        }
        return new ReceiveReport.XdpReport(
                mode.name().toLowerCase(),
                zeroCopy(),
                program.fallbackReason().orElse(null),
                umem.hugePages(),
                umem.frameSize(),
                settings.fillRing(),
                settings.rxRing(),
                sockets.size(),
                dropped,
                ringFull,
                fillRingEmpty,
                invalid,
                umem.audit(),
                program.counters());
    }

    @Override
    public ReceiveReport.SocketReport socketReport() {
        return null;
    }

    /** Sockets, memberships, program, UMEM: a packet never finds less than it needs. */
    @Override
    public void close() throws IOException {
        for (XdpSocket socket : sockets) {
            socket.close();
        }
        for (Membership membership : memberships) {
            membership.close();
        }
        if (program != null) {
            program.close();
        }
        if (umem != null) {
            umem.close();
        }
    }
}
