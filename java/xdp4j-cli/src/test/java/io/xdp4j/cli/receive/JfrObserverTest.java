// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.xdp.Attachment;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.XdpStatistics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rings of workers in a recording of this process. */
class JfrObserverTest {
    private static final String RING = "io.xdp4j.Ring";
    private static final int ROOM = 2_048;
    private static final LedgerSnapshot NOTHING = new LedgerSnapshot(List.of(), List.of(), List.of(), List.of());

    @TempDir
    private Path folder;

    private static ReceiveSettings ofWorkers() {
        ReceiveSettings threads = ReceiveReports.settings(Backend.XDP, ROOM, NOTHING);
        XdpSettings xdp = new XdpSettings(List.of(0), Workers.PROCESSES, SocketsPer.QUEUE, ROOM, ROOM, 2_048, 1_522,
                Mode.AUTO, Attachment.LINK, -1, 0, Placement.NONE);
        return new ReceiveSettings(
                threads.device(), List.of(), Backend.XDP, xdp, threads.receiveBuffer(), 64, threads.idle());
    }

    private static Sample ofLevel(int fullest) {
        return new Sample(
                Instant.EPOCH,
                0,
                1.0,
                1.0,
                NOTHING,
                List.of(),
                List.of(new QueueSample(0, fullest, ROOM, 0, new XdpStatistics(0, 0, 0, 0), 0, 0)));
    }

    /** What a recording has that is begun now, and looks by itself or when a watch is closed. */
    private List<Integer> levels(JfrObserver observer, int level) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable(RING).withPeriod(Duration.ofDays(1)); // nobody looks by himself
            recording.start();
            observer.sampled(ofLevel(level));
            observer.close();
            recording.stop();
            Path file = folder.resolve(level + ".jfr");
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().equals(RING))
                    .map(event -> event.getInt("level"))
                    .collect(Collectors.toList());
        }
    }

    @Test
    void aRunThatBreaksOffLeavesNoRingWatched() throws Exception {
        JfrObserver observer = new JfrObserver();
        observer.receiving(ofWorkers(), "as ever");

        assertEquals(List.of(9), levels(observer, 9));
        assertEquals(List.of(), levels(observer, 10));
    }
}
