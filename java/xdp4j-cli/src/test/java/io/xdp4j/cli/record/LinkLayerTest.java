// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.packet.Flow;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in front of a packet is what Wireshark finds sound, and says of group and port what the flow is. */
class LinkLayerTest {
    private static final int PACKETS = 300; // of all lengths, odd ones too

    @TempDir
    private Path folder;

    /** Status of the checksums: 1 is good, 2 bad, 3 says that there is none. */
    private List<String> read(LinkLayer linkLayer, Flow flow, String... fields) throws Exception {
        Path path = folder.resolve("made-up.pcapng");
        Wire wire = new Wire(0, 1, 1 << 17);
        try (RecordFile file = RecordFile.open(path, 1 << 20)) {
            file.begin(List.of(new RecordedInterface("eth1", flow.toString(), linkLayer)));
            for (int i = 0; i < PACKETS; i++) {
                wire.payloadBytes = 1 + i; // tshark does not count an RTP packet without payload
                wire.send(0, 65_500 + i);
                wire.reader.hasPacket();
                file.add(0, wire.reader.memory(), wire.reader.at(), null);
                wire.reader.take();
            }
            file.flush();
        }
        assertEquals(
                new Tshark.Stream(
                        flow.source().map(InetAddress::getHostAddress).orElse(flow.isIpv6() ? "::" : "0.0.0.0"),
                        flow.isIpv6() ? "ff3e::8000:1" : flow.group().getHostAddress(),
                        5_004,
                        Wire.SSRC,
                        PACKETS,
                        0),
                Tshark.streams(path).get(0));
        return Tshark.fields(path, fields).stream().distinct().toList();
    }

    @Test
    void udpPayloadOverIpv4() throws Exception {
        Flow flow = Flow.parse("239.1.2.3:5004");
        assertEquals(
                List.of("17\t1\t3"),
                read(LinkLayer.ofUdpSocket(flow), flow, "ip.proto", "ip.checksum.status", "udp.checksum.status"));
        assertEquals(
                "IP and UDP headers are made up: only group, port and length are the packet's",
                LinkLayer.ofUdpSocket(flow).madeUp());
    }

    @Test
    void udpPayloadOverIpv6() throws Exception {
        Flow flow = Flow.parse("[ff3e::8000:1]:5004");
        assertEquals(
                List.of("17\t1"), read(LinkLayer.ofUdpSocket(flow), flow, "ipv6.nxt", "udp.checksum.status"));
    }

    @Test
    void theSourceOfASourceSpecificFlowIsKnown() throws Exception {
        Flow flow = Flow.parse("232.1.2.3:5004@192.0.2.7");
        assertEquals(List.of("1"), read(LinkLayer.ofUdpSocket(flow), flow, "ip.checksum.status"));
        assertEquals(
                "IP and UDP headers are made up: only source address, group, port and length are the packet's",
                LinkLayer.ofUdpSocket(flow).madeUp());
    }

    /** A raw socket for IPv6 has the UDP header, with its checksum. */
    @Test
    void aRawSocketOfIpv6LacksTheIpHeader() {
        Flow flow = Flow.parse("[ff3e::8000:1]:5004@2001:db8::7");
        ByteBuffer datagram = ByteBuffer.wrap(HexFormat.of().parseHex("138c138c000a1234" + "abcd"));
        ByteBuffer to = ByteBuffer.allocate(100).order(Pcapng.ORDER);
        LinkLayer.ofRawSocket(flow).put(to, datagram, 0, 10);
        assertEquals(
                "60000000" + "000a" + "11" + "00" + "20010db8000000000000000000000007"
                        + "ff3e0000000000000000000080000001" + "138c138c000a1234" + "abcd",
                HexFormat.of().formatHex(to.array(), 0, to.position()));
        assertEquals(101, LinkLayer.ofRawSocket(flow).linkType());
        assertEquals(40, LinkLayer.ofRawSocket(flow).headerBytes());
    }

    @Test
    void otherPacketsStayAsTheyAre() {
        for (LinkLayer linkLayer : List.of(LinkLayer.ETHERNET, LinkLayer.ofRawSocket(Flow.parse("239.1.2.3:5004")))) {
            ByteBuffer to = ByteBuffer.allocate(100).order(Pcapng.ORDER);
            linkLayer.put(to, ByteBuffer.wrap(HexFormat.of().parseHex("0102030405")), 1, 3);
            assertEquals("020304", HexFormat.of().formatHex(to.array(), 0, to.position()));
            assertEquals("", linkLayer.madeUp());
        }
        assertEquals(1, LinkLayer.ETHERNET.linkType());
        assertEquals(101, LinkLayer.ofRawSocket(Flow.parse("239.1.2.3:5004")).linkType());
    }
}
