// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.AllocatedBytes;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.schedule.IdleStrategy;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import io.xdp4j.source.RtpSourceBuilder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * RTP over a veth into AF_XDP sockets. No stream is longer than the rings are deep, so that a machine that stands still
 * for a second loses nothing either.
 */
@Tag("integration")
@Timeout(120)
class XdpReceiveIT {
    private static final int POSITIONS = 30_000;
    private static final long RATE_PPS = 500_000;
    private static final int RING = 65_536;

    private static final Flow A = Flow.parse("239.1.2.3:5004");
    private static final Flow B = Flow.parse("239.1.2.4:5006");
    private static final Flow IPV6 = Flow.parse("[ff3e::8000:1]:5004");

    /** A UMEM and a socket for each flow on queue 0 of rx0. */
    private static final class Rig implements AutoCloseable {
        final Umem umem = Umem.open(2048, 2 * RING, RING);
        final XdpProgram program;
        final List<XdpSocket> sockets = new ArrayList<>();
        final Mode mode;

        Rig(Mode wanted, Flow... flows) throws Exception {
            program = XdpProgram.load(flows.length, NetDevice.find(VethPair.RX).rxQueues());
            for (Flow flow : flows) {
                XdpSocket socket = XdpSocket.open(umem, VethPair.RX, 0,
                        XdpSocketOptions.DEFAULT.rxRing(RING).mode(wanted));
                program.redirect(flow, socket);
                sockets.add(socket);
            }
            mode = program.attach(VethPair.RX, wanted);
        }

        @Override
        public void close() {
            sockets.forEach(XdpSocket::close);
            program.close();
            umem.close();
        }
    }

    private VethPair veth;

    @BeforeEach
    void plug() throws Exception {
        veth = VethPair.create(1);
    }

    @AfterEach
    void unplug() throws Exception {
        if (veth != null) {
            veth.close();
        }
    }

    private static void send(RtpSourceBuilder source, long frames) throws Exception {
        try (RtpSource opened = source.positions(POSITIONS).open()) {
            PacedSender sender = new PacedSender(opened, RATE_PPS);
            while (sender.step()) {
                // until all is sent
            }
            assertEquals(0, opened.refused(), "the veth refused frames");
            long sent = 0;
            for (int i = 0; i < opened.flows().size(); i++) {
                sent += opened.counters(i).sent();
            }
            assertEquals(frames, sent);
        }
    }

    private static PacketHandler into(List<RtpFlow> flows) {
        return batch -> {
            for (int i = 0; i < batch.size(); i++) {
                flows.get(batch.flow(i)).onPacket(batch, i);
            }
        };
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"AUTO", "GENERIC"})
    void agreesToThePacketWithASourceWhoseLossesAreKnown(Mode mode) throws Exception {
        RtpFlow rtp = new RtpFlow();
        try (Rig rig = new Rig(mode, A)) {
            assertEquals(mode == Mode.AUTO ? Mode.NATIVE : Mode.GENERIC, rig.mode);
            try (Receiver receiver =
                    Receiver.start("receiver", IdleStrategy.sleep(1_000_000), into(List.of(rtp)), rig.sockets)) {
                send(
                        RtpSource.on(VethPair.TX)
                                .flow(A)
                                .firstSequence(60_000) // wraps at position 5,536
                                .lose(List.of(
                                        new PositionRange(10, 10, 1),
                                        new PositionRange(100, 199, 1),
                                        new PositionRange(5_530, 5_540, 1),
                                        new PositionRange(20_000, 29_000, 1_000)))
                                .duplicate(List.of(new PositionRange(50, 50, 1), new PositionRange(6_000, 6_002, 1)))
                                .swap(List.of(new PositionRange(300, 300, 1), new PositionRange(7_000, 7_000, 1))),
                        POSITIONS - 122 + 4);
                awaitSeen(rig, 0, POSITIONS - 122 + 4);
                assertTrue(receiver.failure().isEmpty());
            }
            XdpStatistics statistics = rig.sockets.get(0).statistics();
            assertEquals(0, statistics.rxDropped() + statistics.rxRingFull());
        }
        RtpStatistics counted = rtp.snapshot();
        assertEquals(29_882, counted.count(RtpCounter.RECEIVED)); // 30,000 - 122 + 4
        assertEquals(30_000, counted.count(RtpCounter.EXPECTED));
        assertEquals(122, counted.count(RtpCounter.LOST)); // 1 + 100 + 11 + 10
        assertEquals(4, counted.count(RtpCounter.DUPLICATE)); // 1 + 3
        assertEquals(2, counted.count(RtpCounter.REORDERED)); // one a swap
        assertEquals(13 + 4 + 6, counted.count(RtpCounter.DISCONTINUITIES)); // a gap 1, a duplicate 1, a swap 3
        assertEquals(0, counted.count(RtpCounter.LATE));
        assertEquals(0, counted.count(RtpCounter.RESTARTS));
        assertEquals(0, counted.count(RtpCounter.NON_RTP));
    }

    /** The receiver's drain looks once; on another CPU the last packets may still be on their way. */
    private static void awaitSeen(Rig rig, int flow, long packets) throws Exception {
        while (rig.program.counters(flow).seen() < packets) {
            Thread.sleep(1);
        }
    }

    @Test
    void severalSocketsOnOneUmemDoNotMixOrStarve() throws Exception {
        List<RtpFlow> rtp = List.of(new RtpFlow(), new RtpFlow(), new RtpFlow());
        try (Rig rig = new Rig(Mode.AUTO, A, B, IPV6)) {
            try (Receiver receiver = Receiver.start("receiver", IdleStrategy.poll(), into(rtp), rig.sockets)) {
                // Two of the three, and one that nobody asked for.
                send(
                        RtpSource.on(VethPair.TX).flow(A).flow(IPV6).flow(Flow.parse("239.1.2.5:5004")),
                        3L * POSITIONS);
                awaitSeen(rig, 0, POSITIONS);
                awaitSeen(rig, 2, POSITIONS);
                assertTrue(receiver.failure().isEmpty());
            }
            assertEquals(POSITIONS, rig.program.counters(0).redirected());
            assertEquals(0, rig.program.counters(1).seen());
            assertEquals(POSITIONS, rig.program.counters(2).redirected());
            assertTrue(rig.program.counters().passed() >= POSITIONS, "the stranger's packets passed to the stack");
            UmemAudit audit = rig.umem.audit();
            assertTrue(audit.sound(), audit.toString());
            assertEquals(0, audit.kernel(), "frames are nowhere: " + audit); // nothing is on its way any more
        }
        assertEquals(POSITIONS, rtp.get(0).snapshot().count(RtpCounter.RECEIVED));
        assertEquals(0, rtp.get(1).snapshot().count(RtpCounter.RECEIVED));
        assertEquals(POSITIONS, rtp.get(2).snapshot().count(RtpCounter.RECEIVED));
    }

    @Test
    void twoSourcesOnOneGroupAndPortAreTwoFlows() throws Exception {
        Flow near = Flow.parse("232.1.2.3:5004@10.99.0.2");
        Flow far = Flow.parse("232.1.2.3:5004@10.99.0.77");
        List<RtpFlow> rtp = List.of(new RtpFlow(), new RtpFlow());
        try (Rig rig = new Rig(Mode.AUTO, near, far)) {
            try (Receiver receiver =
                    Receiver.start("receiver", IdleStrategy.sleep(1_000_000), into(rtp), rig.sockets)) {
                send(RtpSource.on(VethPair.TX).flow(far), POSITIONS);
                awaitSeen(rig, 1, POSITIONS);
                assertTrue(receiver.failure().isEmpty());
            }
        }
        assertEquals(0, rtp.get(0).snapshot().count(RtpCounter.RECEIVED));
        assertEquals(POSITIONS, rtp.get(1).snapshot().count(RtpCounter.RECEIVED));
    }

    @Test
    void arrivalTimesAreThoseOfTheNanoTimeClockAndInOrder() throws Exception {
        try (Rig rig = new Rig(Mode.AUTO, A)) {
            long before = System.nanoTime();
            send(RtpSource.on(VethPair.TX).flow(A), POSITIONS);
            long after = System.nanoTime();
            long previous = before;
            int packets = 0;
            for (PacketBatch batch = rig.sockets.get(0).receive();
                    batch.size() > 0;
                    batch = rig.sockets.get(0).receive()) {
                for (int i = 0; i < batch.size(); i++) {
                    assertTrue(batch.arrivalNs(i) >= previous && batch.arrivalNs(i) <= after);
                    previous = batch.arrivalNs(i);
                    assertEquals(214, batch.packetLength(i));
                    assertEquals(42, batch.payloadOffset(i) - batch.packetOffset(i));
                    packets++;
                }
            }
            assertEquals(POSITIONS, packets);
        }
    }

    @Test
    void aClosedSocketsFlowPassesToTheStackAndTheOtherGoesOn() throws Exception {
        List<RtpFlow> rtp = List.of(new RtpFlow(), new RtpFlow());
        try (Rig rig = new Rig(Mode.AUTO, A, B)) {
            rig.sockets.get(0).close(); // the first one, which binds the UMEM
            try (Receiver receiver = Receiver.start(
                    "receiver", IdleStrategy.sleep(1_000_000), into(rtp), rig.sockets.get(1))) {
                send(RtpSource.on(VethPair.TX).flow(A).flow(B), 2L * POSITIONS);
                awaitSeen(rig, 1, POSITIONS);
                assertTrue(receiver.failure().isEmpty());
            }
            assertEquals(POSITIONS, rig.program.counters(0).noSocket());
            assertEquals(POSITIONS, rig.program.counters(1).redirected());
            assertEquals(0, rig.umem.audit().kernel());
            try (XdpSocket again = XdpSocket.open(rig.umem, VethPair.RX, 0,
                    XdpSocketOptions.DEFAULT.rxRing(64).batch(8))) {
                rig.program.redirect(0, again);
                assertEquals(0, again.receive().size());
            }
        }
        assertEquals(POSITIONS, rtp.get(1).snapshot().count(RtpCounter.RECEIVED));
    }

    @Test
    void allocatesNothing() throws Exception {
        PacketHandler handler = into(List.of(new RtpFlow()));
        try (Rig rig = new Rig(Mode.AUTO, A)) {
            XdpSocket socket = rig.sockets.get(0);
            for (int round = 0; round < 3; round++) { // by the third, whatever is made once has been made
                send(RtpSource.on(VethPair.TX).flow(A), POSITIONS);
                long before = AllocatedBytes.ofThisThread();
                int batches = 0;
                for (PacketBatch batch = socket.receive(); batch.size() > 0; batch = socket.receive()) {
                    handler.onBatch(batch);
                    batches++;
                }
                long bytes = AllocatedBytes.ofThisThread() - before;
                assertTrue(batches >= POSITIONS / 64);
                if (round == 2) {
                    assertEquals(0, bytes);
                }
            }
        }
    }
}
