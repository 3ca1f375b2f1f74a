// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.Fault;
import io.xdp4j.lab.LinkCounters;
import io.xdp4j.lab.MulticastSender;
import io.xdp4j.lab.Reception;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.TransmitQueue;
import io.xdp4j.lab.VethPair;
import io.xdp4j.lab.WireFrames;
import io.xdp4j.lab.XdpReception;
import io.xdp4j.source.RtpSource;
import io.xdp4j.xdp.MisdirectedSlot;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each cause provoked on AF_XDP, with a number of packets known at the source: that number, and nothing else. */
@Tag("integration")
@Timeout(120)
class LossLedgerIT {
    private static final int RING = 2_048;
    private static final int WRAP = 65_536; // sequence numbers that no gap shows
    private static final long POSITIONS = 3L * WRAP;

    private VethPair veth;

    private void plug(int queues) throws IOException {
        veth = VethPair.create(queues);
        // No packets but ours: router solicitations and MLD reports would be among the driver's.
        VethPair.run("sysctl", "-qw", "net.ipv6.conf.tx0.disable_ipv6=1", "net.ipv6.conf.rx0.disable_ipv6=1");
    }

    @AfterEach
    void unplug() throws IOException {
        if (veth != null) {
            veth.close();
        }
    }

    private static RtpSource source() throws IOException {
        return RtpSource.on(VethPair.TX).flow(Fault.FLOW).positions(POSITIONS).open();
    }

    private static XdpReception xdp(Mode mode) throws IOException {
        return new XdpReception(Fault.FLOW, mode, 0, RING, RING);
    }

    private static LossLedger ledger(XdpReception xdp) throws IOException {
        return LossLedger.open(
                VethPair.RX,
                xdp.program,
                List.of(new WatchedFlow(Fault.FLOW, xdp.reception.rtp)),
                List.of(xdp.reception.receiver));
    }

    /** Everything has arrived, and the receiver has taken it all. */
    static void assertLost(LossLedger ledger, long wire, Map<Cause, Integer> causes) throws IOException {
        LedgerSnapshot snapshot = ledger.snapshot();
        FlowLedger flow = snapshot.flows().get(0);
        assertEquals(causes.toString(), flow.causes().toString(), snapshot::toString);
        assertEquals(0, flow.unexplained(), snapshot::toString);
        assertEquals(0, flow.waiting(), snapshot::toString);
        assertEquals(wire, flow.wire(), snapshot::toString);
        assertEquals(wire - causes.values().stream().mapToInt(Integer::intValue).sum(), flow.delivered());
        assertEquals(
                List.copyOf(flow.causes().keySet()),
                snapshot.advice().stream().map(Advice::cause).toList());
    }

    private static void assertLost(LossLedger ledger, long wire, Cause cause, int lost) throws IOException {
        assertLost(ledger, wire, Map.of(cause, lost));
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void upstream(Mode mode) throws Exception {
        plug(1);
        Fault.SkippedAtSource fault = new Fault.SkippedAtSource(50);
        try (XdpReception xdp = xdp(mode);
                LossLedger ledger = ledger(xdp);
                RtpSource source = fault.source(POSITIONS)) {
            int lost = fault.provoke(xdp.reception, source);
            xdp.reception.close();
            assertLost(ledger, source.counters(0).positions(), Cause.UPSTREAM, lost);
        }
    }

    /** Rings of 2,048 with the receiver away; or an RX ring that is shorter than the fill ring. */
    @ParameterizedTest
    @CsvSource({
        "NATIVE,  2048, 2048, FILL_RING_EMPTY,  1000, 100",
        "NATIVE,  2048, 2048, FILL_RING_EMPTY,  1000,   0", // a tail
        "NATIVE,  2048, 2048, FILL_RING_EMPTY, 65536, 100", // no sequence shows it
        "NATIVE,  4096,  512, RX_RING_FULL,     1000, 100",
        "NATIVE,  4096,  512, RX_RING_FULL,     1000,   0",
        "NATIVE,  4096,  512, RX_RING_FULL,    65536, 100",
        "GENERIC, 2048, 2048, FILL_RING_EMPTY,  1000, 100",
        "GENERIC, 2048, 2048, FILL_RING_EMPTY,  1000,   0",
        "GENERIC, 2048, 2048, FILL_RING_EMPTY, 65536, 100",
        "GENERIC, 4096,  512, RX_RING_FULL,     1000, 100",
        "GENERIC, 4096,  512, RX_RING_FULL,     1000,   0",
        "GENERIC, 4096,  512, RX_RING_FULL,    65536, 100",
    })
    void rings(Mode mode, int fillRing, int rxRing, Cause cause, int beyond, int behind) throws Exception {
        plug(1);
        try (XdpReception xdp = new XdpReception(Fault.FLOW, mode, 0, fillRing, rxRing);
                LossLedger ledger = ledger(xdp);
                RtpSource source = source()) {
            int lost = new Fault.HeldAway(beyond).provoke(xdp, source);
            if (behind > 0) {
                SteadyBurst.send(source, behind);
            }
            xdp.reception.close();
            assertLost(ledger, source.counters(0).sent(), cause, lost);
        }
    }

    /** A frame of 2,048 bytes holds 1,792 behind XDP_PACKET_HEADROOM. */
    @ParameterizedTest
    @CsvSource({"NATIVE, 1793, 4096", "NATIVE, 3000, 4096", "GENERIC, 1793, 4096", "GENERIC, 3000, 4096"})
    void tooLarge(Mode mode, int sizeBytes, int frameSize) throws Exception {
        plug(1);
        for (String end : List.of(VethPair.RX, VethPair.TX)) {
            VethPair.run("ip", "link", "set", end, "mtu", "3000");
        }
        try (XdpReception xdp = xdp(mode);
                LossLedger ledger = ledger(xdp);
                WireFrames wire = WireFrames.open()) {
            int fitting = new Fault.EveryOther(0, 50, frame -> frame.sizeBytes(1792)).provoke(xdp.reception, wire);
            xdp.reception.await(2L * fitting + 1);
            int lost = new Fault.EveryOther(101, 50, frame -> frame.sizeBytes(sizeBytes)).provoke(xdp.reception, wire);
            xdp.reception.close();
            assertLost(ledger, 202, Cause.TOO_LARGE, lost);
            Advice advice = ledger.snapshot().advice().get(0);
            assertEquals(frameSize, advice.settings().frameSize());
            assertTrue(advice.finding().contains(String.format("%,d", sizeBytes)), advice::finding);
        }
    }

    /** Live frames and those of an ordinary sender. In generic mode a veth knows queue 0 alone. */
    @ParameterizedTest
    @CsvSource({"NATIVE, 0, 1", "NATIVE, 1, 0", "GENERIC, 1, 0"})
    void noSocketOnQueue(Mode mode, int queue, int arrival) throws Exception {
        plug(2);
        TransmitQueue.useOnly(arrival);
        try (XdpReception xdp = new XdpReception(Fault.FLOW, mode, queue, RING, RING);
                LossLedger ledger = ledger(xdp);
                RtpSource source = source();
                MulticastSender sender = MulticastSender.of(Fault.FLOW);
                CpuPin pin = CpuPin.to(arrival)) {
            int lost = (int) SteadyBurst.send(source, 1_000);
            long polled = LinkCounters.of(VethPair.RX).rxPackets();
            sender.send(Fault.FLOW, new byte[160]);
            SteadyBurst.awaitPolled(polled + 1);
            lost++;
            xdp.reception.close();
            assertLost(ledger, 1_001, Cause.NO_SOCKET_ON_QUEUE, lost);
            assertEquals(List.of(arrival), ledger.snapshot().advice().get(0).settings().queues());
        }
    }

    @ParameterizedTest
    @CsvSource({"NATIVE, 0, 1", "NATIVE, 1, 0", "GENERIC, 1, 0"})
    void wrongQueue(Mode mode, int queue, int arrival) throws Exception {
        plug(2);
        try (XdpReception xdp = new XdpReception(Fault.FLOW, mode, queue, RING, RING);
                LossLedger ledger = ledger(xdp);
                RtpSource source = source();
                CpuPin pin = CpuPin.to(arrival)) {
            MisdirectedSlot.set(xdp.program, 0, arrival, xdp.socket);
            int lost = (int) SteadyBurst.send(source, 1_000);
            xdp.reception.close();
            assertLost(ledger, 1_000, Cause.WRONG_QUEUE, lost);
        }
    }

    /** The kernel refuses the redirect, and only its tracepoint tells. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void wrongDevice(Mode mode) throws Exception {
        plug(1);
        try (XdpReception xdp = xdp(mode);
                LossLedger ledger = ledger(xdp);
                RtpSource source = source();
                Umem umem = Umem.open(2048, 64, 64);
                XdpSocket elsewhere = XdpSocket.open(umem, VethPair.TX, 0,
                        XdpSocketOptions.DEFAULT.rxRing(64).batch(8).mode(mode))) {
            MisdirectedSlot.set(xdp.program, 0, 0, elsewhere);
            int lost = (int) SteadyBurst.send(source, 1_000);
            xdp.reception.close();
            assertLost(ledger, 1_000, Cause.WRONG_QUEUE, lost);
        }
    }

    @ParameterizedTest
    @CsvSource({"NATIVE, 100", "NATIVE, 0", "GENERIC, 100", "GENERIC, 0"})
    void driverOverrun(Mode mode, int behind) throws Exception {
        plug(1);
        try (XdpReception xdp = xdp(mode);
                LossLedger ledger = ledger(xdp);
                RtpSource source = source()) {
            int lost = new Fault.DriverOverrun(700).provoke(xdp.reception, source);
            if (behind > 0) {
                SteadyBurst.send(source, behind);
            }
            xdp.reception.close();
            assertLost(ledger, source.counters(0).sent(), Cause.NIC, lost);
        }
    }

    /** Longer than its MTU. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void tooLargeForTheInterface(Mode mode) throws Exception {
        plug(1);
        VethPair.run("ip", "link", "set", VethPair.TX, "mtu", "3000");
        try (XdpReception xdp = xdp(mode);
                LossLedger ledger = ledger(xdp);
                WireFrames wire = WireFrames.open()) {
            int lost = new Fault.TooLargeForTheInterface(0, 50).provoke(xdp.reception, wire);
            xdp.reception.close();
            assertLost(ledger, 2L * lost, Cause.NIC, lost);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void invalid(Mode mode) throws Exception {
        plug(1);
        try (XdpReception xdp = xdp(mode);
                LossLedger ledger = ledger(xdp);
                WireFrames wire = WireFrames.open()) {
            int lost = new Fault.EveryOther(0, 50, frame -> frame.udpLengthExcess(1)).provoke(xdp.reception, wire);
            xdp.reception.close();
            assertLost(ledger, 2L * lost + 1, Cause.INVALID, lost);
        }
    }

    /** Of 3,000 bytes on an MTU of 1,500: three fragments each, of which the first names the flow. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void fragmented(Mode mode) throws Exception {
        plug(1);
        int lost = 20;
        try (XdpReception xdp = xdp(mode);
                LossLedger ledger = ledger(xdp);
                MulticastSender sender = MulticastSender.of(Fault.FLOW);
                CpuPin pin = CpuPin.to(0)) {
            long polled = LinkCounters.of(VethPair.RX).rxPackets();
            for (int i = 0; i < lost; i++) {
                sender.send(Fault.FLOW, new byte[3_000]);
            }
            SteadyBurst.awaitPolled(polled + 3 * lost);
            xdp.reception.close();
            assertLost(ledger, lost, Cause.FRAGMENTED, lost);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void notRtp(Mode mode) throws Exception {
        plug(1);
        try (XdpReception xdp = xdp(mode);
                LossLedger ledger = ledger(xdp);
                WireFrames wire = WireFrames.open()) {
            int lost = new Fault.NotRtp(0, 50).provoke(xdp.reception, wire);
            xdp.reception.close();
            assertLost(ledger, 2L * lost, Cause.NOT_RTP, lost);
        }
    }

    /** The batch in hand and what still comes: nobody will fetch it. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void application(Mode mode) throws Exception {
        plug(1);
        try (XdpReception xdp = xdp(mode);
                LossLedger ledger = ledger(xdp);
                RtpSource source = source()) {
            int lost = new Fault.HandlerGivesUp(700, 1_000).provoke(xdp.reception, source);
            assertLost(ledger, 1_000, Cause.APPLICATION, lost);
            assertTrue(ledger.snapshot().advice().get(0).finding().contains("the handler gave up"));
        }
    }

    /** One receiver for both. Of 300 packets a ring of 64 holds so many, and of 500 another one 128. */
    @Test
    void aFlowWithASocketOnEachQueue() throws Exception {
        plug(2);
        try (Umem first = Umem.open(2048, 64, 64);
                Umem second = Umem.open(2048, 128, 128);
                XdpSocket onFirst = XdpSocket.open(first, VethPair.RX, 0,
                        XdpSocketOptions.DEFAULT.rxRing(64).mode(Mode.NATIVE));
                XdpSocket onSecond = XdpSocket.open(second, VethPair.RX, 1,
                        XdpSocketOptions.DEFAULT.rxRing(128).mode(Mode.NATIVE));
                XdpProgram program = XdpProgram.load(1, 2)) {
            program.redirect(program.redirect(Fault.FLOW, onFirst), onSecond);
            program.attach(VethPair.RX, Mode.NATIVE);
            try (Reception reception = new Reception(1, List.of(onFirst, onSecond));
                    LossLedger ledger = LossLedger.open(
                            VethPair.RX,
                            program,
                            List.of(new WatchedFlow(Fault.FLOW, reception.rtp)),
                            List.of(reception.receiver));
                    RtpSource source = source()) {
                reception.held.hold();
                try (CpuPin pin = CpuPin.to(0)) {
                    SteadyBurst.send(source, 300);
                }
                try (CpuPin pin = CpuPin.to(1)) {
                    SteadyBurst.send(source, 500);
                }
                reception.held.release();
                reception.await(64 + 128);
                reception.close();
                assertLost(ledger, 300 + 500, Cause.FILL_RING_EMPTY, 300 - 64 + 500 - 128);
            }
        }
    }

    @Test
    void aFlowThatNeverArrivesIsSaidToBeUntellable() throws Exception {
        plug(1);
        try (XdpReception xdp = xdp(Mode.NATIVE);
                LossLedger ledger = ledger(xdp)) {
            xdp.reception.close();
            assertLost(ledger, 0, Map.of());
            List<String> limits = ledger.snapshot().limits();
            assertEquals(1, limits.size(), limits::toString);
            assertTrue(limits.get(0).contains(Fault.FLOW.toString()), limits::toString);
        }
    }
}
