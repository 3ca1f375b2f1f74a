// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** A recording by the JDK's Flight Recorder, and what is in it. */
public final class Recorded implements AutoCloseable {
    private final Recording recording;

    private Recorded(Recording recording) {
        this.recording = recording;
    }

    /** @param events that are asked for; no others are recorded */
    public static Recorded start(String... events) {
        Recording recording = new Recording();
        for (String event : events) {
            recording.enable(event);
        }
        return start(recording);
    }

    /** With the settings that it has. */
    public static Recorded start(Recording recording) {
        recording.start();
        return new Recorded(recording);
    }

    /** Ends it; the events of that name, in the order of time. */
    public List<RecordedEvent> stop(String event) throws IOException {
        recording.stop();
        Path file = Files.createTempFile("xdp4j", ".jfr");
        try {
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(each -> each.getEventType().getName().equals(event))
                    .sorted((one, other) -> one.getStartTime().compareTo(other.getStartTime()))
                    .toList();
        } finally {
            Files.delete(file);
        }
    }

    @Override
    public void close() {
        recording.close();
    }
}
