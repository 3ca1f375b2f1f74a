// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.packet.Flow;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What stands in front of a receiver's packets in the file. AF_XDP has whole Ethernet frames; a raw socket has the IP
 * header (IPv4), or the UDP header alone (IPv6); another socket has the UDP payload alone. What is missing there is
 * made up from the flow, so that every reader finds group, port and RTP; what is not known is 0.
 */
final class LinkLayer {
    private static final int ETHERNET_TYPE = 1; // LINKTYPE_ETHERNET
    private static final int IP_TYPE = 101; // LINKTYPE_RAW: IPv4 or IPv6, as its first 4 bits say

    private static final int IPV4_BYTES = 20;
    private static final int IPV6_BYTES = 40;
    private static final int UDP_BYTES = 8;
    private static final int UDP = 17;

    /** Frames, from the destination address on. */
    static final LinkLayer ETHERNET = new LinkLayer(ETHERNET_TYPE, new byte[0], false, "");

    private final int linkType;
    private final byte[] header; // with lengths and checksums of 0
    private final boolean makesUdp;
    private final String madeUp;

    private LinkLayer(int linkType, byte[] header, boolean makesUdp, String madeUp) {
        this.linkType = linkType;
        this.header = header;
        this.makesUdp = makesUdp;
        this.madeUp = madeUp;
    }

    /** Packets of a raw socket. */
    static LinkLayer ofRawSocket(Flow flow) {
        return flow.isIpv6()
                ? new LinkLayer(IP_TYPE, ipv6(flow), false, "the IPv6 header is" + madeUp(flow, "group and length"))
                : new LinkLayer(IP_TYPE, new byte[0], false, "");
    }

    /** UDP payload. */
    static LinkLayer ofUdpSocket(Flow flow) {
        byte[] ip = flow.isIpv6() ? ipv6(flow) : ipv4(flow);
        ByteBuffer header = ByteBuffer.allocate(ip.length + UDP_BYTES).put(ip);
        header.putShort((short) 0).putShort((short) flow.port());
        return new LinkLayer(
                IP_TYPE, header.array(), true, "IP and UDP headers are" + madeUp(flow, "group, port and length"));
    }

    private static String madeUp(Flow flow, String known) {
        return " made up: only " + (flow.source().isPresent() ? "source address, " : "") + known + " are the packet's";
    }

    private static byte[] ipv4(Flow flow) {
        ByteBuffer header = ByteBuffer.allocate(IPV4_BYTES);
        header.put(0, (byte) 0x45); // version, and length in words
        header.put(9, (byte) UDP);
        header.position(12).put(source(flow)).put(flow.group().getAddress());
        return header.array();
    }

    private static byte[] ipv6(Flow flow) {
        ByteBuffer header = ByteBuffer.allocate(IPV6_BYTES);
        header.put(0, (byte) 0x60);
        header.put(6, (byte) UDP);
        header.position(8).put(source(flow)).put(flow.group().getAddress());
        return header.array();
    }

    private static byte[] source(Flow flow) {
        Optional<byte[]> known = flow.source().map(InetAddress::getAddress);
        return known.orElseGet(() -> new byte[flow.group().getAddress().length]);
    }

    int linkType() {
        return linkType;
    }

    /** What of the packets is not as it was on the wire, in words; empty when all is. */
    String madeUp() {
        return madeUp;
    }

    /** Bytes that are put in front of each packet. */
    int headerBytes() {
        return header.length;
    }

    /** Puts a packet at the position of a buffer, with what is to stand in front of it. */
    void put(ByteBuffer to, ByteBuffer from, int start, int bytes) {
        int begin = to.position();
        to.put(header);
        to.put(to.position(), from, start, bytes);
        to.position(to.position() + bytes);
        if (header.length > 0) {
            fill(to, begin, bytes);
        }
    }

    private void fill(ByteBuffer to, int begin, int bytes) {
        int datagramBytes = bytes + (makesUdp ? UDP_BYTES : 0);
        int udp = begin + header.length - (makesUdp ? UDP_BYTES : 0);
        boolean ipv4 = udp - begin == IPV4_BYTES;
        if (makesUdp) {
            putChar(to, udp + 4, datagramBytes);
        }
        if (ipv4) {
            putChar(to, begin + 2, IPV4_BYTES + datagramBytes);
            putChar(to, begin + 10, checksum(sum(to, begin, IPV4_BYTES)));
            return; // without a checksum of UDP, as IPv4 allows (RFC 768)
        }
        putChar(to, begin + 4, datagramBytes);
        if (makesUdp) {
            long addresses = sum(to, begin + 8, 2 * 16);
            int checksum = checksum(addresses + UDP + datagramBytes + sum(to, udp, datagramBytes));
            putChar(to, udp + 6, checksum == 0 ? 0xffff : checksum); // RFC 8200 8.1
        }
    }

    /** In network byte order, whatever the buffer's. */
    private static void putChar(ByteBuffer to, int at, int value) {
        to.put(at, (byte) (value >>> 8)).put(at + 1, (byte) value);
    }

    /** Of 16-bit words, the last one filled up by a byte of 0: RFC 1071. */
    private static long sum(ByteBuffer of, int at, int bytes) {
        long sum = 0;
        for (int i = 0; i < bytes; i++) {
            int value = of.get(at + i) & 0xff;
            sum += i % 2 == 0 ? value << 8 : value;
        }
        return sum;
    }

    private static int checksum(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) ~folded & 0xffff;
    }
}
