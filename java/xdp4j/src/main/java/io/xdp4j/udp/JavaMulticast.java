// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;

/** Interfaces and joining without native code, for {@link NioSource}: Java knows interfaces by their addresses. */
final class JavaMulticast {
    private static final int ENODEV = 19;

    private JavaMulticast() {}

    /**
     * @throws KernelException ENODEV when there is none of that name, or it has neither an IPv4 nor an IPv6 address
     */
    static NetworkInterface interfaceNamed(String name) throws KernelException, SocketException {
        NetworkInterface found = NetworkInterface.getByName(name);
        if (found == null) {
            throw new KernelException(
                    ENODEV, "there is no interface '" + name + "' with an address: `ip addr` lists them");
        }
        return found;
    }

    /** Of the flow's family alone. */
    static DatagramChannel openChannel(Flow flow) throws IOException {
        try {
            return DatagramChannel.open(flow.isIpv6() ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
        } catch (UnsupportedOperationException e) {
            throw new IOException(
                    "no IPv6 for " + flow + ": no interface had an IPv6 address when Java started: ip link set lo up",
                    e);
        }
    }

    static void join(DatagramChannel channel, NetworkInterface networkInterface, Flow flow) throws IOException {
        InetAddress group = flow.group();
        String join = "join of " + group.getHostAddress() + " on " + networkInterface.getName() + ": ";
        if (!flow.isIpv6() && networkInterface.inetAddresses().noneMatch(Inet4Address.class::isInstance)) {
            throw new IOException(join + "the interface has no IPv4 address: ip addr add");
        }
        try {
            if (flow.source().isPresent()) {
                channel.join(group, networkInterface, flow.source().get());
            } else {
                channel.join(group, networkInterface);
            }
        } catch (SocketException e) {
            throw new IOException(
                    join + e.getMessage() + "; when there are too many memberships: raise sysctl "
                            + (flow.isIpv6()
                                    ? "net.ipv6.mld_max_msf"
                                    : "net.ipv4.igmp_max_memberships or net.ipv4.igmp_max_msf"),
                    e);
        }
    }
}
