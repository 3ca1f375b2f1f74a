// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.Fault;
import io.xdp4j.lab.Reception;
import io.xdp4j.lab.SocketReception;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.TransmitQueue;
import io.xdp4j.lab.VethPair;
import io.xdp4j.lab.XdpReception;
import io.xdp4j.packet.Flow;
import io.xdp4j.xdp.MisdirectedSlot;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random mixtures of faults, one ledger for all: at the end each cause has exactly the sum of what was provoked, and
 * whenever one looks in between the ledger closes.
 *
 * <p>Each run has other mixtures. To repeat one, give the seed that it printed: {@code -Dxdp4j.mixture.seed=N}.
 */
@Tag("integration")
@Timeout(120)
class LedgerMixtureIT {
    private static final int WRAP = 65_536; // sequence numbers that no gap shows
    private static final int BUFFER = 2 << 20; // some 1,000 live frames
    private static final Flow SECOND = Flow.parse("239.1.2.4:5004");

    private final long seed = Long.getLong("xdp4j.mixture.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private VethPair veth;

    private void plug(int queues, int receivingMtu) throws IOException {
        veth = VethPair.create(queues);
        // No packets but ours: router solicitations and MLD reports would be among the driver's.
        VethPair.run("sysctl", "-qw", "net.ipv6.conf.tx0.disable_ipv6=1", "net.ipv6.conf.rx0.disable_ipv6=1");
        VethPair.run("ip", "link", "set", VethPair.RX, "mtu", Integer.toString(receivingMtu));
        VethPair.run("ip", "link", "set", VethPair.TX, "mtu", "3000");
        if (queues > 1) {
            TransmitQueue.useOnly(0);
        }
    }

    @AfterEach
    void unplug() throws IOException {
        if (veth != null) {
            veth.close();
        }
    }

    private interface Faults {
        void run(Mixture mixture) throws Exception;
    }

    private void mix(List<Flow> flows, Reception reception, LossLedger ledger, Faults faults) throws Exception {
        System.out.println("seed " + seed);
        try (Mixture mixture = new Mixture(random, flows, reception, ledger)) {
            faults.run(mixture);
        } catch (AssertionError e) {
            throw new AssertionError("-Dxdp4j.mixture.seed=" + seed + " " + e.getMessage(), e);
        }
    }

    /**
     * The frames may run out, or an RX ring that is shorter may fill; packets may be too large for the frames or, with
     * a shorter MTU, for the interface. A second queue has no socket. Two flows have a socket each, or one for both.
     */
    @ParameterizedTest
    @CsvSource({
        "NATIVE, 1, 1, 1", "NATIVE, 1, 1, 1", "GENERIC, 1, 1, 1",
        "NATIVE, 2, 1, 1", "NATIVE, 2, 1, 1",
        "NATIVE, 1, 2, 2", "NATIVE, 1, 2, 1", "GENERIC, 1, 2, 1",
    })
    void xdp(Mode mode, int queues, int flows, int sockets) throws Exception {
        boolean longFrames = random.nextBoolean();
        boolean shortRing = random.nextBoolean();
        plug(queues, longFrames ? 3_000 : 1_500);
        List<Flow> some = List.of(Fault.FLOW, SECOND).subList(0, flows);
        int fillRing = shortRing ? 4_096 : 2_048;
        int rxRing = shortRing ? 512 : 2_048;
        try (XdpReception xdp = new XdpReception(some, sockets, mode, 0, fillRing, rxRing);
                LossLedger ledger = LossLedger.open(
                        VethPair.RX,
                        xdp.program,
                        watched(some, xdp.reception),
                        List.of(xdp.reception.receiver))) {
            Cause away = shortRing ? Cause.RX_RING_FULL : Cause.FILL_RING_EMPTY;
            mix(some, xdp.reception, ledger, mixture -> {
                Mixture.Step heldAway = () -> heldAway(mixture, xdp, away, flows * mixture.upTo(1_500));
                List<Mixture.Step> steps = new ArrayList<>(List.of(
                        heldAway,
                        mixture::skip,
                        mixture::overrun,
                        mixture::notRtp,
                        () -> mixture.everyOther(Cause.INVALID, frame -> frame.udpLengthExcess(1)),
                        () -> toOtherDevice(mixture, xdp, mode, flows)));
                steps.add(
                        longFrames
                                ? () -> mixture.everyOther(Cause.TOO_LARGE, frame -> frame.sizeBytes(2_000))
                                : mixture::tooLargeForTheInterface);
                if (queues > 1) {
                    steps.add(() -> onOtherQueue(mixture, Cause.NO_SOCKET_ON_QUEUE));
                    steps.add(() -> toOtherQueue(mixture, xdp, mode));
                }
                mixture.run(
                        steps,
                        Optional.of(() -> heldAway(mixture, xdp, away, WRAP)),
                        List.of(mixture::goOn, heldAway, () -> mixture.giveUp(mixture.upTo(rxRing))));
            });
        }
    }

    private static List<WatchedFlow> watched(List<Flow> flows, Reception reception) {
        return IntStream.range(0, flows.size())
                .mapToObj(id -> new WatchedFlow(flows.get(id), reception.flows.get(id)))
                .toList();
    }

    private static void heldAway(Mixture mixture, XdpReception xdp, Cause cause, int beyond) throws Exception {
        mixture.lost(cause, new Fault.HeldAway(beyond).provoke(xdp, mixture.source));
    }

    /** The kernel refuses the redirect, and only its tracepoint tells. */
    private static void toOtherDevice(Mixture mixture, XdpReception xdp, Mode mode, int flows) throws Exception {
        try (Umem umem = Umem.open(2048, 64, 64);
                XdpSocket elsewhere = XdpSocket.open(umem, VethPair.TX, 0,
                        XdpSocketOptions.DEFAULT.rxRing(64).batch(8).mode(mode))) {
            for (int flow = 0; flow < flows; flow++) {
                MisdirectedSlot.set(xdp.program, flow, 0, elsewhere);
            }
            mixture.lost(Cause.WRONG_QUEUE, (int) SteadyBurst.send(mixture.source, mixture.upTo(1_000)));
            for (int flow = 0; flow < flows; flow++) {
                xdp.program.redirect(flow, xdp.socketOf(flow));
            }
        }
    }

    /** Closed, that socket leaves its slot empty. */
    private static void toOtherQueue(Mixture mixture, XdpReception xdp, Mode mode) throws Exception {
        try (Umem umem = Umem.open(2048, 64, 64);
                XdpSocket elsewhere = XdpSocket.open(umem, VethPair.TX, 0,
                        XdpSocketOptions.DEFAULT.rxRing(64).batch(8).mode(mode))) {
            MisdirectedSlot.set(xdp.program, 0, 1, elsewhere);
            onOtherQueue(mixture, Cause.WRONG_QUEUE);
        }
    }

    private static void onOtherQueue(Mixture mixture, Cause cause) throws Exception {
        try (CpuPin pin = CpuPin.to(1)) {
            mixture.lost(cause, (int) SteadyBurst.send(mixture.source, mixture.upTo(1_000)));
        }
    }

    /**
     * A DatagramChannel does not tell where in the stream its socket dropped packets: drops that no gap shows, of a
     * stream's end or 65,536 in a row, would hide as many losses upstream (a limit that the ledger names). So there are
     * none; nor a handler that gives up, whose packets are such an end as well.
     */
    @ParameterizedTest
    @EnumSource(SocketReception.Kind.class)
    void socket(SocketReception.Kind kind) throws Exception {
        plug(1, 1_500);
        List<Flow> flow = List.of(Fault.FLOW);
        boolean nio = kind == SocketReception.Kind.NIO;
        try (SocketReception socket = new SocketReception(kind, Fault.FLOW, BUFFER);
                LossLedger ledger = LossLedger.open(
                        VethPair.RX, watched(flow, socket.reception), List.of(socket.reception.receiver))) {
            mix(flow, socket.reception, ledger, mixture -> {
                Mixture.Step bufferFull = () -> bufferFull(mixture, socket, mixture.upTo(1_000));
                List<Mixture.Step> steps = new ArrayList<>(List.of(
                        bufferFull,
                        mixture::skip,
                        mixture::overrun,
                        mixture::notRtp,
                        mixture::tooLargeForTheInterface));
                if (kind != SocketReception.Kind.RAW) { // which gets packets before their checksum is looked at
                    steps.add(() -> wrongChecksum(mixture));
                }
                mixture.run(
                        steps,
                        nio ? Optional.empty() : Optional.of(() -> wrapped(mixture, socket)),
                        nio
                                ? List.of(mixture::goOn)
                                : List.of(mixture::goOn, bufferFull, () -> mixture.giveUp(64)));
            });
        }
    }

    private static void bufferFull(Mixture mixture, SocketReception socket, int beyond) throws Exception {
        mixture.lost(Cause.SOCKET_BUFFER, new Fault.BufferFull(beyond).provoke(socket, mixture.source));
    }

    /**
     * With no gap of another SSRC open: such a gap would be taken for one of these drops, as the socket does not say
     * whose they were.
     */
    private static void wrapped(Mixture mixture, SocketReception socket) throws Exception {
        mixture.goOn();
        bufferFull(mixture, socket, WRAP);
    }

    /**
     * UDP looks at those up to 76 bytes before they are queued. Of longer ones, found when they are received, the
     * socket tells too late to set them off exactly against other losses.
     */
    private static void wrongChecksum(Mixture mixture) throws Exception {
        mixture.everyOther(Cause.STACK, frame -> frame.sizeBytes(90).wrongUdpChecksum());
    }
}
