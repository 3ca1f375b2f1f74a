// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.hdr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.LatencyBuckets;
import io.xdp4j.cli.receive.ReceiveReports;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.cli.receive.Sample;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpFlow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What HdrHistogram's own reader finds in the log. */
class LatencyLogTest {
    private static final LedgerSnapshot NOTHING = new LedgerSnapshot(List.of(), List.of(), List.of(), List.of());
    private static final ReceiveSettings SETTINGS = ReceiveReports.settings(Backend.XDP, 64, NOTHING);
    private static final int LOWEST_NS = 100;
    private static final String IPV4 = "239.1.2.3:5004";
    private static final String IPV6 = "[ff3e:0:0:0:0:0:0:1]:5004@2001:db8:0:0:0:0:0:7";

    @TempDir
    private Path folder;

    private static Sample sample(double seconds, double elapsedSeconds, Sample.FlowSample... flows) {
        return new Sample(Instant.now(), 0, seconds, elapsedSeconds, NOTHING, List.of(flows), List.of());
    }

    private static Sample.FlowSample flow(String flow, long... latenciesNs) {
        Histogram interval = LatencyBuckets.newHistogram();
        for (long ns : latenciesNs) {
            interval.recordValue(ns);
        }
        return new Sample.FlowSample(
                new FlowLedger(Flow.parse(flow), 0, 0, 0, Map.of(), 0), new RtpFlow().snapshot(), false, 0, 0,
                List.of(), interval, LatencyBuckets.newHistogram());
    }

    @Test
    void hasAnIntervalForEachFlowAndSecond() throws IOException {
        Path file = folder.resolve("latency.hlog");
        long before = System.currentTimeMillis();
        try (LatencyLog log = LatencyLog.of(file.toString(), SETTINGS)) {
            log.receiving(SETTINGS, "");
            log.sampled(sample(1.002, 1.002, flow(IPV4, 1_000, 3_000_000), flow(IPV6)));
            log.sampled(sample(0.998, 2.0, flow(IPV4, 2_000), flow(IPV6, 60_000_000_000L)));
            log.ended(sample(0.25, 2.25, flow(IPV4, 7_000, 7_000, 7_000), flow(IPV6, 500)), null);
        }
        long after = System.currentTimeMillis();

        HistogramLogReader reader = new HistogramLogReader(file.toFile());
        assertInterval(reader.nextIntervalHistogram(), IPV4, 2, 3_000_000);
        assertTrue(before - 1 <= 1e3 * reader.getStartTimeSec() && 1e3 * reader.getStartTimeSec() <= after);
        long start = Math.round(1e3 * reader.getStartTimeSec());
        EncodableHistogram silent = reader.nextIntervalHistogram();
        assertInterval(silent, IPV6, 0, 0);
        assertEquals(start, silent.getStartTimeStamp());
        assertEquals(start + 1_002, silent.getEndTimeStamp());
        EncodableHistogram second = reader.nextIntervalHistogram();
        assertInterval(second, IPV4, 1, 2_000);
        assertEquals(start + 1_002, second.getStartTimeStamp());
        assertEquals(start + 2_000, second.getEndTimeStamp());
        assertInterval(reader.nextIntervalHistogram(), IPV6, 1, 60_000_000_000L);
        EncodableHistogram last = reader.nextIntervalHistogram();
        assertInterval(last, IPV4, 3, 7_000);
        assertEquals(start + 2_250, last.getEndTimeStamp());
        assertInterval(reader.nextIntervalHistogram(), IPV6, 1, 500);
        assertNull(reader.nextIntervalHistogram());
    }

    /** Within the two digits that are kept, and the least that is told apart. */
    private static void assertInterval(EncodableHistogram interval, String tag, long count, long maxNs) {
        Histogram histogram = (Histogram) interval;
        assertEquals(tag, histogram.getTag());
        assertEquals(count, histogram.getTotalCount());
        assertEquals(maxNs, histogram.getMaxValue(), Math.max(0.01 * maxNs, LOWEST_NS));
    }

    @Test
    void isOfVersion13AndSaysTheUnit() throws IOException {
        Path file = folder.resolve("latency.hlog");
        try (LatencyLog log = LatencyLog.of(file.toString(), SETTINGS)) {
            log.receiving(SETTINGS, "");
            List<String> lines = Files.readAllLines(file); // before it is closed
            assertEquals("#[Histogram log format version 1.3]", lines.get(0));
            assertTrue(lines.get(1).contains("rx0, backend xdp: latency from kernel to user in nanoseconds"));
            assertTrue(lines.get(2).startsWith("#[StartTime: "));
            log.sampled(sample(1, 1, flow(IPV4, 2_500_000)));
            String interval = Files.readAllLines(file).get(5);
            assertTrue(interval.startsWith("Tag=" + IPV4 + ",0.000,1.000,2.5"), interval);
        }
    }

    @Test
    void leavesNoFileBeforeAnythingIsReceived() throws IOException {
        Path file = folder.resolve("latency.hlog");
        LatencyLog.of(file.toString(), SETTINGS).close();
        assertFalse(Files.exists(file));
    }

    @Test
    void nothingIsKeptOfAnEarlierRun() throws IOException {
        Path file = Files.writeString(folder.resolve("latency.hlog"), "x".repeat(10_000));
        try (LatencyLog log = LatencyLog.of(file.toString(), SETTINGS)) {
            log.receiving(SETTINGS, "");
        }
        assertFalse(Files.readString(file).contains("x".repeat(100)));
    }

    @Test
    void aFullDiskIsSaid() throws IOException {
        try (LatencyLog log = LatencyLog.of("/dev/full", SETTINGS)) {
            IOException failure = assertThrows(IOException.class, () -> log.receiving(SETTINGS, ""));
            assertEquals("cannot write /dev/full: No space left on device", failure.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "XDP, /nowhere/x.hlog, --hdr /nowhere/x.hlog: there is no folder /nowhere; make it first",
        "XDP, /proc, --hdr /proc is a folder: name a file",
        "NIO, x.hlog, '--hdr means nothing to --backend nio, which has no arrival time of the kernel''s: leave it out,"
                + " or use xdp, raw or recvmmsg'",
    })
    void refusesWhatCannotBe(Backend backend, String name, String message) {
        ReceiveSettings settings = ReceiveReports.settings(backend, 64, NOTHING);
        assertEquals(message, assertThrows(BadInput.class, () -> LatencyLog.of(name, settings)).getMessage());
    }
}
