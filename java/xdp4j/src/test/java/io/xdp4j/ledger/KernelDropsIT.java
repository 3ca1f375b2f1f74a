// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.RtpFrame;
import io.xdp4j.lab.VethPair;
import io.xdp4j.lab.WireFrames;
import io.xdp4j.packet.Flow;
import io.xdp4j.source.RtpSource;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDeviceCounters;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What driver and stack count of drops whose number is known. */
@Tag("integration")
@Timeout(60)
class KernelDropsIT {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final int PACKETS = 1_000;
    private static final int RING = 256; // VETH_RING_SIZE
    private static final Path RX = Path.of("/sys/class/net", VethPair.RX);
    private static final String HELD_FOR_NS = "1000000000";

    private VethPair veth;

    @BeforeEach
    void plug() throws Exception {
        veth = VethPair.create(1);
        // Router solicitations and the like are counted as well.
        VethPair.run("sysctl", "-q", "-w", "net.ipv6.conf." + VethPair.RX + ".disable_ipv6=1",
                "net.ipv6.conf." + VethPair.TX + ".disable_ipv6=1");
    }

    @AfterEach
    void unplug() throws Exception {
        if (veth != null) {
            veth.close();
        }
    }

    /** After a poll that has emptied the ring NAPI is left alone until the time is over, so that the ring fills up. */
    private static void holdNapi(boolean held) throws IOException {
        Files.writeString(RX.resolve("napi_defer_hard_irqs"), held ? "1" : "0");
        Files.writeString(RX.resolve("gro_flush_timeout"), held ? HELD_FOR_NS : "0");
    }

    /** Returns how many of {@value #PACKETS} frames the ring had no room for, as the sending end counts them. */
    private static long overrun() throws Exception {
        try (RtpSource source = RtpSource.on(VethPair.TX).flow(FLOW).positions(PACKETS).open()) {
            long before = NetDeviceCounters.read(VethPair.RX).rxPackets();
            holdNapi(true);
            assertEquals(1, source.send(1));
            awaitArrived(before + 1);
            assertEquals(PACKETS - 1, source.send(PACKETS));
            long refused = source.refused();
            holdNapi(false);
            return refused;
        }
    }

    private static void awaitArrived(long packets) throws Exception {
        while (NetDeviceCounters.read(VethPair.RX).rxPackets() < packets) {
            Thread.sleep(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void vethCountsWhatItsRingHadNoRoomFor(boolean xdp) throws Exception {
        try (XdpProgram program = XdpProgram.load(1, 1)) {
            program.add(FLOW);
            if (xdp) {
                program.attach(VethPair.RX, Mode.NATIVE);
            }
            DriverDrops drops = new DriverDrops();
            NetDeviceCounters before = NetDeviceCounters.read(VethPair.RX);
            drops.update(before);
            long lost = overrun();
            // The ring (ptr_ring) gives room back by 16: up to 15 packets of before may still take theirs.
            assertTrue(lost >= PACKETS - RING && lost < PACKETS - RING + 16, lost + " lost");
            assertEquals(lost, drops.update(NetDeviceCounters.read(VethPair.RX)));
            assertEquals(Map.of("rx_dropped less rx_queue_N_drops", lost), drops.moved());
            awaitArrived(before.rxPackets() + PACKETS - lost);
            if (xdp) {
                assertEquals(PACKETS - lost, program.counters(0).seen());
            }
            assertEquals(lost, drops.update(NetDeviceCounters.read(VethPair.RX)));
        }
    }

    /** In native mode veth counts it as dropped: rx_queue_0_drops, and in rx_dropped. But the socket counts it, too. */
    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"NATIVE", "GENERIC"})
    void anEmptyFillRingIsNoLossOfTheDriver(Mode mode) throws Exception {
        int frames = 64;
        int packets = 200;
        try (Umem umem = Umem.open(2048, frames, frames);
                XdpSocket socket = XdpSocket.open(umem, VethPair.RX, 0,
                        XdpSocketOptions.DEFAULT.rxRing(2 * frames).batch(8).mode(mode));
                XdpProgram program = XdpProgram.load(1, 1);
                RtpSource source =
                        RtpSource.on(VethPair.TX).flow(FLOW).positions(packets).open()) {
            program.redirect(FLOW, socket);
            program.attach(VethPair.RX, mode);
            DriverDrops drops = new DriverDrops();
            NetDeviceCounters before = NetDeviceCounters.read(VethPair.RX);
            drops.update(before);
            assertEquals(packets, source.send(packets));
            awaitArrived(before.rxPackets() + packets);
            while (socket.statistics().rxDropped() < packets - frames) {
                Thread.onSpinWait();
            }
            program.detach();
            NetDeviceCounters after = NetDeviceCounters.read(VethPair.RX);
            assertEquals(mode == Mode.NATIVE ? packets - frames : 0, after.rxDropped() - before.rxDropped());
            assertEquals(0, drops.update(after));
        }
    }

    private static DatagramChannel join() throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        channel.bind(new InetSocketAddress(FLOW.group(), FLOW.port()));
        channel.join(FLOW.group(), NetworkInterface.getByName(VethPair.RX));
        channel.configureBlocking(false);
        return channel;
    }

    /** Short ones are found before a socket is looked for, long ones when they are received. */
    @Test
    void aWrongChecksumIsCountedWhereverItIsFound() throws Exception {
        StackDrops drops = new StackDrops(Path.of("/proc"));
        List<byte[]> frames = new ArrayList<>();
        for (int sequence = 0; sequence < 20; sequence++) {
            RtpFrame frame = RtpFrame.of(FLOW).sequence(sequence).payloadBytes(sequence < 5 ? 20 : 160);
            frames.add((sequence < 15 ? frame.wrongUdpChecksum() : frame).bytes());
        }
        try (DatagramChannel channel = join();
                WireFrames wire = WireFrames.open()) {
            drops.read(StackPart.UDP);
            wire.send(frames);
            ByteBuffer packet = ByteBuffer.allocate(2_048);
            for (int received = 0; received < 5; ) {
                received += channel.receive(packet.clear()) != null ? 1 : 0;
            }
            assertEquals(new StackDrops.Reading(0, 15, 15, 0, 0, Optional.empty()), drops.read(StackPart.UDP));
        }
    }

    /** The stack counts it for the namespace, as the socket does for itself. */
    @Test
    void aFullReceiveBufferIsNoLossInFrontOfTheSocket() throws Exception {
        StackDrops drops = new StackDrops(Path.of("/proc"));
        try (DatagramChannel channel = join();
                RtpSource source =
                        RtpSource.on(VethPair.TX).flow(FLOW).positions(200).open()) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, 16_384);
            drops.read(StackPart.UDP);
            NetDeviceCounters before = NetDeviceCounters.read(VethPair.RX);
            assertEquals(200, source.send(200));
            awaitArrived(before.rxPackets() + 200);
            // The interface counts after the stack has had the packets, so what is not here by now does not come.
            int received = 0;
            ByteBuffer packet = ByteBuffer.allocate(2_048);
            while (channel.receive(packet) != null) {
                received++;
                packet.clear();
            }
            StackDrops.Reading reading = drops.read(StackPart.UDP);
            assertTrue(received > 0 && received < 200, received + " received");
            assertEquals(200 - received, reading.receiveBufferErrors());
            assertEquals(0, reading.beforeSocket());
            assertEquals(0, reading.checksumErrors());
            assertTrue(reading.unreadable().isEmpty());
        }
    }
}
