// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.AllocatedBytes;
import io.xdp4j.lab.MulticastSender;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("integration")
class NioSourceIT extends SourceContract {
    private static final int PACKETS = 20_000;

    @Override
    PacketSource open(String interfaceName, Flow flow, int receiveBufferBytes, int batchSize)
            throws IOException {
        return NioSource.open(interfaceName, flow, FLOW_ID, receiveBufferBytes, batchSize);
    }

    @Override
    SocketStatistics statistics(PacketSource source) throws IOException {
        return ((NioSource) source).statistics();
    }

    @Test
    void allocatesNothingPerPacketOfOneSender() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (MulticastSender sender = MulticastSender.of(IPV4);
                NioSource source = NioSource.open(VethPair.RX, IPV4, FLOW_ID)) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sendUntil(enough, sender));
            receive(source, PACKETS);
            long before = AllocatedBytes.ofThisThread();
            receive(source, PACKETS);
            long allocated = AllocatedBytes.ofThisThread() - before;
            enough.set(true);
            sending.join();
            assertTrue(allocated < PACKETS, allocated + " bytes for " + PACKETS + " packets");
        }
    }

    private static void sendUntil(AtomicBoolean enough, MulticastSender sender) {
        byte[] payload = new byte[200];
        try {
            while (!enough.get()) {
                sender.send(IPV4, payload);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void receive(NioSource source, int packets) throws KernelException {
        for (int received = 0; received < packets; ) {
            source.await(5_000);
            received += source.receive().size();
        }
    }

    @Test
    void namesThePortThatIsTaken() throws Exception {
        try (DatagramSocket taker = new DatagramSocket(null)) {
            taker.setReuseAddress(false);
            taker.bind(new InetSocketAddress(5004));
            IOException e = assertThrows(IOException.class, () -> NioSource.open(VethPair.RX, IPV4, FLOW_ID));
            assertTrue(e.getMessage().contains("port 5004"), e.getMessage());
        }
    }

    @Test
    void namesAnInterfaceWithoutAddress() throws Exception {
        VethPair.run("ip", "-4", "addr", "flush", "dev", VethPair.RX);
        IOException e = assertThrows(IOException.class, () -> NioSource.open(VethPair.RX, IPV4, FLOW_ID));
        assertTrue(e.getMessage().contains(IPV4.group().getHostAddress() + " on rx0"), e.getMessage());
        assertTrue(e.getMessage().contains("ip addr add"), e.getMessage());
    }
}
