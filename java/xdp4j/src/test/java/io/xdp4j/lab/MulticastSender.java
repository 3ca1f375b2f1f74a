// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** Sends UDP packets to a flow's group and port out of {@link VethPair#TX}, and nowhere else. */
public final class MulticastSender implements AutoCloseable {
    private final DatagramChannel channel;

    private MulticastSender(DatagramChannel channel) {
        this.channel = channel;
    }

    /** @param address of the sender, one that {@link VethPair#TX} has */
    public static MulticastSender from(String address) throws IOException {
        InetAddress source = InetAddress.getByName(address);
        ProtocolFamily family = address.contains(":") ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
        DatagramChannel channel = DatagramChannel.open(family);
        channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName(VethPair.TX));
        channel.setOption(StandardSocketOptions.IP_MULTICAST_LOOP, false);
        channel.bind(new InetSocketAddress(source, 0));
        return new MulticastSender(channel);
    }

    /** The sender that {@link VethPair} has an address for, of the flow's family. */
    public static MulticastSender of(Flow flow) throws IOException {
        return from(flow.isIpv6() ? VethPair.TX_IPV6 : VethPair.TX_IPV4);
    }

    /** Sends one packet. */
    public void send(Flow flow, byte[] payload) throws IOException {
        channel.send(ByteBuffer.wrap(payload), new InetSocketAddress(flow.group(), flow.port()));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
