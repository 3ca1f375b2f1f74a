// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.receive.Backend;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.process.SharedMemory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
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
