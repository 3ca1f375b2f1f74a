// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.MulticastSender;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketSource;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class SocketSourceIT {
    @Nested
    class Raw extends SourceContract {
        @Override
        PacketSource open(String interfaceName, Flow flow, int receiveBufferBytes, int batchSize)
                throws IOException {
            return SocketSource.open(
                    SocketSource.Kind.RAW, interfaceName, flow, FLOW_ID, receiveBufferBytes, batchSize);
        }

        @Override
        SocketStatistics statistics(PacketSource source) throws IOException {
            return ((SocketSource) source).statistics();
        }

        @Test
        void countsPacketsOfOtherPorts() throws Exception {
            Flow other = Flow.parse("239.1.2.3:5006");
            try (MulticastSender sender = MulticastSender.of(IPV4);
                    SocketSource source = SocketSource.open(SocketSource.Kind.RAW, VethPair.RX, IPV4, FLOW_ID)) {
                sender.send(other, new byte[1]);
                sender.send(other, new byte[2]);
                sender.send(IPV4, new byte[3]);
                List<ReceivedPackets.Packet> received = ReceivedPackets.take(source, 1);
                assertEquals(3, received.get(0).payload().length());
                assertEquals(2, source.statistics().others());
            }
        }
    }

    @Nested
    class Recvmmsg extends SourceContract {
        @Override
        PacketSource open(String interfaceName, Flow flow, int receiveBufferBytes, int batchSize)
                throws IOException {
            return SocketSource.open(
                    SocketSource.Kind.RECVMMSG, interfaceName, flow, FLOW_ID, receiveBufferBytes, batchSize);
        }

        @Override
        SocketStatistics statistics(PacketSource source) throws IOException {
            return ((SocketSource) source).statistics();
        }

        @Test
        void namesThePortThatIsTaken() throws Exception {
            try (DatagramSocket taker = new DatagramSocket(null)) {
                taker.setReuseAddress(false);
                taker.bind(new InetSocketAddress(5004));
                KernelException e = assertThrows(
                        KernelException.class,
                        () -> SocketSource.open(SocketSource.Kind.RECVMMSG, VethPair.RX, IPV4, FLOW_ID));
                assertEquals(98, e.errno()); // EADDRINUSE
                assertTrue(e.getMessage().contains("5004"), e.getMessage());
            }
        }
    }
}
