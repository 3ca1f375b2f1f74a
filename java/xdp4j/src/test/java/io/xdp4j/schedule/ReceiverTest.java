// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReceiverTest {
    @Test
    void visitsEverySourceInTurn() throws Exception {
        Stock first = new Stock(1_000);
        Stock second = new Stock(1_000);
        StringBuilder order = new StringBuilder();
        CountDownLatch all = new CountDownLatch(2_000);
        Receiver receiver = Receiver.start(
                "test",
                IdleStrategy.yield(),
                batch -> {
                    order.append(batch == first.batch ? 'a' : 'b');
                    all.countDown();
                },
                List.of(first, second));
        all.await();
        receiver.close();
        assertEquals("ab".repeat(1_000), order.toString());
        assertTrue(receiver.failure().isEmpty());
    }

    @Test
    void receivesWhatIsThereBeforeItEnds() {
        Stock stock = new Stock(5);
        AtomicInteger packets = new AtomicInteger();
        Receiver receiver = Receiver.start(
                "test", source -> {}, batch -> packets.addAndGet(batch.size()), List.of(stock));
        receiver.close();
        assertEquals(5, packets.get());
        assertFalse(receiver.thread().isAlive());
        receiver.close();
    }

    @Test
    void tellsWhatTheHandlerThrew() throws Exception {
        IllegalStateException thrown = new IllegalStateException("by the handler");
        Receiver receiver = Receiver.start(
                "test",
                IdleStrategy.spin(),
                batch -> {
                    throw thrown;
                },
                new Stock(1));
        receiver.thread().join();
        assertSame(thrown, receiver.failure().orElseThrow());
        receiver.close();
    }

    @Test
    void endsWhenItsHandlerClosesIt() throws Exception {
        AtomicReference<Receiver> self = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        Receiver receiver = Receiver.start(
                "test",
                IdleStrategy.spin(),
                batch -> {
                    awaitUninterrupted(started);
                    self.get().close();
                },
                new Stock(1));
        self.set(receiver);
        started.countDown();
        receiver.thread().join();
        assertTrue(receiver.failure().isEmpty());
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void endsWhenInterrupted() throws Exception {
        Receiver receiver = Receiver.start("test", IdleStrategy.sleep(1_000), batch -> {}, new Stock(0));
        receiver.thread().interrupt();
        receiver.thread().join();
        assertTrue(receiver.failure().isEmpty());
        receiver.close();
    }

    /** Whatever the thread is doing when it is told. */
    @Test
    void alwaysEndsWhenClosed() {
        for (int i = 0; i < 3_000; i++) {
            Receiver receiver = Receiver.start("test", IdleStrategy.spin(), batch -> {}, new Stock(0));
            for (int look = i % 500; look > 0; look--) {
                Thread.onSpinWait();
            }
            receiver.close();
            assertFalse(receiver.thread().isAlive());
        }
    }

    @Test
    void tellsWhatTheKernelRefused() throws Exception {
        Stock stock = new Stock(0);
        Receiver receiver = Receiver.start("test", IdleStrategy.sleep(1_000), batch -> {}, stock);
        stock.broken = true;
        receiver.thread().join();
        assertEquals(100, ((KernelException) receiver.failure().orElseThrow()).errno());
        receiver.close();
    }

    @Test
    void blocksOnASource() throws Exception {
        CountDownLatch waited = new CountDownLatch(3);
        AtomicReference<PacketSource> on = new AtomicReference<>();
        Stock stock = new Stock(0);
        Receiver receiver = Receiver.start(
                "test",
                source -> {
                    on.set(source);
                    waited.countDown();
                },
                batch -> {},
                stock);
        waited.await();
        receiver.close();
        assertSame(stock, on.get());
    }

    @Test
    void needsASource() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Receiver.start("test", IdleStrategy.spin(), batch -> {}, List.of()));
    }
}
