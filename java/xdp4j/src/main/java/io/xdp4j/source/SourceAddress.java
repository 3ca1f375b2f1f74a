// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

import io.xdp4j.packet.Flow;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** From which address the packets of a flow come. */
final class SourceAddress {
    private SourceAddress() {}

    /**
     * The flow with its source: the one given, or else the interface's first address of the group's family, one that
     * routers forward before a link-local one. Still without a source when there is none: opening then says so.
     */
    static Flow resolve(Flow flow, String interfaceName) {
        if (flow.source().isPresent()) {
            return flow;
        }
        Optional<InetAddress> address = addresses(interfaceName)
                .filter(candidate -> candidate.getClass() == flow.group().getClass())
                .min(Comparator.comparing(InetAddress::isLinkLocalAddress));
        return new Flow(flow.group(), flow.port(), address.map(SourceAddress::withoutScope));
    }

    /** Java does not know an interface that has no address. */
    private static Stream<InetAddress> addresses(String interfaceName) {
        try {
            NetworkInterface found = NetworkInterface.getByName(interfaceName);
            return found == null ? Stream.empty() : found.inetAddresses();
        } catch (SocketException e) {
            return Stream.empty();
        }
    }

    /** Which interface a link-local address is on is known here, and is no part of a packet. */
    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // an address has the length of an address
        }
    }
}
