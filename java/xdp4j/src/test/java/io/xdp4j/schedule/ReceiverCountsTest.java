// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.packet.PacketSource;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a {@link Receiver} tells a ledger. */
@Timeout(60)
class ReceiverCountsTest {
    private static final long AWAY_MS = 500;

    @Test
    void countsWhatItTookFromEachSource() {
        Stock first = new Stock(300);
        Stock second = new Stock(200);
        Receiver receiver = Receiver.start("test", IdleStrategy.yield(), batch -> {}, List.of(first, second));
        assertEquals(List.of(first, second), receiver.sources());
        receiver.close();
        assertEquals(300, receiver.counts().taken(0));
        assertEquals(300, receiver.counts().handled(0));
        assertEquals(200, receiver.counts().taken(1));
        assertEquals(200, receiver.counts().handled(1));
        assertTrue(receiver.hasEnded());
    }

    @Test
    void whatIsInTheHandlersHandIsTakenAndNotHandled() throws Exception {
        CountDownLatch inHand = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Receiver receiver = Receiver.start(
                "test",
                IdleStrategy.yield(),
                batch -> {
                    inHand.countDown();
                    awaitUninterrupted(goOn);
                },
                new Stock(1));
        inHand.await();
        assertEquals(1, receiver.counts().taken(0));
        assertEquals(0, receiver.counts().handled(0));
        assertFalse(receiver.hasEnded());
        goOn.countDown();
        receiver.close();
        assertEquals(1, receiver.counts().handled(0));
    }

    /** The third packet is the last that it took, and it gave that up. */
    @Test
    void aHandlerThatThrowsIsDoneWithItsPackets() throws Exception {
        AtomicInteger packets = new AtomicInteger();
        Receiver receiver = Receiver.start(
                "test",
                IdleStrategy.spin(),
                batch -> {
                    if (packets.incrementAndGet() == 3) {
                        throw new IllegalStateException("by the handler");
                    }
                },
                new Stock(5));
        receiver.thread().join();
        assertTrue(receiver.hasEnded());
        assertEquals(3, receiver.counts().taken(0));
        assertEquals(3, receiver.counts().handled(0));
    }

    /** As from another process, which maps the same memory. */
    @Test
    void countsInMemoryOfTheCallers() throws Exception {
        int before = 24;
        ByteBuffer memory = ByteBuffer.allocateDirect(before + ReceiverCounts.bytes(2) + 8);
        ReceiverCounts elsewhere = new ReceiverCounts(memory.asReadOnlyBuffer(), before, 2);
        assertEquals(0, elsewhere.taken(0));
        assertEquals(0, elsewhere.longestAbsenceNs());
        Receiver receiver = Receiver.start(
                "test",
                IdleStrategy.yield(),
                ThreadPlacement.NONE,
                batch -> {},
                List.of(new Stock(300), new Stock(200)),
                new ReceiverCounts(memory, before, 2));
        receiver.close();
        assertEquals(300, elsewhere.taken(0));
        assertEquals(300, elsewhere.handled(0));
        assertEquals(200, elsewhere.taken(1));
        assertEquals(200, elsewhere.handled(1));
        assertEquals(receiver.counts().looks(1), elsewhere.looks(1));
        assertEquals(0, elsewhere.looks(0) % 2);
        assertEquals(receiver.longestAbsenceNs(), elsewhere.longestAbsenceNs());
        assertTrue(elsewhere.longestAbsenceNs() > 0);
        assertEquals(receiver.counts().busyNs(), elsewhere.busyNs());
        assertTrue(elsewhere.busyNs() > 0);
        for (int at = 0; at < before; at++) {
            assertEquals(0, memory.get(at));
        }
        assertEquals(0, memory.getLong(memory.capacity() - 8));
        assertEquals(memory.capacity(), memory.remaining());
    }

    /** As when a process takes the place of one that was killed, here in a look. */
    @Test
    void countsOnWhereAnotherOneEnded() {
        ByteBuffer memory = ByteBuffer.allocateDirect(ReceiverCounts.bytes(2));
        ReceiverCounts before = new ReceiverCounts(memory, 0, 2);
        before.beginLook(1);
        before.endLook(1, 300);
        before.handledAll(1);
        before.busy(1_000, 77);
        before.absence(5_000);
        before.beginLook(1);

        ReceiverCounts after = new ReceiverCounts(memory, 0, 2);
        after.beginLook(1);
        assertEquals(5, after.looks(1));
        after.endLook(1, 20);
        after.handledAll(1);
        after.busy(100, 99);
        after.absence(4_000);

        assertEquals(320, after.taken(1));
        assertEquals(320, after.handled(1));
        assertEquals(6, after.looks(1));
        assertEquals(0, after.taken(0));
        assertEquals(0, after.looks(0));
        assertEquals(1_100, after.busyNs());
        assertEquals(77, after.firstPacketNs());
        assertEquals(5_000, after.longestAbsenceNs());
    }

    @Test
    void otherMemoryIsRefused() {
        ByteBuffer memory = ByteBuffer.allocateDirect(ReceiverCounts.bytes(1));
        ByteBuffer onHeap = ByteBuffer.allocate(ReceiverCounts.bytes(1));
        assertThrows(IllegalArgumentException.class, () -> new ReceiverCounts(onHeap, 0, 1));
        ByteBuffer odd = ByteBuffer.allocateDirect(100).position(4).slice();
        assertThrows(IllegalArgumentException.class, () -> new ReceiverCounts(odd, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> new ReceiverCounts(memory, 8, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> new ReceiverCounts(memory, 0, 2));
        List<Stock> two = List.of(new Stock(0), new Stock(0));
        ReceiverCounts ofOne = new ReceiverCounts(memory, 0, 1);
        assertThrows(
                IllegalArgumentException.class,
                () -> Receiver.start(
                        "test", IdleStrategy.yield(), ThreadPlacement.NONE, batch -> {}, two, ofOne));
    }

    @Test
    void recordsItsLongestAbsence() throws Exception {
        assertTrue(longestAbsenceNs(false) >= AWAY_MS * 1_000_000);
    }

    /** Whoever is woken by a packet was not away. */
    @Test
    void aWaitThatAPacketEndsIsNoAbsence() throws Exception {
        assertTrue(longestAbsenceNs(true) < AWAY_MS * 1_000_000);
    }

    @Test
    void isBusyWhileItHasPackets() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        long before = System.nanoTime();
        Receiver receiver = Receiver.start(
                "test",
                source -> done.countDown(), // behind the visit that ends the busy one
                batch -> spend(AWAY_MS),
                new Stock(1));
        done.await();
        receiver.close();
        assertTrue(receiver.counts().busyNs() >= AWAY_MS * 1_000_000);
        assertTrue(receiver.counts().firstPacketNs() - before >= AWAY_MS * 1_000_000);
        assertTrue(System.nanoTime() - receiver.counts().firstPacketNs() >= 0);
    }

    @Test
    void isNotBusyWhileItIdles() throws Exception {
        CountDownLatch waited = new CountDownLatch(2);
        Receiver receiver = Receiver.start("test", new Wait(false, waited), batch -> {}, new Stock(0));
        waited.await();
        receiver.close();
        assertEquals(0, receiver.counts().busyNs());
        assertEquals(0, receiver.counts().firstPacketNs());
    }

    /** Of a receiver that waited once, for {@link #AWAY_MS}. */
    private static long longestAbsenceNs(boolean endsWithAPacket) throws Exception {
        CountDownLatch waited = new CountDownLatch(2);
        Receiver receiver = Receiver.start("test", new Wait(endsWithAPacket, waited), batch -> {}, new Stock(0));
        waited.await();
        receiver.close();
        return receiver.longestAbsenceNs();
    }

    /** Waits long the first time. */
    private record Wait(boolean endsWithAPacket, CountDownLatch waited) implements IdleStrategy {
        @Override
        public void idle(PacketSource source) {
            if (waited.getCount() == 2) {
                spend(AWAY_MS);
            }
            waited.countDown();
        }
    }

    private static void spend(long milliseconds) {
        long start = System.nanoTime();
        while (System.nanoTime() - start < milliseconds * 1_000_000) {
            Thread.onSpinWait();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
