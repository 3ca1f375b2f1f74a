// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogProcessor;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code receive --hdr}: HdrHistogram's own tools find in the log what the source sent, and what the JSON says. */
@Tag("integration")
@Timeout(180)
class LatencyLogIT {
    private static final String FIRST = "239.1.2.3:5004";
    private static final String SECOND = "239.1.2.4:5004";

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(2);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"--workers threads", "--workers processes", "--backend recvmmsg"})
    void hasEveryPacketOnce(String receiver) throws Exception {
        Path log = folder.resolve("latency.hlog");
        List<String> options = new ArrayList<>(
                List.of("--flow", FIRST, "--flow", SECOND, "--hdr", log.toString()));
        options.addAll(List.of(receiver.split(" ")));
        try (Receive receive = Receive.ready(options.toArray(String[]::new));
                PinnedSender sender = PinnedSender.start(0, 20_000, Flow.parse(FIRST), Flow.parse(SECOND))) {
            sender.awaitMore(30_000); // more than one second, and part of another
            List<Long> sent = sender.stop();
            JsonNode report = receive.terminated();

            assertLogged(log, sent.get(0), Receive.flow(report, FIRST));
            assertLogged(log, sent.get(1), Receive.flow(report, SECOND));
            assertProcessed(log, sent.get(1), SECOND);
        }
    }

    /** By HdrHistogram's reader; the JSON is in microseconds. */
    private static void assertLogged(Path log, long sent, JsonNode flow) throws IOException {
        Histogram all = LatencyBuckets.newHistogram();
        int intervals = 0;
        double endS = 0;
        HistogramLogReader reader = new HistogramLogReader(log.toFile());
        for (var next = reader.nextIntervalHistogram(); next != null; next = reader.nextIntervalHistogram()) {
            if (next.getTag().equals(flow.get("flow").asText())) {
                assertEquals(endS, next.getStartTimeStamp() / 1e3 - reader.getStartTimeSec(), 0.002, "a gap in time");
                endS = next.getEndTimeStamp() / 1e3 - reader.getStartTimeSec();
                all.add((Histogram) next);
                intervals++;
            }
        }
        assertEquals(sent, all.getTotalCount());
        assertTrue(intervals >= 2, intervals + " intervals");
        JsonNode latencyUs = flow.get("latencyUs");
        assertEquals(latencyUs.get("p50").asDouble(), all.getValueAtPercentile(50) / 1e3, 1e-9);
        assertEquals(latencyUs.get("p99").asDouble(), all.getValueAtPercentile(99) / 1e3, 1e-9);
        assertEquals(latencyUs.get("p999").asDouble(), all.getValueAtPercentile(99.9) / 1e3, 1e-9);
        assertEquals(latencyUs.get("max").asDouble(), all.getMaxValue() / 1e3, 1e-9);
    }

    private static void assertProcessed(Path log, long sent, String flow) throws IOException {
        String said = processed(log, "-tag", flow);
        assertTrue(said.contains("Total count    = %12d]".formatted(sent)), said);
    }

    /** What the program that comes with HdrHistogram says of the log. */
    private static String processed(Path log, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), HistogramLogProcessor.class.getName(),
                "-i", log.toString()));
        command.addAll(List.of(options));
        return Cable.run(command.toArray(String[]::new));
    }

    /** The receiver goes on when the disk is full, after a second or two, and the exit code says it. */
    @Test
    void aFullDiskEndsTheLogAlone() throws Exception {
        Cable.run("mount", "-t", "tmpfs", "-o", "size=4k", "none", folder.toString());
        List<String> options = new ArrayList<>(
                List.of("--flow", FIRST, "--hdr", folder + "/latency.hlog", "--seconds", "6"));
        IntStream.rangeClosed(1, 60).forEach(i -> options.addAll(List.of("--flow", "239.1.3." + i + ":5004")));
        try (Receive receive = Receive.ready(options.toArray(String[]::new));
                PinnedSender sender = PinnedSender.start(0, 1_000, Flow.parse(FIRST))) {
            receive.awaitSaid("warning: cannot write " + folder + "/latency.hlog: No space left on device");
            sender.awaitMore(500);
            long sent = sender.stop().get(0);

            Receive.assertWhole(sent, receive.ended(1), FIRST);
            assertTrue(receive.said().endsWith("xdp4j: cannot write " + folder
                    + "/latency.hlog: No space left on device "), receive.said());
        } finally {
            Cable.run("umount", folder.toString());
        }
    }

    @Test
    void isRefusedWithoutAnArrivalTime() throws Exception {
        Path log = folder.resolve("latency.hlog");

        String said = Receive.refused("--flow", FIRST, "--backend", "nio", "--hdr", log.toString());

        assertTrue(said.startsWith("xdp4j: --hdr means nothing to --backend nio"), said);
        assertFalse(Files.exists(log));
    }
}
