// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static io.xdp4j.rtp.RtpCounter.LATE;
import static io.xdp4j.rtp.RtpCounter.LOST;
import static io.xdp4j.rtp.RtpCounter.RECEIVED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.AllocatedBytes;
import io.xdp4j.process.Channel;
import io.xdp4j.process.SharedMemory;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RtpRecordTest {
    private static final int PATIENCE_MS = 20_000;
    private static final int OFFSET = 64;
    private static final int PUBLICATIONS = 3_000_000;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(OFFSET + RtpRecord.BYTES);
    private final RtpRecord record = new RtpRecord(memory, OFFSET);
    private final RtpSender sender = new RtpSender(new RtpFlow());

    @Test
    void isAllZerosBeforeTheFirstTime() {
        assertEquals(new RtpFlow().snapshot(), record.snapshot());
        assertEquals(0, record.snapshot().count(RECEIVED));
        assertFalse(record.isPartial());
    }

    @Test
    void isWhatTheFlowHadWhenItWasPublished() {
        for (int ssrc = 1; ssrc <= RtpFlow.MAX_STREAMS + 4; ssrc++) { // the first ones are forgotten
            sender.ssrc = ssrc;
            sender.send(1, 2, 4, 3, 3, 7).bytes(new byte[20]);
            record.publish(sender.flow);
            RtpStatistics published = sender.flow.snapshot();
            assertEquals(published, record.snapshot());
            sender.send(8);
            assertEquals(published, record.snapshot());
        }
        record.publish(sender.flow);
        assertEquals(RtpFlow.MAX_STREAMS, record.snapshot().streams().size());
        assertEquals((RtpFlow.MAX_STREAMS + 4) * 7, record.snapshot().count(RECEIVED));
        assertEquals(sender.flow.snapshot(), new RtpRecord(memory, OFFSET).snapshot());
    }

    /** As when a process is started again: it has fewer SSRCs than the one before. */
    @Test
    void maySucceedAnother() {
        for (int ssrc = 1; ssrc <= RtpFlow.MAX_STREAMS; ssrc++) {
            sender.ssrc = ssrc;
            sender.send(1, 3);
        }
        record.publish(sender.flow);
        RtpSender next = new RtpSender(new RtpFlow()).send(7, 8);
        RtpRecord again = new RtpRecord(memory, OFFSET);
        again.publish(next.flow);
        assertEquals(next.flow.snapshot(), record.snapshot());
    }

    @Test
    void otherMemoryIsRefused() {
        ByteBuffer onHeap = ByteBuffer.allocate(OFFSET + RtpRecord.BYTES);
        assertThrows(IllegalArgumentException.class, () -> new RtpRecord(onHeap, OFFSET));
        assertThrows(IllegalArgumentException.class, () -> new RtpRecord(memory, OFFSET - 4));
        ByteBuffer odd = memory.position(4).slice();
        assertThrows(IllegalArgumentException.class, () -> new RtpRecord(odd, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> new RtpRecord(memory, OFFSET + 8));
        assertThrows(IndexOutOfBoundsException.class, () -> new RtpRecord(memory, -8));
        memory.clear().limit(8);
        new RtpRecord(memory, OFFSET).publish(sender.send(1).flow);
        assertEquals(1, record.snapshot().count(RECEIVED));
        assertEquals(0, memory.position());
    }

    @Test
    void publishingAllocatesNothing() {
        publishPackets(100_000);
        long before = AllocatedBytes.ofThisThread();
        publishPackets(100_000);
        long allocated = AllocatedBytes.ofThisThread() - before;
        assertTrue(allocated < 10_000, allocated + " bytes allocated");
    }

    private void publishPackets(int packets) {
        for (int i = 0; i < packets; i++) {
            sender.ssrc = i % (2 * RtpFlow.MAX_STREAMS);
            sender.packet(i, i);
            record.publish(sender.flow);
        }
    }

    private void publish(Consumer<Integer> send, int times) {
        for (int i = 0; i < times; i++) {
            send.accept(i);
            record.publish(sender.flow);
        }
    }

    private void round(int number) {
        RtpSnapshotTest.sendRound(sender, number);
    }

    /** With stragglers that heal gaps, duplicates, late ones and restarts. */
    private void mixed(int number) {
        sender.ssrc = number % 1_000 == 0 ? number % 7 : 1;
        long sequence = number % 10_000 == 0 ? number * 31L : number;
        sender.send(sequence, number % 50 == 0 ? sequence - 3 : sequence + 1);
    }

    @Test
    void noSnapshotIsTorn() throws Exception {
        readWhile(this::round, RtpSnapshotTest::assertBetweenTwoPackets);
        assertEquals((long) PUBLICATIONS * RtpSnapshotTest.STREAMS, record.snapshot().count(RECEIVED));
    }

    @Test
    void norOneOfAFlowInDisorder() throws Exception {
        readWhile(this::mixed, RtpSender::assertBalance);
    }

    private void readWhile(Consumer<Integer> send, Consumer<RtpStatistics> check) throws Exception {
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> publish(send, PUBLICATIONS));
        RtpStatistics last = record.snapshot();
        int different = 0;
        while (!writer.isDone()) {
            RtpStatistics now = record.snapshot();
            check.accept(now);
            different += now.count(RECEIVED) > last.count(RECEIVED) ? 1 : 0;
            for (RtpCounter counter : RtpCounter.values()) {
                RtpStatistics before = last;
                assertTrue(
                        counter == LOST || counter == LATE || now.count(counter) >= before.count(counter),
                        () -> counter + " fell from " + before + " to " + now);
            }
            last = now;
        }
        writer.get();
        assertTrue(different > 0);
        assertEquals(sender.flow.snapshot(), record.snapshot());
    }

    /** As another process sees it. */
    @Test
    void isReadThroughAnotherMapping() throws Exception {
        try (SharedMemory here = SharedMemory.create("xdp4j-test-record", 8 + RtpRecord.BYTES);
                SharedMemory there = SharedMemory.map(anotherDescriptor(here))) {
            RtpRecord written = new RtpRecord(here.buffer(), 8);
            RtpRecord read = new RtpRecord(there.buffer().asReadOnlyBuffer(), 8);
            for (int sequence = 0; sequence < 10; sequence++) {
                sender.send(sequence);
                written.publish(sender.flow);
                assertEquals(sender.flow.snapshot(), read.snapshot());
            }
        }
    }

    private static int anotherDescriptor(SharedMemory memory) throws Exception {
        try (Channel.Listener listener = Channel.Listener.open();
                Channel here = Channel.connect(listener.name());
                Channel there = listener.accept(ProcessHandle.current().pid(), PATIENCE_MS)) {
            here.send(new byte[] {0}, memory.fd());
            return there.receive(PATIENCE_MS).orElseThrow().fds()[0];
        }
    }
}
