// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.KernelMemberships;
import io.xdp4j.lab.MulticastSender;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every socket source does, whatever it is made of. */
abstract class SourceContract {
    static final Flow IPV4 = Flow.parse("239.1.2.3:5004");
    static final int FLOW_ID = 7;
    private static final int RECEIVE_BUFFER_BYTES = 100_000; // less than the least net.core.rmem_max in use

    private VethPair veth;

    @BeforeEach
    void connect() throws IOException {
        veth = VethPair.create(1);
    }

    @AfterEach
    void disconnect() throws IOException {
        if (veth != null) {
            veth.close();
        }
    }

    /** Opens one whose flow has the id {@link #FLOW_ID}. */
    abstract PacketSource open(String interfaceName, Flow flow, int receiveBufferBytes, int batchSize)
            throws IOException;

    abstract SocketStatistics statistics(PacketSource source) throws IOException;

    private PacketSource open(Flow flow) throws IOException {
        return open(VethPair.RX, flow, RECEIVE_BUFFER_BYTES, 64);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {"239.1.2.3:5004", "[ff3e::8000:1]:5004", "[ff02::1234]:5004"})
    void deliversWhatWasSent(String text) throws Exception {
        Flow flow = Flow.parse(text);
        List<String> sent = IntStream.range(0, 50).mapToObj("payload %d"::formatted).toList();
        try (MulticastSender sender = MulticastSender.of(flow);
                PacketSource source = open(VethPair.RX, flow, RECEIVE_BUFFER_BYTES, 16)) {
            long before = System.nanoTime();
            for (String payload : sent) {
                sender.send(flow, ascii(payload));
            }
            List<ReceivedPackets.Packet> received = ReceivedPackets.take(source, sent.size());
            long after = System.nanoTime();
            assertEquals(sent, ReceivedPackets.payloads(received));
            long uncertainty = 1_000_000; // of the offset between the kernel's two clocks
            for (ReceivedPackets.Packet packet : received) {
                assertEquals(FLOW_ID, packet.flow());
                assertTrue(packet.arrivalNs() >= before - uncertainty, packet + " arrived before it was sent");
                assertTrue(packet.arrivalNs() <= after + uncertainty, packet + " arrives in the future");
            }
            assertEquals(0, source.receive().size());
        }
    }

    @ParameterizedTest
    @CsvSource({"232.1.2.3:5004, 10.99.0.2, 10.99.0.3", "[ff3e::8000:1]:5004, fd99::2, fd99::3"})
    void tellsSourcesApart(String group, String firstAddress, String secondAddress) throws Exception {
        Flow first = Flow.parse(group + "@" + firstAddress);
        Flow second = Flow.parse(group + "@" + secondAddress);
        VethPair.run("ip", "addr", "add", secondAddress, "dev", VethPair.TX, "nodad");
        try (PacketSource fromFirst = open(first);
                PacketSource fromSecond = open(second);
                MulticastSender firstSender = MulticastSender.from(firstAddress);
                MulticastSender secondSender = MulticastSender.from(secondAddress)) {
            firstSender.send(first, ascii("of the first"));
            secondSender.send(second, ascii("of the second"));
            assertEquals(List.of("of the first"), ReceivedPackets.payloads(ReceivedPackets.take(fromFirst, 1)));
            assertEquals(List.of("of the second"), ReceivedPackets.payloads(ReceivedPackets.take(fromSecond, 1)));
            assertEquals(0, fromFirst.receive().size());
            assertEquals(0, fromSecond.receive().size());
        }
    }

    /** Two on one group and port: each has its own counter, which also counts what was dropped last. */
    @ParameterizedTest
    @ValueSource(strings = {"239.1.2.3:5004", "[ff3e::8000:1]:5004"})
    void countsEveryDrop(String text) throws Exception {
        int sent = 200; // fewer than the ring of a veth takes (256)
        Flow flow = Flow.parse(text);
        try (MulticastSender sender = MulticastSender.of(flow);
                PacketSource narrow = open(VethPair.RX, flow, 1, 64);
                PacketSource wide = open(VethPair.RX, flow, 200_000, 64)) {
            for (int i = 0; i < sent; i++) {
                sender.send(flow, ascii("payload"));
            }
            int arrived = ReceivedPackets.take(wide, sent).size();
            assertEquals(sent, arrived);
            assertEquals(0, statistics(wide).drops());
            // The kernel serves one socket after the other: the last packet may be on its way to this one.
            long deadline = System.nanoTime() + 5_000_000_000L;
            int received = narrow.receive().size();
            while (received + statistics(narrow).drops() < sent && System.nanoTime() - deadline < 0) {
                received += narrow.receive().size();
            }
            assertTrue(received > 0 && received < sent, received + " received");
            assertEquals(sent - received, statistics(narrow).drops());
        }
    }

    /** Packets of the sequence numbers 1, 2, 6 and 4: 3 and 5 are missing. NIO has nobody who watches. */
    @Test
    void tellsWhatIsMissingAndWhatWaits() throws Exception {
        try (PacketSource source = open(VethPair.RX, IPV4, 1 << 20, 64);
                MulticastSender sender = MulticastSender.of(IPV4)) {
            boolean tells = !(source instanceof NioSource);
            for (int sequence : new int[] {1, 2, 6, 4}) {
                sender.send(IPV4, new byte[] {(byte) 0x80, 96, 0, (byte) sequence, 0, 0, 0, 0, 0, 0, 0, 9});
            }
            source.await(5_000);
            assertEquals(tells, statistics(source).waitingBytes() > 0);
            ReceivedPackets.take(source, 4);
            assertEquals(tells ? 0 : -1, statistics(source).waitingBytes());
            assertEquals(tells ? 2 : -1, statistics(source).missing());
        }
    }

    @Test
    void countsWhatIsLongerThanTheMtu() throws Exception {
        try (MulticastSender sender = MulticastSender.of(IPV4);
                PacketSource source = open(IPV4)) {
            sender.send(IPV4, new byte[1_472]); // with IP and UDP header the MTU of 1,500
            assertEquals(1_472, ReceivedPackets.take(source, 1).get(0).payload().length());
            assertEquals(0, statistics(source).truncated());
            sender.send(IPV4, new byte[3_000]); // comes in fragments
            assertTrue(ReceivedPackets.take(source, 1).get(0).payload().length() < 3_000);
            assertEquals(1, statistics(source).truncated());
        }
    }

    @Test
    void leavesOtherInterfacesAlone() throws Exception {
        try (MulticastSender sender = MulticastSender.of(IPV4);
                PacketSource here = open(IPV4);
                PacketSource elsewhere = open(VethPair.TX, IPV4, RECEIVE_BUFFER_BYTES, 64)) {
            sender.send(IPV4, ascii("payload"));
            assertEquals(1, ReceivedPackets.take(here, 1).size());
            assertEquals(0, elsewhere.receive().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"239.1.2.3:5004", "232.1.2.3:5004@10.99.0.2", "[ff3e::8000:1]:5004@fd99::2"})
    void isMemberWhileOpen(String text) throws Exception {
        Flow flow = Flow.parse(text);
        PacketSource source = open(flow);
        assertTrue(KernelMemberships.has(VethPair.RX, flow));
        source.close();
        assertFalse(KernelMemberships.has(VethPair.RX, flow));
    }

    @Test
    void tellsTheReceiveBufferGranted() throws Exception {
        try (PacketSource source = open(IPV4)) {
            assertEquals(RECEIVE_BUFFER_BYTES, statistics(source).receiveBufferBytes());
        }
    }

    @Test
    void closesOnce() throws Exception {
        PacketSource source = open(IPV4);
        source.close();
        source.close();
        assertThrows(IllegalStateException.class, source::receive);
        assertThrows(IllegalStateException.class, () -> source.await(0));
        assertThrows(IllegalStateException.class, () -> statistics(source));
    }

    @Test
    void refusesASecondThreadAndItsClose() throws Exception {
        try (MulticastSender sender = MulticastSender.of(IPV4);
                PacketSource source = open(IPV4)) {
            CompletableFuture<Void> waiter = CompletableFuture.runAsync(() -> awaitPersistently(source));
            assertThrows(IllegalStateException.class, () -> receiveUntilRefused(source));
            assertThrows(IllegalStateException.class, source::close);
            sender.send(IPV4, ascii("payload"));
            waiter.join();
            assertEquals(1, source.receive().size());
        }
    }

    private static void awaitPersistently(PacketSource source) {
        while (true) {
            try {
                source.await(60_000);
                return;
            } catch (IllegalStateException e) {
                Thread.onSpinWait(); // the other thread was in there
            } catch (KernelException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void receiveUntilRefused(PacketSource source) throws KernelException {
        for (int tries = 0; tries < 10_000_000; tries++) {
            source.receive();
            Thread.yield();
        }
    }

    @Test
    void namesAnUnknownInterface() {
        KernelException e = assertThrows(KernelException.class, () -> open("no-such0", IPV4, RECEIVE_BUFFER_BYTES, 64));
        assertEquals(19, e.errno()); // ENODEV
        assertTrue(e.getMessage().contains("no-such0"), e.getMessage());
    }
}
