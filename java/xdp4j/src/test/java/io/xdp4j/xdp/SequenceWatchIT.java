// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.RtpFrame;
import io.xdp4j.lab.VethPair;
import io.xdp4j.lab.WireFrames;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import io.xdp4j.source.RtpSourceBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the XDP program says of a flow as it arrives, against what the source left out and against RtpFlow. */
@Tag("integration")
@Timeout(120)
class SequenceWatchIT {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final int RING = 65_536;
    private static final int BURST = 200; // fewer than a veth's ring has room for
    private static final int ANY_CPU = -1;
    private static final long LEFT_OUT = 1 + 100 + 11 + 10 + 3_000;

    private VethPair veth;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<XdpSocket> sockets = new ArrayList<>();
    private XdpProgram program;

    /** A UMEM and a socket on each of the first {@code served} queues of rx0. */
    private void plug(Mode mode, int queues, int served, int mtu) throws Exception {
        veth = VethPair.create(queues);
        VethPair.run("ip", "link", "set", VethPair.RX, "mtu", Integer.toString(mtu));
        VethPair.run("ip", "link", "set", VethPair.TX, "mtu", Integer.toString(mtu));
        program = XdpProgram.load(1, queues);
        program.add(FLOW);
        opened.add(program);
        for (int queue = 0; queue < served; queue++) {
            Umem umem = Umem.open(2048, RING, RING);
            opened.add(0, umem);
            XdpSocket socket = XdpSocket.open(umem, VethPair.RX, queue,
                    XdpSocketOptions.DEFAULT.rxRing(RING).mode(mode));
            opened.add(socket);
            sockets.add(socket);
            program.redirect(0, socket);
        }
        assertEquals(Optional.empty(), program.mode());
        Mode inForce = mode == Mode.GENERIC ? Mode.GENERIC : Mode.NATIVE;
        assertEquals(inForce, program.attach(VethPair.RX, mode));
        assertEquals(Optional.of(inForce), program.mode());
    }

    @AfterEach
    void unplug() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        if (veth != null) {
            veth.close();
        }
    }

    private interface Between {
        void bursts() throws Exception;
    }

    /** Sends all in bursts, each when the one before has been seen, and so that none overruns a ring. */
    private long send(RtpSourceBuilder builder, int firstCpu, Between between) throws Exception {
        long before = program.counters(0).seen();
        try (RtpSource source = builder.open()) {
            for (int burst = 0; ; burst++) {
                if (sendBurst(source, firstCpu == ANY_CPU ? ANY_CPU : (firstCpu + burst) % 2) == 0) {
                    assertEquals(0, source.refused());
                    return source.counters(0).sent();
                }
                while (program.counters(0).seen() < before + source.counters(0).sent()) {
                    Thread.onSpinWait();
                }
                between.bursts();
            }
        }
    }

    private static int sendBurst(RtpSource source, int cpu) throws Exception {
        if (cpu == ANY_CPU) {
            return source.send(BURST);
        }
        try (CpuPin pin = CpuPin.to(cpu)) {
            return source.send(BURST);
        }
    }

    private static RtpSourceBuilder faulty() {
        return RtpSource.on(VethPair.TX)
                .flow(FLOW)
                .positions(150_000)
                .firstSequence(60_000) // wraps at positions 5,536, 71,072 and 136,608
                .lose(List.of(
                        new PositionRange(10, 10, 1),
                        new PositionRange(100, 199, 1),
                        new PositionRange(5_530, 5_540, 1),
                        new PositionRange(20_000, 29_000, 1_000),
                        new PositionRange(71_072, 74_071, 1)))
                .duplicate(List.of(new PositionRange(50, 50, 1), new PositionRange(6_000, 100_000, 1_001)))
                .swap(List.of(new PositionRange(300, 300, 1), new PositionRange(7_000, 140_000, 777)));
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"AUTO", "GENERIC"})
    void findsWhatTheSourceLeftOut(Mode mode) throws Exception {
        plug(mode, 1, 1, 1500);
        RtpFlow rtp = new RtpFlow();
        long sent = send(faulty(), ANY_CPU, () -> receive(sockets.get(0), rtp));
        FlowCounters counters = program.counters(0);
        assertEquals(sent, counters.seen());
        assertEquals(sent, counters.redirected());
        assertEquals(LEFT_OUT, counters.missing());
        assertEquals(sent, counters.watched());
        assertEquals(sent, rtp.snapshot().count(RtpCounter.RECEIVED));
        assertEquals(LEFT_OUT, rtp.snapshot().count(RtpCounter.LOST));
    }

    private static void receive(XdpSocket socket, RtpFlow rtp) throws KernelException {
        for (PacketBatch batch = socket.receive(); batch.size() > 0; batch = socket.receive()) {
            for (int i = 0; i < batch.size(); i++) {
                rtp.onPacket(batch, i);
            }
        }
    }

    /**
     * The sender hops between two CPUs, and so in native mode the flow between two queues, of which one has no socket.
     * In generic mode all is of queue 0, from either CPU.
     */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"AUTO", "GENERIC"})
    void watchesAFlowThatHopsBetweenQueues(Mode mode) throws Exception {
        plug(mode, 2, 1, 1500);
        long sent = send(faulty().positions(80_000), 0, () -> {});
        FlowCounters counters = program.counters(0);
        assertEquals(sent, counters.seen());
        assertEquals(LEFT_OUT, counters.missing());
        assertTrue(counters.redirected() > 0);
        assertEquals(mode == Mode.AUTO, counters.noSocket() > 0);
        assertEquals(sent, counters.redirected() + counters.noSocket());
        assertArrayEquals(new long[] {0, counters.noSocket()}, program.arrivedWithoutSocket(0));
    }

    /** A frame of 2,048 bytes holds 1,792; the kernel is never given more. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"AUTO", "GENERIC"})
    void refusesWhatIsTooLargeForAFrame(Mode mode) throws Exception {
        plug(mode, 1, 1, 2_500);
        RtpSourceBuilder source = RtpSource.on(VethPair.TX).flow(FLOW);
        assertEquals(500, send(source.sizeBytes(1_792).positions(500), ANY_CPU, () -> {}));
        assertEquals(500, program.counters(0).redirected());
        assertEquals(0, program.counters(0).tooLarge());
        assertEquals(300, send(source.sizeBytes(1_793).positions(300), ANY_CPU, () -> {}));
        assertEquals(200, send(source.sizeBytes(2_300).positions(200), ANY_CPU, () -> {}));
        FlowCounters counters = program.counters(0);
        assertEquals(500, counters.redirected());
        assertEquals(500, counters.tooLarge());
        assertEquals(2_300, counters.largestRefusedBytes());
        assertEquals(0, sockets.get(0).statistics().rxDropped());
        RtpFlow rtp = new RtpFlow();
        receive(sockets.get(0), rtp);
        assertEquals(500, rtp.snapshot().count(RtpCounter.RECEIVED));
    }

    /** 30 datagrams in three fragments each, and behind every second one a packet that came whole. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"AUTO", "GENERIC"})
    void countsWhatCameInFragments(Mode mode) throws Exception {
        plug(mode, 1, 1, 1500);
        List<byte[]> frames = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            frames.add(fragment(0x2000)); // more fragments, offset 0 (RFC 791 §3.1)
            frames.add(fragment(0x2010));
            frames.add(fragment(0x0020));
            if (i % 2 == 1) {
                frames.add(RtpFrame.of(FLOW).sequence(i / 2).bytes());
            }
        }
        try (WireFrames wire = WireFrames.open()) {
            wire.send(frames);
        }
        while (program.counters(0).seen() < 15) { // the last frame is seen
            Thread.onSpinWait();
        }
        FlowCounters counters = program.counters(0);
        long bytes = 15L * RtpFrame.of(FLOW).bytes().length;
        assertEquals(new FlowCounters(15, 15, 0, 0, 0, 0, 0, 0, 30, 0, 15, bytes), counters);
        program.detach();
        assertTrue(program.mode().isPresent(), "as it was last");
    }

    /** The IPv4 checksum is not set right: the XDP program leaves it to the stack. */
    private static byte[] fragment(int flagsAndOffset) {
        byte[] frame = RtpFrame.of(FLOW).bytes();
        ByteBuffer.wrap(frame).putShort(20, (short) flagsAndOffset);
        return frame;
    }
}
