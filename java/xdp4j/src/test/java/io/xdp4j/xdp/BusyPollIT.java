// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.schedule.IdleStrategy;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.source.RtpSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whether or not the kernel has a NAPI for the socket to run (for a veth not from Linux 6.13 on), a receiver with busy
 * poll and deferred interrupts gets every packet.
 */
@Tag("integration")
@Timeout(60)
class BusyPollIT {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final int PACKETS = 20_000;

    @Test
    void everyPacketArrivesAndTheInterfaceIsAsBefore() throws Exception {
        RtpFlow rtp = new RtpFlow();
        PacketHandler handler = batch -> {
            for (int i = 0; i < batch.size(); i++) {
                rtp.onPacket(batch, i);
            }
        };
        try (VethPair veth = VethPair.create(1)) {
            NapiSettings before = NapiSettings.read(VethPair.RX);
            try (NapiSettings deferred = NapiSettings.apply(VethPair.RX, 2, 200_000);
                    Umem umem = Umem.open();
                    XdpSocket socket = XdpSocket.open(umem, VethPair.RX, 0, XdpSocketOptions.DEFAULT.busyPoll(64));
                    XdpProgram program = XdpProgram.load(1, 1)) {
                program.redirect(FLOW, socket);
                assertEquals(Mode.NATIVE, program.attach(VethPair.RX, Mode.NATIVE));
                assertTrue(socket.napiId() >= 0);
                try (Receiver receiver = Receiver.start("receiver", IdleStrategy.yield(), handler, socket);
                        RtpSource source = RtpSource.on(VethPair.TX)
                                .flow(FLOW)
                                .positions(PACKETS)
                                .open()) {
                    assertEquals(PACKETS, SteadyBurst.send(source, PACKETS));
                    while (rtp.snapshot().count(RtpCounter.RECEIVED) < PACKETS) {
                        assertTrue(receiver.failure().isEmpty());
                        Thread.onSpinWait();
                    }
                }
                assertEquals(200_000, deferred.groFlushTimeoutNs());
            }
            assertEquals(before, NapiSettings.read(VethPair.RX));
        }
        assertEquals(PACKETS, rtp.snapshot().count(RtpCounter.EXPECTED));
        assertEquals(0, rtp.snapshot().count(RtpCounter.DUPLICATE));
    }

    @Test
    void aBudgetThatTheKernelCannotKeepIsNamed() {
        assertThrows(IllegalArgumentException.class, () -> XdpSocketOptions.DEFAULT.busyPoll(-1));
        assertThrows(IllegalArgumentException.class, () -> XdpSocketOptions.DEFAULT.busyPoll(65_536));
        assertEquals(65_535, XdpSocketOptions.DEFAULT.busyPoll(65_535).busyPollBudget());
        assertEquals(8, XdpSocketOptions.DEFAULT.busyPoll(64).batch(8).batch());
        assertEquals(64, XdpSocketOptions.DEFAULT.busyPoll(64).rxRing(64).batch(8).mode(Mode.GENERIC).busyPollBudget());
    }
}
