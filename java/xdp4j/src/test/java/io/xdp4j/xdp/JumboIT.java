// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.AllocatedBytes;
import io.xdp4j.lab.CpuPin;
import io.xdp4j.lab.LinkCounters;
import io.xdp4j.lab.MulticastSender;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Packets longer than a frame, from an ordinary sender over a veth with an MTU of 9,000: whole, and once. */
@Tag("integration")
@Timeout(120)
class JumboIT {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final Flow IPV6 = Flow.parse("[ff3e::8000:1]:5004");
    private static final int MTU = 9_000;
    private static final int JUMBO = 8_900; // bytes of UDP payload, RTP header included
    private static final int RTP_HEADER = 12;
    private static final int RING = 256;
    private static final UmemOptions FRAMES =
            UmemOptions.DEFAULT.fillRing(RING).longestPacket(MTU + 14).longPackets(64);

    private VethPair veth;

    @BeforeEach
    void plug() throws Exception {
        veth = VethPair.create(1);
        veth.mtu(MTU);
    }

    @AfterEach
    void unplug() throws Exception {
        if (veth != null) {
            veth.close();
        }
    }

    /** One flow into one socket of one UMEM. */
    private static final class Rig implements AutoCloseable {
        final Umem umem;
        final XdpSocket socket;
        final XdpProgram program;

        Rig(Flow flow, Mode mode, UmemOptions options, int batch) throws Exception {
            umem = Umem.open(options);
            socket = XdpSocket.open(umem, VethPair.RX, 0,
                    XdpSocketOptions.DEFAULT.rxRing(RING).batch(batch).mode(mode));
            program = XdpProgram.load(1, 1, true);
            program.redirect(flow, socket);
            assertEquals(mode, program.attach(VethPair.RX, mode));
        }

        @Override
        public void close() {
            socket.close();
            program.close();
            umem.close();
        }
    }

    /** An RTP packet (RFC 3550 §5.1) whose payload no other has. */
    private static byte[] rtp(int sequence, int bytes) {
        byte[] payload = new byte[bytes];
        new Random(sequence).nextBytes(payload);
        ByteBuffer.wrap(payload).put((byte) 0x80).put((byte) 96).putShort((short) sequence).putInt(0).putInt(0x1234);
        return payload;
    }

    /** Sends them; on return all of them have come by the program. */
    private static void send(Flow flow, List<byte[]> packets) throws Exception {
        long polled = LinkCounters.of(VethPair.RX).rxPackets();
        try (CpuPin pin = CpuPin.to(0);
                MulticastSender sender = MulticastSender.of(flow)) {
            for (byte[] packet : packets) {
                sender.send(flow, packet);
            }
            SteadyBurst.awaitPolled(polled + packets.size());
        }
    }

    private static byte[] payload(PacketBatch batch, int index) {
        byte[] bytes = new byte[batch.payloadLength(index)];
        batch.data().get(batch.payloadOffset(index), bytes);
        return bytes;
    }

    /** Long and short ones in one stream, so many that the rings go round many times. */
    @ParameterizedTest
    @CsvSource({"NATIVE, 1", "NATIVE, 64", "GENERIC, 1", "GENERIC, 64"})
    void everyByteArrives(Mode mode, int batchSize) throws Exception {
        int[] lengths = {JUMBO, RTP_HEADER, 172, JUMBO, 1_750, 1_751, 3_542, 3_543, 8_972, 1_316};
        try (Rig rig = new Rig(FLOW, mode, FRAMES, batchSize)) {
            int received = 0;
            for (int sent = 0; sent < 3_000; ) {
                List<byte[]> packets = new ArrayList<>();
                for (int i = 0; i < 60; i++, sent++) {
                    packets.add(rtp(sent, lengths[sent % lengths.length]));
                }
                send(FLOW, packets);
                assertEquals(60, rig.socket.waiting());
                for (PacketBatch batch = rig.socket.receive(); batch.size() > 0; batch = rig.socket.receive()) {
                    for (int i = 0; i < batch.size(); i++, received++) {
                        int length = lengths[received % lengths.length];
                        assertEquals(42 + length, batch.packetLength(i));
                        assertArrayEquals(rtp(received, length), payload(batch, i));
                    }
                }
                assertEquals(sent, received);
                UmemAudit audit = rig.umem.audit();
                assertTrue(audit.sound() && audit.kernel() == 0, audit.toString());
            }
            assertEquals(0, rig.socket.statistics().rxDropped() + rig.socket.statistics().rxRingFull());
            assertEquals(3_000, rig.program.counters(0).redirected());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void ipv6Too(Mode mode) throws Exception {
        try (Rig rig = new Rig(IPV6, mode, FRAMES, 64)) {
            send(IPV6, List.of(rtp(7, JUMBO)));
            PacketBatch batch = rig.socket.receive();
            assertEquals(1, batch.size());
            assertEquals(62 + JUMBO, batch.packetLength(0));
            assertArrayEquals(rtp(7, JUMBO), payload(batch, 0));
        }
    }

    /** The largest that IP allows, of 37 frames. */
    @Test
    void theLongestPacketOfAll() throws Exception {
        veth.mtu(65_535);
        int bytes = 65_535 - 20 - 8;
        try (Rig rig = new Rig(FLOW, Mode.NATIVE, FRAMES.longestPacket(Umem.LONGEST_PACKET), 64)) {
            send(FLOW, List.of(rtp(1, bytes), rtp(2, 100), rtp(3, bytes)));
            PacketBatch batch = rig.socket.receive();
            assertEquals(3, batch.size());
            assertArrayEquals(rtp(1, bytes), payload(batch, 0));
            assertArrayEquals(rtp(2, 100), payload(batch, 1));
            assertArrayEquals(rtp(3, bytes), payload(batch, 2));
        }
    }

    @Test
    void allocatesNothing() throws Exception {
        try (Rig rig = new Rig(FLOW, Mode.NATIVE, FRAMES, 64)) {
            List<byte[]> packets = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                packets.add(rtp(i, JUMBO));
            }
            for (int round = 0; round < 3; round++) { // by the third, whatever is made once has been made
                send(FLOW, packets);
                long before = AllocatedBytes.ofThisThread();
                int received = 0;
                for (PacketBatch batch = rig.socket.receive(); batch.size() > 0; batch = rig.socket.receive()) {
                    received += batch.size();
                }
                long bytes = AllocatedBytes.ofThisThread() - before;
                assertEquals(40, received);
                if (round == 2) {
                    assertEquals(0, bytes);
                }
            }
        }
    }

    /** A frame of 2,048 bytes holds 1,792: what is longer passes to the stack, though the program would know how. */
    @Test
    void aUmemOfSingleFramesPassesThemOn() throws Exception {
        try (Rig rig = new Rig(FLOW, Mode.NATIVE, UmemOptions.DEFAULT.fillRing(RING), 64)) {
            assertFalse(rig.umem.multiBuffer());
            assertEquals(1_792, rig.umem.longestPacket());
            send(FLOW, List.of(rtp(1, JUMBO), rtp(2, 100)));
            assertEquals(1, rig.socket.receive().size());
            assertEquals(1, rig.program.counters(0).tooLarge());
            assertEquals(42 + JUMBO, rig.program.counters(0).largestRefusedBytes());
        }
    }

    @Test
    void aProgramForSingleBuffersIsRefusedWithTheRemedy() throws Exception {
        try (XdpProgram program = XdpProgram.load(1, 1)) {
            KernelException refused =
                    assertThrows(KernelException.class, () -> program.attach(VethPair.RX, Mode.NATIVE));
            assertTrue(refused.getMessage().contains("load the program for packets of several buffers"),
                    refused.getMessage());
        }
    }

    @Test
    void theRoomForLongPacketsIsThatOfAllBatches() throws Exception {
        try (Umem umem = Umem.open(FRAMES.longPackets(10));
                XdpSocket first = XdpSocket.open(umem, VethPair.RX, 0, XdpSocketOptions.DEFAULT.batch(8))) {
            KernelException refused = assertThrows(
                    KernelException.class,
                    () -> XdpSocket.open(umem, VethPair.RX, 0, XdpSocketOptions.DEFAULT.batch(3)));
            assertTrue(refused.getMessage().contains("room for 2 more packets of several frames"),
                    refused.getMessage());
            XdpSocket.open(umem, first.interfaceName(), 0, XdpSocketOptions.DEFAULT.batch(2)).close();
        }
        assertThrows(KernelException.class, () -> Umem.open(FRAMES.longestPacket(Umem.LONGEST_PACKET + 1)));
        assertThrows(KernelException.class, () -> Umem.open(FRAMES.longPackets(0)));
        assertThrows(KernelException.class, () -> Umem.open(FRAMES.longPackets(-1)));
    }
}
