// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.AllocatedBytes;
import io.xdp4j.lab.SteadyBurst;
import io.xdp4j.lab.VethPair;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpHeader;
import io.xdp4j.schedule.IdleStrategy;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.source.RtpSource;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Packets that are kept beyond their batch, on a UMEM whose frames all come by again and again meanwhile. */
@Tag("integration")
@Timeout(60)
class LeaseIT {
    private static final int RING = 2_048;
    private static final int LEASES = 256;
    private static final int PACKETS = 20_000; // each frame about nine times
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");

    private VethPair veth;
    private Umem umem;
    private XdpProgram program;
    private XdpSocket socket;

    @BeforeEach
    void plug() throws Exception {
        veth = VethPair.create(1);
        umem = Umem.open(UmemOptions.DEFAULT.fillRing(RING).leases(LEASES));
        program = XdpProgram.load(1, 1);
        socket = XdpSocket.open(umem, VethPair.RX, 0, XdpSocketOptions.DEFAULT.rxRing(2 * RING));
        program.redirect(FLOW, socket);
        program.attach(VethPair.RX, Mode.NATIVE);
    }

    @AfterEach
    void unplug() throws Exception {
        if (socket != null) {
            socket.close();
            program.close();
        }
        if (veth != null) {
            veth.close();
        }
        if (umem != null) {
            umem.close(); // which a lease that was forgotten keeps from it
        }
    }

    private static void send(int packets) throws Exception {
        try (RtpSource source = source(packets)) {
            SteadyBurst.send(source, packets);
        }
    }

    private static RtpSource source(int packets) throws Exception {
        return RtpSource.on(VethPair.TX).flow(FLOW).positions(packets).open();
    }

    /** What is there, by this thread. */
    private PacketBatch receive() throws Exception {
        for (PacketBatch batch = socket.receive(); ; batch = socket.receive()) {
            if (batch.size() > 0) {
                return batch;
            }
            socket.await(1_000);
        }
    }

    /** Sends a ringful after the other while a receiver has the handler take them. */
    private void receiveAll(PacketHandler handler) throws Exception {
        try (Receiver receiver = Receiver.start("receiver", IdleStrategy.yield(), handler, socket);
                RtpSource source = source(PACKETS)) {
            for (long sent = 0; sent < PACKETS; ) {
                sent += SteadyBurst.send(source, (int) Math.min(RING - 64, PACKETS - sent)); // less a batch in hand
                while (receiver.counts().handled(0) < sent) {
                    assertTrue(receiver.failure().isEmpty(), () -> receiver.failure().toString());
                    assertEquals(0, socket.statistics().rxDropped(), "the fill ring was not full");
                    Thread.yield();
                }
            }
        }
    }

    private void expectLeased(int frames) {
        UmemAudit audit = umem.audit();
        assertTrue(audit.sound() && audit.kernel() == 0, audit.toString());
        assertEquals(frames, audit.leased(), audit.toString());
        assertEquals(RING + LEASES, audit.frames());
    }

    @Test
    void whatIsLeasedStaysAsItIs() throws Exception {
        long[] kept = new long[LEASES];
        int[] payloads = new int[LEASES];
        int[] count = new int[2];
        receiveAll(batch -> {
            for (int i = 0; i < batch.size(); i++) {
                if (count[1]++ % (PACKETS / LEASES) == 0 && count[0] < LEASES) { // from the beginning to the end
                    payloads[count[0]] = batch.payloadOffset(i);
                    kept[count[0]++] = umem.lease(batch, i);
                }
            }
        });
        expectLeased(LEASES);
        socket.close(); // which takes nothing of it
        for (int i = 0; i < LEASES; i++) {
            assertEquals(i * (PACKETS / LEASES), RtpHeader.sequence(umem.area(), payloads[i]));
            umem.release(kept[i]);
        }
        expectLeased(0);
    }

    /** The receiver loses nothing, whoever keeps frames for however long. */
    @Test
    void whoLeasesAllThatComesGetsNoMoreThanWasAskedFor() throws Exception {
        long[] kept = new long[PACKETS];
        int[] count = new int[1];
        receiveAll(batch -> {
            for (int i = 0; i < batch.size(); i++) {
                kept[count[0]++] = umem.lease(batch, i);
            }
        });
        expectLeased(LEASES);
        for (int i = 0; i < PACKETS; i++) {
            assertEquals(i >= LEASES, kept[i] == Umem.NO_LEASE);
            if (kept[i] != Umem.NO_LEASE) {
                umem.release(kept[i]);
            }
        }
        expectLeased(0);
    }

    @Test
    void anotherThreadReadsAndReleases() throws Exception {
        record Packet(long lease, int payload) {}
        BlockingQueue<Packet> packets = new ArrayBlockingQueue<>(LEASES + 1);
        int[] passedOver = new int[1];
        CompletableFuture<Integer> decoder = CompletableFuture.supplyAsync(() -> {
            int decoded = 0;
            try {
                int previous = -1;
                for (Packet packet = packets.take(); packet.lease != Umem.NO_LEASE; packet = packets.take()) {
                    int sequence = RtpHeader.sequence(umem.area(), packet.payload);
                    umem.release(packet.lease);
                    assertTrue(sequence > previous, sequence + " behind " + previous);
                    previous = sequence;
                    decoded++;
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return decoded;
        });
        receiveAll(batch -> {
            for (int i = 0; i < batch.size(); i++) {
                int payload = batch.payloadOffset(i);
                long lease = umem.lease(batch, i);
                if (lease == Umem.NO_LEASE) {
                    passedOver[0]++;
                } else {
                    packets.add(new Packet(lease, payload));
                }
            }
        });
        packets.add(new Packet(Umem.NO_LEASE, 0));
        assertEquals(PACKETS - passedOver[0], decoder.get());
        assertTrue(decoder.get() >= LEASES);
        expectLeased(0);
    }

    @Test
    void allocatesNothing() throws Exception {
        long[] kept = new long[LEASES];
        for (int round = 0; round < 3; round++) { // by the third, whatever is made once has been made
            send(RING / 2);
            long before = AllocatedBytes.ofThisThread();
            int count = 0;
            for (PacketBatch batch = socket.receive(); batch.size() > 0; batch = socket.receive()) {
                for (int i = 0; i < batch.size() && count < LEASES; i++) {
                    kept[count++] = umem.lease(batch, i);
                }
            }
            for (int i = 0; i < count; i++) {
                umem.release(kept[i]);
            }
            long bytes = AllocatedBytes.ofThisThread() - before;
            assertEquals(LEASES, count);
            if (round == 2) {
                assertEquals(0, bytes);
            }
        }
    }

    @Test
    void wrongLeasesAreNamed() throws Exception {
        PacketBatch batch = socket.receive();
        assertThrows(IndexOutOfBoundsException.class, () -> umem.lease(batch, 0), "nothing has come");
        send(2);
        assertEquals(2, receive().size());
        assertThrows(IndexOutOfBoundsException.class, () -> umem.lease(batch, 2));
        assertThrows(IndexOutOfBoundsException.class, () -> umem.lease(batch, -1));
        long lease = umem.lease(batch, 1);
        assertThrows(IllegalStateException.class, () -> umem.lease(batch, 1), "twice");
        ExecutionException elsewhere = assertThrows(ExecutionException.class, () -> CompletableFuture.supplyAsync(
                        () -> umem.lease(batch, 0))
                .get());
        assertTrue(elsewhere.getMessage().contains("only the thread that received"), elsewhere.getMessage());
        ByteBuffer none = ByteBuffer.allocateDirect(PacketBatch.DESCRIPTOR_BYTES);
        assertThrows(IllegalArgumentException.class, () -> umem.lease(new PacketBatch(none, none), 0));
        assertEquals(0, socket.receive().size());
        assertThrows(IndexOutOfBoundsException.class, () -> umem.lease(batch, 0), "the batch is gone");
        expectLeased(1);
        socket.close();
        assertThrows(IllegalArgumentException.class, () -> umem.lease(batch, 0));
        umem.release(lease);
        expectLeased(0);
    }

    @Test
    void wrongReleasesAreNamed() throws Exception {
        send(1);
        long lease = umem.lease(receive(), 0);
        socket.close();
        assertTrue(assertThrows(IllegalStateException.class, umem::close)
                .getMessage()
                .contains("1 frames of this UMEM are leased"));
        umem.release(lease);
        assertThrows(IllegalStateException.class, () -> umem.release(lease));
        assertThrows(IllegalArgumentException.class, () -> umem.release(Umem.NO_LEASE));
        expectLeased(0);
        umem.close();
        assertThrows(IllegalStateException.class, () -> umem.release(lease));
    }

    @Test
    void aUmemWithoutLeasesSaysSo() throws Exception {
        try (Umem other = Umem.open(2048, 64, 64)) {
            PacketBatch batch = socket.receive();
            assertTrue(assertThrows(UnsupportedOperationException.class, () -> other.lease(batch, 0))
                    .getMessage()
                    .contains("UmemOptions.leases"));
        }
    }
}
