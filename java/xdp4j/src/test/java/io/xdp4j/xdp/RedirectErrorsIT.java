// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.xdp4j.jni.FlowKey;
import io.xdp4j.jni.SteerNative;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.source.RtpSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Packets that the kernel drops and no socket counts. */
@Tag("integration")
@Timeout(60)
class RedirectErrorsIT {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final int PACKETS = 200; // fewer than a veth's ring has room for
    private static final int FRAMES = 64;

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

    private static void send() throws Exception {
        try (RtpSource source = RtpSource.on(VethPair.TX).flow(FLOW).positions(PACKETS).open()) {
            assertEquals(PACKETS, source.send(PACKETS));
            assertEquals(0, source.refused());
        }
    }

    /** {@link XdpProgram} refuses this. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void countsEachPacketForASocketOfAnotherDevice(Mode mode) throws Exception {
        long steer = SteerNative.load(1, 1, false);
        try (Umem umem = Umem.open(2048, FRAMES, FRAMES);
                XdpSocket socket = XdpSocket.open(umem, VethPair.TX, 0,
                        XdpSocketOptions.DEFAULT.rxRing(FRAMES).batch(8).mode(mode));
                XdpProgram other = XdpProgram.load(1, 1);
                RedirectErrors errors = RedirectErrors.open(SteerNative.socketsId(steer));
                RedirectErrors ofOther = RedirectErrors.open(other)) {
            SteerNative.addFlow(steer, FlowKey.of(FLOW), 0);
            socket.redirectHere(other, fd -> SteerNative.setSocket(steer, 0, 0, fd, 1_500));
            SteerNative.attach(steer, VethPair.RX, mode.ordinal(), 0, new String[1]); // by a link
            assertEquals(0, errors.count());
            send();
            while (errors.count() < PACKETS) {
                Thread.onSpinWait();
            }
            SteerNative.detach(steer); // nothing is under way any more
            assertEquals(PACKETS, errors.count());
            assertEquals(0, ofOther.count());
            assertEquals(0, socket.statistics().rxDropped());
        } finally {
            SteerNative.close(steer);
        }
    }

    /** The fill ring is empty after 64 packets: ENOSPC, which the socket counts itself. */
    @Test
    void leavesOutWhatTheSocketCounts() throws Exception {
        try (Umem umem = Umem.open(2048, FRAMES, FRAMES);
                XdpSocket socket = XdpSocket.open(umem, VethPair.RX, 0,
                        XdpSocketOptions.DEFAULT.rxRing(2 * FRAMES).batch(8).mode(Mode.NATIVE));
                XdpProgram program = XdpProgram.load(1, 1);
                RedirectErrors errors = RedirectErrors.open(program)) {
            program.redirect(FLOW, socket);
            program.attach(VethPair.RX, Mode.NATIVE);
            send();
            while (socket.statistics().rxDropped() < PACKETS - FRAMES) {
                Thread.onSpinWait();
            }
            program.detach();
            assertEquals(PACKETS - FRAMES, socket.statistics().rxDropped());
            assertEquals(0, errors.count());
        }
    }

    @Test
    void isClosedOnce() throws Exception {
        try (XdpProgram program = XdpProgram.load(1, 1)) {
            RedirectErrors errors = RedirectErrors.open(program);
            errors.close();
            errors.close();
            assertThrows(IllegalStateException.class, errors::count);
        }
    }
}
