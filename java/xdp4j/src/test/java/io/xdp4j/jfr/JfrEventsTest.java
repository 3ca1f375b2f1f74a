// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.lab.ChildJvm;
import io.xdp4j.lab.Recorded;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.Configuration;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.ValueDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;

/** The events as the Flight Recorder knows them, and what they are to a JVM that records nothing. */
class JfrEventsTest {
    private static final Set<String> NAMES = 
            Set.of("io.xdp4j.Gap", "io.xdp4j.Loss", "io.xdp4j.Mode", "io.xdp4j.Ring");
    private static final Path SETTINGS = Path.of("../../docs/xdp4j.jfc");

    private static List<EventType> types() {
        JfrEvents.prepare();
        return FlightRecorder.getFlightRecorder().getEventTypes().stream()
                .filter(type -> type.getName().startsWith("io.xdp4j."))
                .toList();
    }

    private static String quiet(String option) throws Exception {
        return ChildJvm.run(List.of("env", "JDK_JAVA_OPTIONS=" + option), QuietJvm.class);
    }

    @Test
    void eachIsOffAndExplained() {
        assertEquals(NAMES, types().stream().map(EventType::getName).collect(Collectors.toSet()));
        for (EventType type : types()) {
            assertEquals("false", type.getSettingDescriptors().stream()
                    .filter(setting -> setting.getName().equals("enabled"))
                    .findFirst()
                    .orElseThrow()
                    .getDefaultValue());
            assertFalse(type.getDescription().isEmpty(), type.getName());
            assertEquals(List.of("xdp4j"), type.getCategoryNames());
            for (ValueDescriptor field : type.getFields()) {
                assertFalse(field.getLabel().isEmpty(), type.getName() + " " + field.getName());
            }
        }
    }

    @Test
    void theSettingsEnableThemAll() throws Exception {
        Map<String, String> settings = Configuration.create(SETTINGS).getSettings();
        for (String name : NAMES) {
            assertEquals("true", settings.remove(name + "#enabled"), name);
        }
        assertEquals(Map.of("io.xdp4j.Ring#period", "1 s"), settings, "and nothing else");
    }

    @Test
    void whatIsToldIsRecorded() throws Exception {
        JfrEvents.loss("239.1.2.3:5004", "RX_RING_FULL", 1); // nobody listens
        try (Recorded recorded = Recorded.start("io.xdp4j.Loss", "io.xdp4j.Mode")) {
            JfrEvents.loss("239.1.2.3:5004", "RX_RING_FULL", 7);
            JfrEvents.loss("239.1.2.3:5004", "UPSTREAM", -2);
            JfrEvents.mode("interface rx0", "up", "down", null);
            List<RecordedEvent> losses = recorded.stop("io.xdp4j.Loss");
            assertEquals(List.of(7L, -2L), losses.stream().map(e -> e.getLong("packets")).toList());
            assertEquals("RX_RING_FULL", losses.get(0).getString("cause"));
            assertEquals("239.1.2.3:5004", losses.get(0).getString("flow"));
        }
        try (Recorded recorded = Recorded.start("io.xdp4j.Mode")) {
            JfrEvents.mode("interface rx0", "up", "down", null);
            RecordedEvent mode = recorded.stop("io.xdp4j.Mode").get(0);
            assertEquals("interface rx0", mode.getString("what"));
            assertEquals("up", mode.getString("asked"));
            assertEquals("down", mode.getString("inForce"));
            assertNull(mode.getString("reason"));
        }
    }

    @Test
    void aJvmThatRecordsNothingDoesNotEvenLoadThem() throws Exception {
        String said = quiet("-Xlog:class+load");
        assertTrue(said.contains("lost 3"), said);
        assertTrue(said.contains(JfrEvents.class.getName() + " "), said);
        assertFalse(said.contains(GapEvent.class.getName() + " "), said);
        assertFalse(said.contains(ModeEvent.class.getName() + " "), said);
        assertFalse(said.contains(LossEvent.class.getName() + " "), said);
        assertFalse(said.contains(RingEvent.class.getName() + " "), said);
    }

    /** The event is not known yet when the JVM reads its options: hence the plus. */
    @Test
    void theJvmsOptionAsksForOne() throws Exception {
        Path file = Files.createTempFile("xdp4j", ".jfr");
        try {
            quiet("-XX:StartFlightRecording:filename=" + file + ",+io.xdp4j.Gap#enabled=true");
            List<RecordedEvent> ours = RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().startsWith("io.xdp4j."))
                    .toList();
            assertEquals(1, ours.size(), ours::toString);
            assertEquals("io.xdp4j.Gap", ours.get(0).getEventType().getName());
            assertEquals(3, ours.get(0).getInt("missing"));
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void aRecordingMayBeginLate() throws Exception {
        assertEquals("missing 2", ChildJvm.run(List.of(), LateRecording.class));
    }

    @Test
    void aRuntimeWithoutTheFlightRecorderDoesWithout() throws Exception {
        String said = quiet("--limit-modules=java.management");
        assertTrue(said.endsWith("lost 3"), said);
    }
}
