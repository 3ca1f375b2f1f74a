// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.Fault;
import io.xdp4j.lab.Recorded;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.lab.XdpReception;
import io.xdp4j.packet.KernelException;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import java.io.IOException;
import java.util.List;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens to real sockets and programs is in a recording as it happened. */
@Tag("integration")
@Timeout(120)
class JfrEventsIT {
    private static final String GAP = "io.xdp4j.Gap";
    private static final String MODE = "io.xdp4j.Mode";
    private static final String RING = "io.xdp4j.Ring";
    private static final int POSITIONS = 20_000;
    private static final int DEPTH = 32_768; // more than all that is sent

    private VethPair veth;

    @BeforeEach
    void plug() throws IOException {
        veth = VethPair.create(1);
    }

    @AfterEach
    void unplug() throws IOException {
        if (veth != null) {
            veth.close();
        }
    }

    private record Change(String what, String asked, String inForce, String reason) {
        static Change of(RecordedEvent event) {
            return new Change(
                    event.getString("what"),
                    event.getString("asked"),
                    event.getString("inForce"),
                    event.getString("reason"));
        }
    }

    private static List<Change> changes(Recorded recorded) throws IOException {
        return recorded.stop(MODE).stream().map(Change::of).toList();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void gapsAddUpToWhatTheSourceLeftOut(Mode mode) throws Exception {
        List<PositionRange> left = List.of(
                new PositionRange(7, POSITIONS - 1, 100), // 200, each for itself
                new PositionRange(5_510, 5_549, 1)); // 40 in a row, across the wrap; none of them is among the 200
        try (Recorded recorded = Recorded.start(GAP);
                XdpReception xdp = new XdpReception(Fault.FLOW, mode, 0, DEPTH, DEPTH);
                RtpSource source = RtpSource.on(VethPair.TX)
                        .flow(Fault.FLOW)
                        .firstSequence(60_000)
                        .positions(POSITIONS)
                        .lose(left)
                        .open()) {
            long sent = SteadyBurst.send(source, POSITIONS);
            xdp.reception.await(sent);

            assertEquals(POSITIONS - 240, sent);
            List<RecordedEvent> gaps = recorded.stop(GAP);
            assertEquals(201, gaps.size());
            assertEquals(POSITIONS - sent, gaps.stream().mapToInt(gap -> gap.getInt("missing")).sum());
            assertEquals(1, gaps.stream().filter(gap -> gap.getInt("missing") == 40
                    && gap.getInt("expected") == 65_510 && gap.getInt("sequence") == 14).count(), gaps::toString);
            for (RecordedEvent gap : gaps) {
                assertEquals(Integer.toUnsignedLong(source.flows().get(0).ssrc()), gap.getLong("ssrc"));
                assertEquals("receiver", gap.getThread().getJavaName());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void attachingAndDetachingAreChanges(Mode mode) throws Exception {
        String word = mode == Mode.NATIVE ? "native" : "generic";
        try (Recorded recorded = Recorded.start(MODE)) {
            try (XdpProgram program = XdpProgram.load(1, 1)) {
                program.attach(VethPair.RX, mode);
                program.detach();
                program.attach(VethPair.RX, mode);
            }
            Change attached = new Change("XDP program on rx0", word, word, null);
            Change detached = new Change("XDP program on rx0", "detached", "detached", null);
            assertEquals(List.of(attached, detached, attached, detached), changes(recorded));
        }
    }

    /** A driver has native mode only while a packet fits into its buffers. */
    @Test
    void aFallbackHasItsReason() throws Exception {
        veth.mtu(9_000);
        try (Recorded recorded = Recorded.start(MODE);
                XdpProgram program = XdpProgram.load(1, 1)) {
            program.attach(VethPair.RX, Mode.AUTO);
            String reason = program.fallbackReason().orElseThrow();
            assertTrue(reason.contains("too large for native XDP"), reason);
            assertEquals(List.of(new Change("XDP program on rx0", "auto", "generic", reason)), changes(recorded));
        }
    }

    @Test
    void aRefusalIsSaid() throws Exception {
        try (XdpProgram other = XdpProgram.load(1, 1);
                XdpProgram program = XdpProgram.load(1, 1);
                Recorded recorded = Recorded.start(MODE)) {
            other.attach(VethPair.RX, Mode.GENERIC);
            KernelException refused =
                    assertThrows(KernelException.class, () -> program.attach(VethPair.RX, Mode.NATIVE));
            assertEquals(
                    new Change("XDP program on rx0", "native", "detached", refused.getMessage()),
                    changes(recorded).get(1));
        }
    }

    /** A veth has neither zero-copy nor, from Linux 6.13 on, a NAPI that it announces. */
    @Test
    void aSocketSaysWhatItGot() throws Exception {
        try (Recorded recorded = Recorded.start(MODE);
                Umem umem = Umem.open(2_048, 64, 64);
                XdpSocket socket = XdpSocket.open(
                        umem, VethPair.RX, 0, XdpSocketOptions.DEFAULT.rxRing(64).busyPoll(16))) {
            List<Change> changes = changes(recorded);
            assertEquals(new Change("AF_XDP socket on rx0 queue 0", "auto", "copies", null), changes.get(0));
            Change busyPoll = changes.get(1);
            assertEquals("busy poll of the AF_XDP socket on rx0 queue 0", busyPoll.what());
            assertEquals("up to 16 packets", busyPoll.asked());
            assertEquals(socket.napiId() == 0 ? "none" : "of NAPI " + socket.napiId(), busyPoll.inForce());
        }
    }

    /** Packets come while nobody receives: as many wait in the ring when somebody does. */
    @Test
    void aRingIsAsFullAsItWas() throws Exception {
        try (Recorded recorded = Recorded.start(RING);
                RtpSource source = RtpSource.on(VethPair.TX).flow(Fault.FLOW).positions(POSITIONS).open()) {
            try (XdpReception xdp = new XdpReception(Fault.FLOW, Mode.NATIVE, 0, DEPTH, DEPTH)) {
                xdp.reception.held.hold();
                SteadyBurst.send(source, 3_000);
                xdp.reception.held.release();
                xdp.reception.await(3_000);
            }
            List<RecordedEvent> highs = recorded.stop(RING);
            RecordedEvent last = highs.get(highs.size() - 1);
            assertEquals(3_000, last.getInt("level"));
            assertEquals(DEPTH, last.getInt("room"));
            assertEquals("rx0", last.getString("interfaceName"));
            assertEquals(0, last.getInt("queue"));
        }
    }
}
