// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both sides of a ring. */
@Timeout(60)
class RingTest {
    private static final int ROOM = 1 << 12;

    /** 24 bytes in front of each, and a multiple of 8. */
    private static final int RECORD_BYTES = 24 + 12 + 100;

    private final Wire wire = new Wire(0, 4, ROOM);

    @Test
    void whatWentInComesOut() {
        assertFalse(wire.reader.hasPacket());
        wire.send(2, 7, 8);
        assertTrue(wire.reader.hasPacket());
        ByteBuffer memory = wire.reader.memory();
        int at = wire.reader.at();
        assertEquals(112, RecordedPacket.bytes(memory, at));
        assertEquals(2, RecordedPacket.flow(memory, at));
        assertEquals(0, RecordedPacket.missed(memory, at));
        assertEquals(1_001_000, RecordedPacket.arrivalNs(memory, at));
        assertEquals(1_001_000, wire.reader.arrivalNs());
        assertEquals(RecordedPacket.start(at), RecordedPacket.payloadStart(memory, at));
        assertEquals(112, RecordedPacket.payloadBytes(memory, at));
        assertEquals(7, memory.get(RecordedPacket.start(at) + 111), "the last byte");
        assertEquals(List.of(7, 8), wire.take());
        assertEquals(2, wire.reader.taken());
        assertEquals(0, wire.reader.notRecorded());
    }

    @Test
    void goesRoundAndRound() {
        for (int i = 0; i < 10_000; i += 3) {
            wire.payloadBytes = i % 700;
            assertEquals(List.of(i, i + 1, i + 2), wire.send(0, i, i + 1, i + 2).take());
        }
    }

    /** Each flow's next packet says how many of that flow are missing before it. */
    @Test
    void whatHasNoRoomIsCountedForEachFlow() {
        int fit = ROOM / RECORD_BYTES; // 30
        for (int i = 0; i < fit; i++) {
            wire.send(0, i);
        }
        wire.send(0, 100, 101, 102).send(1, 200).send(0, 103);
        assertEquals(5, wire.reader.notRecorded());
        assertEquals(fit, wire.take().size());

        wire.send(1, 201).send(0, 104).send(2, 300).send(0, 105);
        int[] missed = {1, 4, 0, 0};
        int[] sequences = {201, 104, 300, 105};
        for (int i = 0; i < missed.length; i++) {
            assertTrue(wire.reader.hasPacket());
            assertEquals(sequences[i], wire.sequence());
            assertEquals(missed[i], RecordedPacket.missed(wire.reader.memory(), wire.reader.at()), "before " + i);
            wire.reader.take();
        }
        assertEquals(5, wire.reader.notRecorded());
    }

    @Test
    void aLongPacketThatFitsTheRing() {
        Wire large = new Wire(0, 1, 1 << 17);
        for (int bytes : new int[] {8_988, 9_202, 65_483, 40_000, 65_483, 1, 65_483}) {
            large.payloadBytes = bytes;
            large.send(0, bytes);
            assertTrue(large.reader.hasPacket());
            assertEquals(bytes + 12, RecordedPacket.bytes(large.reader.memory(), large.reader.at()));
            assertEquals(List.of(bytes & 0xffff), large.take());
        }
    }

    @Test
    void anotherWriterGoesOnBehindTheFirst() {
        wire.send(0, 1, 2);
        for (int i = 0; i < 100; i++) {
            wire.send(1, i);
        }
        long notRecorded = wire.reader.notRecorded();
        assertTrue(notRecorded > 0);
        RingWriter next = RingWriter.in(wire.memory(), 4);
        wire.take();
        next.add(wire.batch(1, 77));
        assertTrue(wire.reader.hasPacket());
        assertEquals(77, wire.sequence());
        assertEquals(notRecorded, RecordedPacket.missed(wire.reader.memory(), wire.reader.at()));
        assertEquals(notRecorded, wire.reader.notRecorded());
    }

    @Test
    void aWriterThatIsStoppedCountsAndCopiesNothing() {
        wire.send(0, 1);
        wire.reader.stop();
        wire.send(0, 2, 3);
        assertEquals(List.of(1), wire.take());
        assertEquals(2, wire.reader.notRecorded());
    }

    /** A process without privileges may write anything there: it must neither crash nor hang its reader. */
    @Test
    void nonsenseIsNotBelieved() {
        Random random = new Random(1);
        int broken = 0;
        for (int round = 0; round < 5_000; round++) {
            Wire victim = new Wire(0, 2, 256);
            victim.payloadBytes = 20;
            victim.send(0, 1, 2, 3);
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                int at = random.nextBoolean() ? random.nextInt(16) * 4 : 192 + random.nextInt(80) * 4;
                if (at + 4 <= victim.memory().capacity()) {
                    victim.memory().putInt(at, random.nextBoolean() ? random.nextInt() : random.nextInt(512) - 8);
                }
            }
            int taken = 0;
            while (victim.reader.hasPacket() && taken < 100) {
                int at = victim.reader.at();
                ByteBuffer memory = victim.reader.memory();
                int end = RecordedPacket.start(at) + RecordedPacket.bytes(memory, at);
                assertTrue(end <= memory.capacity());
                int payload = RecordedPacket.payloadStart(memory, at);
                assertTrue(RecordedPacket.payloadBytes(memory, at) == 0
                        || payload + RecordedPacket.payloadBytes(memory, at) <= end);
                victim.reader.take();
                taken++;
            }
            assertTrue(taken < 100, "the same packets again and again");
            broken += victim.reader.isBroken() ? 1 : 0;
        }
        assertTrue(broken > 500, broken + " were damaged so that it shows");
    }

    /** It goes into the file as it was when it was checked, whatever its writer then makes of it. */
    @Test
    void whatIsWrittenBehindTheCheckIsNotRead() {
        wire.send(2, 7, 8);
        assertTrue(wire.reader.hasPacket());
        for (int i = 192; i < wire.memory().capacity(); i++) {
            wire.memory().put(i, (byte) 0x7f);
        }
        ByteBuffer memory = wire.reader.memory();
        int at = wire.reader.at();
        assertEquals(112, RecordedPacket.bytes(memory, at));
        assertEquals(2, RecordedPacket.flow(memory, at));
        assertEquals(0, RecordedPacket.missed(memory, at));
        assertEquals(112, RecordedPacket.payloadBytes(memory, at));
        assertEquals(7, wire.sequence());
        wire.reader.take();
        assertFalse(wire.reader.hasPacket(), "the second one is nonsense by now");
        assertTrue(wire.reader.isBroken());
    }

    /** A writer and a reader as fast as they can: nothing comes twice, and all that is missing is counted. */
    @Test
    void countsAreExactUnderConcurrency() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        AtomicLong written = new AtomicLong(); // set when the writer has ended
        Thread writing = new Thread(() -> {
            int sequence = 0;
            for (int i = 0; !enough.get(); i++) {
                int[] sequences = new int[1 + i % 4];
                for (int j = 0; j < sequences.length; j++) {
                    sequences[j] = sequence++ & 0xffff;
                }
                wire.payloadBytes = i % 599;
                wire.send(3, sequences);
            }
            written.set(sequence);
        });
        writing.setDaemon(true);
        writing.start();
        long taken = 0;
        long missed = 0;
        int next = 0;
        boolean ended = false;
        while (!ended) {
            ended = written.get() > 0; // then the look that follows sees all
            while (wire.reader.hasPacket()) {
                int at = wire.reader.at();
                ByteBuffer memory = wire.reader.memory();
                next += RecordedPacket.missed(memory, at);
                missed += RecordedPacket.missed(memory, at);
                assertEquals(next++ & 0xffff, wire.sequence());
                int bytes = RecordedPacket.bytes(memory, at);
                assertEquals((byte) wire.sequence(), memory.get(RecordedPacket.start(at) + bytes - 1));
                wire.reader.take();
                taken++;
                enough.set(taken >= 200_000 && missed > 0);
            }
        }
        writing.join();
        assertFalse(wire.reader.isBroken());
        assertEquals(written.get(), taken + wire.reader.notRecorded());
        assertEquals(written.get() - next, wire.reader.notRecorded() - missed, "those behind the last one that came");
    }

    @Test
    void copyingAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long self = Thread.currentThread().getId();
        var batch = wire.batch(0, 1, 2, 3, 4, 5, 6, 7, 8);
        long before = 0;
        for (int i = 0; i < 200_000; i++) {
            if (i == 100_000) {
                before = threads.getThreadAllocatedBytes(self);
            }
            wire.writer.add(batch);
            while (i % 4 == 0 && wire.reader.hasPacket()) { // else it has no room
                wire.reader.take();
            }
        }
        long allocated = threads.getThreadAllocatedBytes(self) - before;
        assertTrue(allocated < 10_000, "100,000 batches allocated " + allocated + " bytes");
        assertTrue(wire.reader.notRecorded() > 0);
    }
}
