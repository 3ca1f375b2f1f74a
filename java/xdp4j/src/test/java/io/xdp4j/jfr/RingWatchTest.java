// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.lab.Recorded;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** New highs of a ring, and those alone, are recorded. */
@Timeout(60)
class RingWatchTest {
    private static final String RING = "io.xdp4j.Ring";

    private final AtomicInteger fullest = new AtomicInteger();
    private final Semaphore looks = new Semaphore(0);

    private RingWatch open() {
        return RingWatch.open("rx7", 3, 2_048, () -> {
            int level = fullest.get();
            looks.release();
            return level;
        });
    }

    /** One look may be on its way, and of the last one what it has recorded may be: one between has done all. */
    private void reach(int level) throws InterruptedException {
        fullest.set(level);
        looks.drainPermits();
        looks.acquire(3);
    }

    private static Recorded record() {
        Recording recording = new Recording();
        recording.enable(RING).withPeriod(Duration.ofMillis(20));
        return Recorded.start(recording);
    }

    private static List<Integer> levels(List<RecordedEvent> events) {
        return events.stream().map(event -> event.getInt("level")).toList();
    }

    @Test
    void eachNewHighIsRecordedOnce() throws Exception {
        try (Recorded recorded = record();
                RingWatch watch = open()) {
            reach(0);
            reach(700);
            reach(700);
            reach(2_048);
            List<RecordedEvent> highs = recorded.stop(RING);
            assertEquals(List.of(700, 2_048), levels(highs));
            assertEquals("rx7", highs.get(0).getString("interfaceName"));
            assertEquals(3, highs.get(0).getInt("queue"));
            assertEquals(2_048, highs.get(0).getInt("room"));
        }
    }

    @Test
    void theLastOneIsRecordedAtTheEnd() throws Exception {
        Recording recording = new Recording();
        recording.enable(RING).withPeriod(Duration.ofDays(1)); // nobody looks by himself
        try (Recorded recorded = Recorded.start(recording)) {
            RingWatch watch = open();
            fullest.set(9);
            watch.close();
            fullest.set(10);
            watch.close();
            assertEquals(List.of(9), levels(recorded.stop(RING)));
        }
    }

    @Test
    void eachRecordingBeginsWithWhatThereIs() throws Exception {
        try (RingWatch watch = open()) {
            reach(1, record());
            reach(1, record());
        }
    }

    private void reach(int level, Recorded recorded) throws Exception {
        try (recorded) {
            reach(level);
            assertEquals(List.of(level), levels(recorded.stop(RING)));
        }
    }
}
