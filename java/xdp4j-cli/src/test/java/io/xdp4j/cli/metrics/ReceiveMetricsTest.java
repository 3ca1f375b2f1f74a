// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.xdp4j.cli.receive.LatencyBuckets;
import io.xdp4j.cli.receive.QueueSample;
import io.xdp4j.cli.receive.Sample;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.Demand;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.xdp.XdpStatistics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** The text that is served, of samples made by hand. */
class ReceiveMetricsTest {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z"); // 1767225600
    private static final Instant AT = Instant.parse("2026-01-01T00:00:09.250Z");

    private final ReceiveMetrics metrics = new ReceiveMetrics();

    private String text() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(text, metrics.collect(), EscapingScheme.DEFAULT);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    /** Lines with values, of the metrics that begin so; their helps and types are left out. */
    private String values(String... prefixes) {
        return text().lines()
                .filter(line -> List.of(prefixes).stream().anyMatch(line::startsWith))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private String line(String beginning) {
        return text().lines().filter(line -> line.startsWith(beginning)).findFirst().orElseThrow();
    }

    private static RtpStatistics rtp(long received, long expected, long lost) {
        Map<RtpCounter, Long> counts = new EnumMap<>(RtpCounter.class);
        counts.put(RtpCounter.RECEIVED, received);
        counts.put(RtpCounter.EXPECTED, expected);
        counts.put(RtpCounter.LOST, lost);
        counts.put(RtpCounter.DISCONTINUITIES, 11L);
        counts.put(RtpCounter.REORDERED, 12L);
        counts.put(RtpCounter.DUPLICATE, 13L);
        counts.put(RtpCounter.LATE, 14L);
        counts.put(RtpCounter.SSRC_CHANGES, 15L);
        counts.put(RtpCounter.RESTARTS, 16L);
        counts.put(RtpCounter.NON_RTP, 17L);
        counts.put(RtpCounter.BYTES, 1_328_000_000_000L);
        return new RtpStatistics(
                counts, List.of(new RtpStatistics.Stream(0x1234, 33, 90_000, received, 1_500_000, counts)));
    }

    private static Sample.FlowSample flow(FlowLedger ledger, RtpStatistics rtp, boolean split, Integer... queues) {
        Histogram none = LatencyBuckets.newHistogram();
        return new Sample.FlowSample(ledger, rtp, split, 0, 0, List.of(queues), none, none);
    }

    private static FlowLedger ledger(Flow flow) {
        return new FlowLedger(flow, 1_000, 890, 2, Map.of(Cause.UPSTREAM, 90L, Cause.NOT_RTP, 17L), 1);
    }

    private static Sample sample(List<QueueSample> queues, Sample.FlowSample... flows) {
        List<FlowLedger> ledgers = List.of(flows).stream().map(Sample.FlowSample::ledger).toList();
        List<Demand> demands = ledgers.stream().map(ledger -> new Demand(1_000, 2_500_000)).toList();
        return new Sample(
                AT, 0, 1, 9, new LedgerSnapshot(ledgers, List.of(), demands, List.of()), List.of(flows), queues);
    }

    private void publish(Sample sample, List<BoundedLatencies> latencies, Map<Integer, Integer> fullest) {
        metrics.publish(new Published("eth1", "xdp", START, sample, latencies, fullest));
    }

    @Test
    void beforePacketsAreReceivedThereIsOnlyWhatNeverChanges() {
        assertEquals("xdp4j_build_info{version=\"unknown\"} 1\n", values("xdp4j_build")); // not from its jar
        assertEquals(Cause.values().length, values("xdp4j_cause_info").lines().count());
        assertEquals("\n", values("xdp4j_flow", "xdp4j_queue", "xdp4j_r"));
    }

    @Test
    void aRunThatHasBegunTellsWhenAndWhere() {
        publish(null, List.of(), Map.of());
        assertEquals(
                """
                xdp4j_receive_info{backend="xdp",interface="eth1"} 1
                xdp4j_receive_start_time_seconds 1.7672256E9
                """,
                values("xdp4j_rec"));
        assertEquals("\n", values("xdp4j_flow", "xdp4j_queue", "xdp4j_rtp"));
    }

    @Test
    void theLedgerOfAFlowHasEveryCauseAlsoThoseThatLostNothing() {
        publish(sample(List.of(), flow(ledger(FLOW), rtp(890, 980, 90), false)), List.of(), Map.of());
        assertEquals(
                """
                xdp4j_flow_delivered_packets_total{flow="239.1.2.3:5004"} 890.0
                xdp4j_flow_lost_packets{cause="APPLICATION",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="FILL_RING_EMPTY",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="FRAGMENTED",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="INVALID",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="NIC",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="NOT_RTP",flow="239.1.2.3:5004"} 17.0
                xdp4j_flow_lost_packets{cause="NO_METADATA",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="NO_SOCKET_ON_QUEUE",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="REFUSED_UNSEEN",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="RX_RING_FULL",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="SOCKET_BUFFER",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="STACK",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="TOO_LARGE",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="UPSTREAM",flow="239.1.2.3:5004"} 90.0
                xdp4j_flow_lost_packets{cause="UPSTREAM_OR_LOCAL",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_lost_packets{cause="WRONG_QUEUE",flow="239.1.2.3:5004"} 0.0
                xdp4j_flow_unexplained_packets{flow="239.1.2.3:5004"} 1.0
                xdp4j_flow_waiting_packets{flow="239.1.2.3:5004"} 2.0
                xdp4j_flow_wire_packets{flow="239.1.2.3:5004"} 1000.0
                """,
                values("xdp4j_flow"));
        assertEquals("xdp4j_receive_sample_timestamp_seconds 1.76722560925E9\n", values("xdp4j_receive_sample"));
    }

    @Test
    void whatFollowsFromSequenceNumbers() {
        publish(sample(List.of(), flow(ledger(FLOW), rtp(890, 980, 90), false)), List.of(), Map.of());
        assertEquals(
                """
                xdp4j_rtp_discontinuities_total{flow="239.1.2.3:5004"} 11.0
                xdp4j_rtp_duplicate_packets_total{flow="239.1.2.3:5004"} 13.0
                xdp4j_rtp_expected_packets{flow="239.1.2.3:5004"} 980.0
                xdp4j_rtp_jitter_seconds{flow="239.1.2.3:5004"} 0.0015
                xdp4j_rtp_late_packets{flow="239.1.2.3:5004"} 14.0
                xdp4j_rtp_lost_packets{flow="239.1.2.3:5004"} 90.0
                xdp4j_rtp_non_rtp_packets_total{flow="239.1.2.3:5004"} 17.0
                xdp4j_rtp_payload_bytes_total{flow="239.1.2.3:5004"} 1.328E12
                xdp4j_rtp_received_packets_total{flow="239.1.2.3:5004"} 890.0
                xdp4j_rtp_reordered_packets_total{flow="239.1.2.3:5004"} 12.0
                xdp4j_rtp_restarts_total{flow="239.1.2.3:5004"} 16.0
                xdp4j_rtp_ssrc_changes_total{flow="239.1.2.3:5004"} 15.0
                """,
                values("xdp4j_rtp"));
    }

    /** LOST is the ledger's, without NOT_RTP, as in the JSON. */
    @Test
    void ofASplitFlowWhatNeedsTheWholeSequenceIsLeftOut() {
        publish(sample(List.of(), flow(ledger(FLOW), rtp(890, 7, 7), true)), List.of(), Map.of());
        assertEquals(
                """
                xdp4j_rtp_expected_packets{flow="239.1.2.3:5004"} 980.0
                xdp4j_rtp_jitter_seconds{flow="239.1.2.3:5004"} 0.0015
                xdp4j_rtp_lost_packets{flow="239.1.2.3:5004"} 90.0
                xdp4j_rtp_non_rtp_packets_total{flow="239.1.2.3:5004"} 17.0
                xdp4j_rtp_payload_bytes_total{flow="239.1.2.3:5004"} 1.328E12
                xdp4j_rtp_received_packets_total{flow="239.1.2.3:5004"} 890.0
                xdp4j_rtp_ssrc_changes_total{flow="239.1.2.3:5004"} 15.0
                """,
                values("xdp4j_rtp"));
    }

    @Test
    void whatMayFallIsAGauge() {
        publish(sample(List.of(), flow(ledger(FLOW), rtp(890, 980, 90), false)), List.of(), Map.of());
        String types = values("# TYPE xdp4j_flow", "# TYPE xdp4j_rtp");
        for (String falls : List.of(
                "flow_wire_packets", "flow_waiting_packets", "flow_lost_packets", "flow_unexplained_packets",
                "rtp_expected_packets", "rtp_lost_packets", "rtp_late_packets", "rtp_jitter_seconds")) {
            assertTrue(types.contains("# TYPE xdp4j_" + falls + " gauge\n"), types);
        }
        assertEquals(9, types.lines().filter(line -> line.endsWith("_total counter")).count(), types);
        assertEquals(17, types.lines().count(), types);
    }

    @Test
    void helpIsWhatTheEnumsSay() {
        publish(sample(List.of(), flow(ledger(FLOW), rtp(890, 980, 90), false)), List.of(), Map.of());
        assertEquals(
                "# HELP xdp4j_rtp_late_packets Packets with no place in their run: behind the window or the run's"
                        + " start, or alone far ahead.",
                line("# HELP xdp4j_rtp_late_packets"));
        String lost = line("# HELP xdp4j_flow_lost_packets");
        assertTrue(lost.contains(" RX_RING_FULL: The socket's RX ring had no room: the receiver had not emptied it in"
                + " time. REFUSED_UNSEEN: "), lost);
        assertEquals(
                "xdp4j_cause_info{cause=\"NO_METADATA\",change=\"Attach in generic mode.\"} 1",
                line("xdp4j_cause_info{cause=\"NO_METADATA\""));
    }

    @Test
    void latenciesAreAHistogram() {
        Histogram latencies = LatencyBuckets.newHistogram();
        latencies.recordValue(1_000);
        latencies.recordValueWithCount(3_000_000, 5);
        latencies.recordValue(2_000_000_000);
        publish(
                sample(List.of(), flow(ledger(FLOW), rtp(890, 980, 90), false)),
                List.of(BoundedLatencies.of(latencies)),
                Map.of());
        String text = values("xdp4j_flow_latency");
        assertEquals(24, text.lines().count(), text);
        assertTrue(text.startsWith("xdp4j_flow_latency_seconds_bucket{flow=\"239.1.2.3:5004\",le=\"1.023E-6\"} 1\n"));
        for (String bucket : List.of(
                "le=\"0.002097151\"} 1", "le=\"0.004194303\"} 6", "le=\"1.073741823\"} 6", "le=\"+Inf\"} 7")) {
            assertTrue(text.contains("_bucket{flow=\"239.1.2.3:5004\"," + bucket + "\n"), text);
        }
        assertTrue(text.contains("_count{flow=\"239.1.2.3:5004\"} 7\n"), text);
        double sum = Double.parseDouble(line("xdp4j_flow_latency_seconds_sum").split(" ")[1]);
        assertEquals(2.015001, sum, 0.004 * 2.015001);
    }

    @Test
    void queuesAreThoseOfTheirReceivers() {
        QueueSample thread = new QueueSample(0, 5, 2_048, 880, new XdpStatistics(1, 2, 3, 4), 2_500_000, null);
        QueueSample process = new QueueSample(3, 0, 64, 10, new XdpStatistics(0, 0, 0, 0), 1_000_000_000, 6);
        publish(
                sample(List.of(thread, process), flow(ledger(FLOW), rtp(890, 980, 90), true, 0, 3)),
                List.of(),
                Map.of(0, 700, 3, 64));
        assertEquals(
                """
                xdp4j_flow_queue{flow="239.1.2.3:5004",queue="0"} 1.0
                xdp4j_flow_queue{flow="239.1.2.3:5004",queue="3"} 1.0
                xdp4j_queue_ring_fullest_descriptors{queue="0"} 700.0
                xdp4j_queue_ring_fullest_descriptors{queue="3"} 64.0
                xdp4j_queue_ring_room_descriptors{queue="0"} 2048.0
                xdp4j_queue_ring_room_descriptors{queue="3"} 64.0
                xdp4j_queue_rx_dropped_packets_total{queue="0"} 1.0
                xdp4j_queue_rx_dropped_packets_total{queue="3"} 0.0
                xdp4j_queue_rx_fill_ring_empty_total{queue="0"} 4.0
                xdp4j_queue_rx_fill_ring_empty_total{queue="3"} 0.0
                xdp4j_queue_rx_invalid_descriptors_total{queue="0"} 2.0
                xdp4j_queue_rx_invalid_descriptors_total{queue="3"} 0.0
                xdp4j_queue_rx_ring_full_packets_total{queue="0"} 3.0
                xdp4j_queue_rx_ring_full_packets_total{queue="3"} 0.0
                xdp4j_queue_taken_packets_total{queue="0"} 880.0
                xdp4j_queue_taken_packets_total{queue="3"} 10.0
                xdp4j_queue_worker_restarts_total{queue="3"} 6.0
                xdp4j_receiver_longest_absence_seconds{queue="0"} 0.0025
                xdp4j_receiver_longest_absence_seconds{queue="3"} 1.0
                """,
                values("xdp4j_flow_queue", "xdp4j_queue", "xdp4j_receiver"));
    }

    @Test
    void receiversOfOrdinarySocketsAreThoseOfFlows() {
        publish(sample(List.of(), flow(ledger(FLOW), rtp(890, 980, 90), false)), List.of(), Map.of());
        assertEquals(
                "xdp4j_receiver_longest_absence_seconds{flow=\"239.1.2.3:5004\"} 0.0025\n", values("xdp4j_receiver"));
        assertEquals("\n", values("xdp4j_queue", "xdp4j_flow_queue"));
    }

    @Test
    void eachFlowHasItsOwn() {
        Flow other = Flow.parse("[ff3e::8000:1]:5004@fd99::2");
        publish(
                sample(
                        List.of(),
                        flow(new FlowLedger(FLOW, 5, 5, 0, Map.of(), 0), rtp(5, 5, 0), false),
                        flow(new FlowLedger(other, 7, 6, 0, Map.of(Cause.NIC, 1L), 0), rtp(6, 7, 1), false)),
                List.of(),
                Map.of());
        assertEquals(
                """
                xdp4j_flow_wire_packets{flow="239.1.2.3:5004"} 5.0
                xdp4j_flow_wire_packets{flow="[ff3e:0:0:0:0:0:8000:1]:5004@fd99:0:0:0:0:0:0:2"} 7.0
                """,
                values("xdp4j_flow_wire"));
    }

    /** As docs/metrics.md says. */
    @Test
    void howManySeriesThereAre() {
        Histogram latencies = LatencyBuckets.newHistogram();
        publish(
                sample(
                        List.of(new QueueSample(0, 0, 64, 0, new XdpStatistics(0, 0, 0, 0), 0, 0)),
                        flow(ledger(FLOW), rtp(890, 980, 90), false, 0)),
                List.of(BoundedLatencies.of(latencies)),
                Map.of(0, 0));
        assertEquals(56 + 1 + 9 + 20, text().lines().filter(line -> !line.startsWith("#")).count());
    }

    /** A flow that is removed has no series any more. */
    @Test
    void onlyTheLatestSampleIsTold() {
        publish(sample(List.of(), flow(ledger(FLOW), rtp(890, 980, 90), false)), List.of(), Map.of());
        Flow other = Flow.parse("239.1.2.4:5004");
        publish(sample(List.of(), flow(ledger(other), rtp(890, 980, 90), false)), List.of(), Map.of());
        assertFalse(text().contains("239.1.2.3"), text());
    }
}
