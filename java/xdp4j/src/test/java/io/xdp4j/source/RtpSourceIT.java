// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What leaves a source, as ordinary sockets see it: the stack has checked every header and checksum by then. */
@Tag("integration")
class RtpSourceIT {
    private static final int QUIET_AFTER_MS = 500;
    private static final int ENODEV = 19;
    private static final int EINVAL = 22;
    private static final int EMSGSIZE = 90;
    private static final int EADDRNOTAVAIL = 99;
    private static final int ENETDOWN = 100;

    private VethPair veth;

    @BeforeEach
    void connect() throws Exception {
        veth = VethPair.create(1);
    }

    @AfterEach
    void disconnect() throws Exception {
        if (veth != null) {
            veth.close();
        }
    }

    /** The receiving end without NAPI takes no live frames. */
    private static void prepare(SourceEngine engine) throws Exception {
        VethPair.run("ethtool", "-K", VethPair.RX, "gro", engine == SourceEngine.LIVE_FRAMES ? "on" : "off");
    }

    private static DatagramChannel join(Flow flow) throws IOException {
        DatagramChannel channel = DatagramChannel.open(
                flow.isIpv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(new InetSocketAddress(flow.group(), flow.port()));
        channel.join(flow.group(), NetworkInterface.getByName(VethPair.RX));
        channel.socket().setSoTimeout(QUIET_AFTER_MS);
        return channel;
    }

    /** What comes until it is quiet. */
    private static List<Integer> sequences(DatagramChannel channel, String from, int ssrc) throws IOException {
        List<Integer> sequences = new ArrayList<>();
        DatagramPacket packet = new DatagramPacket(new byte[2_048], 2_048);
        while (true) {
            try {
                channel.socket().receive(packet);
            } catch (SocketTimeoutException e) {
                return sequences;
            }
            ByteBuffer rtp = ByteBuffer.wrap(packet.getData());
            assertEquals(InetAddress.getByName(from), packet.getAddress());
            assertEquals(ssrc, rtp.getInt(8));
            sequences.add(Short.toUnsignedInt(rtp.getShort(2)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsExactlyTheseInThisOrder(SourceEngine engine) throws Exception {
        prepare(engine);
        Flow ipv4 = Flow.parse("239.1.2.3:5004");
        Flow ipv6 = Flow.parse("[ff3e::1]:5004");
        try (DatagramChannel channel4 = join(ipv4);
                DatagramChannel channel6 = join(ipv6);
                RtpSource source = RtpSource.on(VethPair.TX)
                        .flow(ipv4)
                        .flow(ipv6)
                        .positions(7)
                        .firstSequence(65_533)
                        .lose(PositionRange.parseList("2"))
                        .duplicate(PositionRange.parseList("3"))
                        .swap(PositionRange.parseList("4"))
                        .open()) {
            assertEquals(engine, source.engine());
            assertEquals(engine == SourceEngine.SENDMMSG, source.fallbackReason().isPresent());
            assertEquals(16, source.send(100), "turns: seven positions and a duplicate, of two flows");
            assertEquals(0, source.send(100));

            List<Integer> expected = List.of(65_533, 65_534, 0, 0, 2, 1, 3);
            List<SourceFlow> flows = source.flows();
            assertEquals(expected, sequences(channel4, VethPair.TX_IPV4, flows.get(0).ssrc()));
            assertEquals(expected, sequences(channel6, VethPair.TX_IPV6, flows.get(1).ssrc()));
            assertEquals(new SourceCounters(7, 7, 1, 1, 1), source.counters(0));
            assertEquals(new SourceCounters(7, 7, 1, 1, 1), source.counters(1));
            assertEquals(0, source.refused());
        }
    }

    @Test
    void sendsAsManyAsAskedForWhenPaced() throws Exception {
        Flow flow = Flow.parse("239.1.2.3:5004");
        try (RtpSource source = RtpSource.on(VethPair.TX).flow(flow).positions(20_000).open()) {
            PacedSender sender = new PacedSender(source, 200_000);
            while (sender.step()) {
                // until all is sent
            }
            assertEquals(new SourceCounters(20_000, 20_000, 0, 0, 0), source.counters(0));
        }
    }

    @Test
    void comesFromTheSourceOfTheFlow() throws Exception {
        try (RtpSource source = RtpSource.on(VethPair.TX)
                .flow(Flow.parse("239.1.2.3:5004"))
                .flow(Flow.parse("239.1.2.3:5004@192.0.2.7"))
                .positions(1)
                .open()) {
            assertEquals(
                    List.of(VethPair.TX_IPV4, "192.0.2.7"),
                    source.flows().stream()
                            .map(SourceFlow::flow)
                            .map(Flow::source)
                            .map(Optional::orElseThrow)
                            .map(InetAddress::getHostAddress)
                            .toList());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {53, 1_515})
    void namesASizeThatDoesNotFit(int sizeBytes) throws Exception {
        assertRefused(
                sizeBytes < 1_000 ? EINVAL : EMSGSIZE,
                Integer.toString(sizeBytes),
                RtpSource.on(VethPair.TX).sizeBytes(sizeBytes));
    }

    @Test
    void namesTheInterfaceThatCannotSend() throws Exception {
        assertRefused(ENODEV, "nowhere0", RtpSource.on("nowhere0"));
        VethPair.run("ip", "addr", "flush", "dev", VethPair.TX);
        assertRefused(EADDRNOTAVAIL, VethPair.TX + " an IPv4 address", RtpSource.on(VethPair.TX));
        VethPair.run("ip", "addr", "add", VethPair.TX_IPV4 + "/24", "dev", VethPair.TX);
        VethPair.run("ip", "link", "set", VethPair.TX, "down");
        assertRefused(ENETDOWN, "ip link set " + VethPair.TX + " up", RtpSource.on(VethPair.TX));
    }

    private static void assertRefused(int errno, String named, RtpSourceBuilder wanted) {
        wanted.flow(Flow.parse("239.1.2.3:5004")).positions(1);
        KernelException e = assertThrows(KernelException.class, wanted::open);
        assertEquals(errno, e.errno(), e.getMessage());
        assertTrue(e.getMessage().contains(named), e.getMessage());
    }

    @Test
    void isClosedOnce() throws Exception {
        RtpSource source =
                RtpSource.on(VethPair.TX).flow(Flow.parse("239.1.2.3:5004")).positions(1).open();
        source.close();
        source.close();
        assertThrows(IllegalStateException.class, () -> source.send(1));
        assertThrows(IllegalStateException.class, () -> source.counters(0));
        assertThrows(IllegalStateException.class, source::refused);
    }
}
