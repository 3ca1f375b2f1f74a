// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.Sample;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.process.SharedMemory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From receivers' handlers into the file. */
class RecordingTest {
    private static final LedgerSnapshot CLOSING = new LedgerSnapshot(List.of(), List.of(), List.of(), List.of());

    @TempDir
    private Path folder;

    private final Wire wire = new Wire(0, 2, 1 << 12);
    private int handled;

    private Recording open(int receivers) {
        Path file = folder.resolve("a.pcapng");
        return Recording.open(new RecordSettings(file, 1 << 20, OptionalInt.empty()), "eth1", receivers);
    }

    private PacketHandler handler() {
        return batch -> handled += batch.size();
    }

    @Test
    void allReceiversOfARun() throws Exception {
        try (Recording recording = open(2)) {
            PacketHandler first = recording.ofSocket(Backend.NIO, 0, Flow.parse("239.1.2.3:5004"), handler());
            PacketHandler second = recording.ofSocket(Backend.NIO, 1, Flow.parse("239.1.2.4:5004"), handler());
            first.onBatch(wire.batch(0, 1, 2, 3));
            recording.receiving(null, "");
            second.onBatch(wire.batch(1, 10, 11));
            first.onBatch(wire.batch(0, 4));
            RecordReport report = recording.finish(CLOSING);
            assertDoesNotThrow(() -> recording.ended(null, null));
            Path file = folder.resolve("a.pcapng");
            assertEquals(6, handled);
            assertEquals(new RecordReport(file.toString(), 6, file.toFile().length(), 0, null, null, null), report);
            assertEquals(
                    List.of("eth1\t239.1.2.3\t1", "eth1\t239.1.2.3\t2", "eth1\t239.1.2.3\t3", "eth1\t239.1.2.4\t10",
                            "eth1\t239.1.2.4\t11", "eth1\t239.1.2.3\t4"),
                    Tshark.fields(file, "frame.interface_name", "ip.dst", "rtp.seq"));
        }
    }

    /** No packet is missing in the account, and the receivers do not notice. */
    @Test
    void aFailureOfTheRecorderEndsTheRecordingAlone() throws Exception {
        Path path = folder.resolve("a.pcapng");
        AtomicInteger gaps = new AtomicInteger();
        LongSupplier clock = () -> {
            if (gaps.incrementAndGet() == 2) {
                throw new OutOfMemoryError("of this test");
            }
            return System.nanoTime();
        };
        RecordSettings settings = new RecordSettings(path, 1 << 20, OptionalInt.of(2));
        RecordFile file = RecordFile.open(path, 1 << 20);
        try (Recording recording = new Recording(settings, "eth1", 1, file, clock, Duration.ofSeconds(20))) {
            PacketHandler handler = recording.ofSocket(Backend.NIO, 0, Flow.parse("239.1.2.3:5004"), handler());
            handler.onBatch(wire.batch(0, 1, 2, 3, 5, 6, 7, 9, 10, 11));
            recording.receiving(null, "");
            RecordReport report = recording.finish(CLOSING);
            assertEquals(9, handled);
            assertEquals("java.lang.OutOfMemoryError: of this test", report.stopped());
            assertEquals(0, report.packets());
            assertEquals(2 + 2 + 3, report.notRecorded(), "around the first gap, and all from the second one on");
            assertEquals(2, report.leftOut());
            assertEquals(path.toFile().length(), report.bytes());
            assertTrue(Tshark.blocks(path).contains("Number of Received Packets: 9"), "it has its statistics");
            assertThrows(IOException.class, () -> recording.ended(null, null));
        }
    }

    /** Somebody may set the clock while it runs: what a sample tells is of the time that nobody sets. */
    @Test
    void aLookIsWhereItsSampleIsWhateverTheClockSays() throws Exception {
        Path path = folder.resolve("a.pcapng");
        Flow flow = Flow.parse("239.1.2.3:5004");
        RecordSettings settings = new RecordSettings(path, 1 << 20, OptionalInt.of(2));
        RecordFile file = RecordFile.open(path, 1 << 20);
        long gapNs = System.nanoTime();
        CountDownLatch seen = new CountDownLatch(1);
        LongSupplier clock = () -> {
            seen.countDown();
            return gapNs;
        };
        try (Recording recording = new Recording(settings, "eth1", 1, file, clock, Duration.ofSeconds(20))) {
            PacketHandler handler = recording.ofSocket(Backend.NIO, 0, flow, handler());
            recording.receiving(null, "");
            handler.onBatch(wire.batch(0, 1, 2, 3, 5));
            seen.await();
            FlowLedger lost = new FlowLedger(flow, 5, 4, 0, Map.of(Cause.NIC, 1L), 0);
            LedgerSnapshot ledger = new LedgerSnapshot(List.of(lost), List.of(), List.of(), List.of());
            Instant setBack = Instant.now().minus(Duration.ofHours(1)); // when it was taken, before the clock was set
            recording.sampled(
                    new Sample(setBack, gapNs + 1_000_000_000, 1, 1, ledger, List.of(), List.of()));
            recording.finish(CLOSING); // which tells of no loss
        }
        assertTrue(Tshark.fields(path, "frame.comment").stream().anyMatch(line -> line.endsWith("Cause: NIC.")));
    }

    /** Whoever reads the pipe reads no more. */
    @Test
    @Timeout(60)
    void whatHangsIsNotWaitedFor() throws Exception {
        Path pipe = folder.resolve("a.pcapng");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        try (RandomAccessFile open = new RandomAccessFile(pipe.toFile(), "rw")) {
            assertTrue(open.getFD().valid());
            RecordSettings settings = new RecordSettings(pipe, 1 << 30, OptionalInt.empty());
            RecordFile file = RecordFile.open(pipe, 1 << 30);
            try (Recording recording =
                    new Recording(settings, "eth1", 1, file, System::nanoTime, Duration.ofMillis(100))) {
                PacketHandler handler = recording.ofSocket(Backend.NIO, 0, Flow.parse("239.1.2.3:5004"), handler());
                wire.payloadBytes = 9_000;
                for (int i = 0; i < 50; i++) {
                    handler.onBatch(wire.batch(0, i));
                }
                recording.receiving(null, "");
                RecordReport report = recording.finish(CLOSING);
                assertTrue(report.stopped().startsWith("what was received could not be written"), report.toString());
                assertTrue(report.notRecorded() > 0, report.toString());
                assertEquals(50, report.packets() + report.notRecorded());
            }
        }
    }

    @Test
    void moreReceiversThanThereIsMemoryFor() {
        BadInput refusal = assertThrows(BadInput.class, () -> open(10_000_000));
        assertTrue(refusal.getMessage().contains("not for 10,000,000: receive fewer flows"), refusal.getMessage());
        assertTrue(Files.notExists(folder.resolve("a.pcapng")));
    }

    /** Nothing of it is believed any more; what the others sent until then is in the file, or counted. */
    @Test
    void aWorkerThatWritesNonsenseEndsTheRecordingAlone() throws Exception {
        try (Recording recording = open(2)) {
            PacketHandler sound = recording.ofSocket(Backend.NIO, 0, Flow.parse("239.1.2.3:5004"), handler());
            SharedMemory ofWorker = recording.memoryOfQueue(1, 2);
            sound.onBatch(wire.batch(0, 1, 2, 3));
            RingWriter.in(ofWorker.buffer(), 2).add(wire.batch(1, 7));
            ofWorker.buffer().putLong(RingMemory.TAIL, Long.MAX_VALUE);
            recording.receiving(null, "");
            RecordReport report = recording.finish(CLOSING);
            assertEquals("what a receiver left for it in memory cannot be", report.stopped());
            assertTrue(report.packets() + report.notRecorded() >= 3, report.toString());
            assertEquals(report.packets(), Tshark.packets(folder.resolve("a.pcapng")));
            IOException told = assertThrows(IOException.class, () -> recording.ended(null, null));
            assertTrue(told.getMessage().startsWith("recording to " + folder.resolve("a.pcapng") + " has stopped: "));
            assertDoesNotThrow(() -> recording.ended(null, null), "once is enough");
        }
    }
}
