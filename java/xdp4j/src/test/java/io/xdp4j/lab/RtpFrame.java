// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.packet.Flow;
import java.nio.ByteBuffer;

/**
 * An Ethernet frame of an IPv4 flow, made byte by byte: Ethernet II, IPv4 (RFC 791) without options, UDP (RFC 768) and
 * RTP (RFC 3550 §5.1). Lengths and checksums are right unless another is asked for.
 *
 * <p>Threads: one.
 */
public final class RtpFrame {
    /** From which address frames come unless the flow names one: the sending end's. */
    private static final byte[] TX_IPV4 = {10, 99, 0, 2};

    private static final byte[] SENDER_MAC = {2, 0, 0, 0, 0, 2}; // locally administered
    private static final int ETHERNET_BYTES = 14;
    private static final int IPV4_BYTES = 20;
    private static final int UDP_BYTES = 8;
    private static final int RTP_BYTES = 12;
    private static final int UDP = 17;
    private static final byte RTP_VERSION_2 = (byte) 0x80;
    private static final int PAYLOAD_TYPE = 96; // the first dynamic one, RFC 3551 §3

    private final Flow flow;
    private int sequence;
    private int ssrc = 0x1234;
    private int payloadBytes = 160;
    private byte firstByte = RTP_VERSION_2;
    private int udpLengthExcess;
    private boolean wrongUdpChecksum;

    private RtpFrame(Flow flow) {
        this.flow = flow;
    }

    /** @param flow an IPv4 one; without a source the frame comes from {@link VethPair#TX_IPV4} */
    public static RtpFrame of(Flow flow) {
        return new RtpFrame(flow);
    }

    /** @param number modulo 65,536 */
    public RtpFrame sequence(long number) {
        sequence = (int) number & 0xffff;
        return this;
    }

    public RtpFrame ssrc(int identifier) {
        ssrc = identifier;
        return this;
    }

    /** @param bytes behind the RTP header */
    public RtpFrame payloadBytes(int bytes) {
        payloadBytes = bytes;
        return this;
    }

    /** @param bytes of the whole frame, without the checksum behind it */
    public RtpFrame sizeBytes(int bytes) {
        return payloadBytes(bytes - ETHERNET_BYTES - IPV4_BYTES - UDP_BYTES - RTP_BYTES);
    }

    /** A packet of the flow whose payload says version 0, which is no RTP (RFC 3550 §5.1). */
    public RtpFrame notRtp() {
        firstByte = 0;
        return this;
    }

    /** A UDP header whose checksum does not match; it is not 0, which would mean that there is none. */
    public RtpFrame wrongUdpChecksum() {
        wrongUdpChecksum = true;
        return this;
    }

    /** @param bytes by which the UDP header's length exceeds what the IPv4 header leaves; below 0 it falls short */
    public RtpFrame udpLengthExcess(int bytes) {
        udpLengthExcess = bytes;
        return this;
    }

    /** The frame as it goes on the wire. */
    public byte[] bytes() {
        int udpBytes = UDP_BYTES + RTP_BYTES + payloadBytes;
        ByteBuffer frame = ByteBuffer.allocate(ETHERNET_BYTES + IPV4_BYTES + udpBytes);
        byte[] group = flow.group().getAddress();
        byte[] source = flow.source().map(address -> address.getAddress()).orElse(TX_IPV4);

        // RFC 1112 §6.4: the lower 23 bits of the group.
        frame.put(new byte[] {1, 0, 0x5e, (byte) (group[1] & 0x7f), group[2], group[3]});
        frame.put(SENDER_MAC).putShort((short) 0x0800);

        frame.put((byte) 0x45).put((byte) 0).putShort((short) (IPV4_BYTES + udpBytes));
        frame.putShort((short) 0).putShort((short) 0x4000); // not to be fragmented
        frame.put((byte) 16).put((byte) UDP).putShort((short) 0).put(source).put(group);
        putChecksum(frame, ETHERNET_BYTES + 10, sum(frame, ETHERNET_BYTES, ETHERNET_BYTES + IPV4_BYTES));

        int udp = frame.position();
        frame.putShort((short) flow.port()).putShort((short) flow.port());
        frame.putShort((short) (udpBytes + udpLengthExcess)).putShort((short) 0);
        frame.put(firstByte).put((byte) PAYLOAD_TYPE).putShort((short) sequence).putInt(sequence * 160).putInt(ssrc);

        long addresses = sum(frame, ETHERNET_BYTES + 12, ETHERNET_BYTES + IPV4_BYTES);
        long pseudoHeader = addresses + UDP + (frame.getShort(udp + 4) & 0xffff);
        putChecksum(frame, udp + 6, pseudoHeader + sum(frame, udp, frame.capacity()));
        if (wrongUdpChecksum) {
            short right = frame.getShort(udp + 6);
            frame.putShort(udp + 6, (short) (right == 1 ? 2 : right ^ 1));
        }
        return frame.array();
    }

    /** The 16-bit words from {@code from} to before {@code to}; an odd byte at the end counts as the upper half. */
    private static long sum(ByteBuffer frame, int from, int to) {
        long sum = 0;
        for (int at = from; at < to; at++) {
            sum += (long) (frame.get(at) & 0xff) << ((at - from) % 2 == 0 ? 8 : 0);
        }
        return sum;
    }

    /** The one's complement of the one's complement sum (RFC 1071); a UDP checksum of 0 is written as 0xffff. */
    private static void putChecksum(ByteBuffer frame, int at, long sum) {
        while (sum > 0xffff) {
            sum = (sum & 0xffff) + (sum >> 16);
        }
        frame.putShort(at, (short) (sum == 0xffff ? 0xffff : ~sum));
    }
}
