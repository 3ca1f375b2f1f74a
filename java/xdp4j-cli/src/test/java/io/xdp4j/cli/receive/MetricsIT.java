// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.cli.Program;
import io.xdp4j.cli.metrics.Scrape;
import io.xdp4j.ledger.Cause;
import io.xdp4j.packet.Flow;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code --metrics}, scraped while packets come, and beside the JSON at the end. */
@Tag("integration")
@Timeout(180)
class MetricsIT {
    private static final String FLOW = "239.1.2.3:5004";
    private static final String OF_FLOW = "{flow=\"" + FLOW + "\"}";
    private static final String TAKEN_AT = "xdp4j_receive_sample_timestamp_seconds";
    private static final int NOT_RTP = 3;

    /** Of 10,000 positions; the source leaves out 107. */
    private static final long SENT = 9_893;

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(2);

    private static void send() throws Exception {
        try (RtpSource source = RtpSource.on(Cable.TX)
                .flow(Flow.parse(FLOW))
                .positions(10_000)
                .lose(List.of(new PositionRange(500, 599, 1), new PositionRange(2_000, 8_000, 1_000)))
                .open()) {
            PacedSender sender = new PacedSender(source, 20_000);
            while (sender.step()) {
                // until all is sent
            }
            assertEquals(0, source.refused());
        }
        try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
            channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName(Cable.TX));
            channel.bind(new InetSocketAddress(Cable.TX_IPV4, 0));
            for (int i = 0; i < NOT_RTP; i++) {
                channel.send(ByteBuffer.wrap(new byte[100]), new InetSocketAddress("239.1.2.3", 5004));
            }
        }
    }

    /** The first sample that has all packets, and the next one: by then the ledger has its mind made up. */
    private static Scrape awaitAll(URI where) throws Exception {
        Scrape scrape = Scrape.of(where);
        while (scrape.value("xdp4j_flow_delivered_packets_total" + OF_FLOW) < SENT
                || scrape.value("xdp4j_flow_lost_packets{cause=\"NOT_RTP\",flow=\"" + FLOW + "\"}") < NOT_RTP) {
            scrape = next(where, scrape);
        }
        return next(where, scrape);
    }

    private static Scrape next(URI where, Scrape before) throws Exception {
        Scrape scrape = before;
        while (scrape.value(TAKEN_AT) == before.value(TAKEN_AT)) {
            Thread.sleep(100);
            scrape = Scrape.of(where);
        }
        return scrape;
    }

    /** Series that stand in the JSON too, as it has them. */
    private static Map<String, Double> expected(JsonNode report) {
        Map<String, Double> expected = new TreeMap<>();
        JsonNode flow = Receive.flow(report, FLOW);
        expected.put("xdp4j_flow_wire_packets" + OF_FLOW, flow.at("/ledger/wire").asDouble());
        expected.put("xdp4j_flow_delivered_packets_total" + OF_FLOW, flow.at("/ledger/delivered").asDouble());
        expected.put("xdp4j_flow_waiting_packets" + OF_FLOW, flow.at("/ledger/waiting").asDouble());
        expected.put("xdp4j_flow_unexplained_packets" + OF_FLOW, flow.at("/ledger/unexplained").asDouble());
        for (Cause cause : Cause.values()) {
            expected.put(
                    "xdp4j_flow_lost_packets{cause=\"" + cause + "\",flow=\"" + FLOW + "\"}",
                    flow.at("/ledger/causes/" + cause).asDouble()); // 0 if there is none
        }
        Map.ofEntries(
                        Map.entry("received", "received_packets_total"),
                        Map.entry("expected", "expected_packets"),
                        Map.entry("lost", "lost_packets"),
                        Map.entry("discontinuities", "discontinuities_total"),
                        Map.entry("reordered", "reordered_packets_total"),
                        Map.entry("duplicate", "duplicate_packets_total"),
                        Map.entry("late", "late_packets"),
                        Map.entry("restarts", "restarts_total"),
                        Map.entry("ssrcChanges", "ssrc_changes_total"),
                        Map.entry("nonRtp", "non_rtp_packets_total"),
                        Map.entry("bytes", "payload_bytes_total"))
                .forEach((field, name) -> {
                    if (flow.has(field)) {
                        expected.put("xdp4j_rtp_" + name + OF_FLOW, flow.get(field).asDouble());
                    }
                });
        for (JsonNode queue : report.at("/xdp/queues")) {
            String labels = "{queue=\"" + queue.get("queue").asInt() + "\"}";
            expected.put("xdp4j_queue_taken_packets_total" + labels, queue.get("taken").asDouble());
            expected.put("xdp4j_queue_ring_fullest_descriptors" + labels, queue.get("fullest").asDouble());
            expected.put("xdp4j_queue_ring_room_descriptors" + labels, report.at("/xdp/rxRing").asDouble());
            JsonNode statistics = queue.get("statistics");
            expected.put("xdp4j_queue_rx_dropped_packets_total" + labels, statistics.get("rxDropped").asDouble());
            expected.put("xdp4j_queue_rx_ring_full_packets_total" + labels, statistics.get("rxRingFull").asDouble());
            expected.put("xdp4j_queue_rx_fill_ring_empty_total" + labels, statistics.get("rxFillRingEmpty").asDouble());
            expected.put(
                    "xdp4j_queue_rx_invalid_descriptors_total" + labels,
                    statistics.get("rxInvalidDescriptors").asDouble());
            if (queue.has("restarts")) {
                expected.put("xdp4j_queue_worker_restarts_total" + labels, queue.get("restarts").asDouble());
            }
        }
        return expected;
    }

    /** A percentile of the JSON lies where the buckets have it; the histogram itself does not stand there. */
    private static void assertPercentile(Scrape scrape, double fraction, double us) {
        double count = scrape.value("xdp4j_flow_latency_seconds_count" + OF_FLOW);
        double below = 0;
        for (int power = 10; power <= 30; power++) {
            double bound = ((1L << power) - 1) / 1e9;
            double upTo = scrape.value(
                    "xdp4j_flow_latency_seconds_bucket{flow=\"" + FLOW + "\",le=\"" + bound + "\"}");
            if (us / 1e6 <= bound) {
                assertTrue(below <= fraction * count && fraction * count <= upTo, fraction + ": " + us + " us");
                return;
            }
            below = upTo;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--workers threads", "--workers processes", "--backend recvmmsg", "--backend nio"})
    void figuresAreThoseOfTheJson(String options) throws Exception {
        boolean nio = options.endsWith("nio");
        try (Receive receive = Receive.ready(("--flow " + FLOW + " --metrics 0 " + options).split(" "))) {
            URI where = Scrape.where(receive.program);
            if (options.endsWith("processes")) {
                Cable.run("kill", "-KILL", Long.toString(receive.worker(1)));
                receive.awaitSaid("queue 1 has a worker again");
            }
            send();
            Scrape scrape = awaitAll(where);
            JsonNode report = receive.terminated();

            assertEquals(SENT + NOT_RTP + 107, Receive.flow(report, FLOW).at("/ledger/wire").asLong());
            Map<String, Double> told = new TreeMap<>(scrape.values());
            told.keySet().removeIf(series -> series.matches(
                    "xdp4j_(flow_latency|rtp_jitter|flow_queue|receive|build|cause).*"));
            assertEquals(expected(report), told);

            JsonNode flow = Receive.flow(report, FLOW);
            assertEquals(
                    flow.get("jitterMs").asDouble(), 1e3 * scrape.value("xdp4j_rtp_jitter_seconds" + OF_FLOW), 1e-9);
            double longest = scrape.values().entrySet().stream()
                    .filter(series -> series.getKey().startsWith("xdp4j_receiver_longest_absence_seconds{"))
                    .mapToDouble(Map.Entry::getValue)
                    .max()
                    .orElseThrow();
            assertTrue(longest > 0 && 1e3 * longest <= report.get("longestAbsenceMs").asDouble() + 1e-6, scrape.text());
            assertEquals(nio ? 0 : SENT + NOT_RTP, scrape.value("xdp4j_flow_latency_seconds_count" + OF_FLOW));
            if (!nio) {
                assertPercentile(scrape, 0.5, flow.at("/latencyUs/p50").asDouble());
                assertPercentile(scrape, 0.99, flow.at("/latencyUs/p99").asDouble());
                assertPercentile(scrape, 1, flow.at("/latencyUs/max").asDouble());
            }
            scrape.assertCleanForPromtool();
        }
        Cable.holdsNothing("239.1.2.3");
    }

    /** Ten times a second, which is 150 times as often as is usual. */
    @Test
    void nothingIsLostWhileItIsScraped() throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--metrics", "0", "--workers", "threads",
                        "--rx-ring", "131072", "--fill-ring", "131072")) {
            URI where = Scrape.where(receive.program);
            try (PinnedSender sender = PinnedSender.start(0, 390_000, Flow.parse(FLOW))) {
                while (sender.sent() < 1_000_000) {
                    Scrape.of(where);
                    Thread.sleep(100);
                }
                long sent = sender.stop().get(0);
                Receive.assertWhole(sent, receive.terminated(), FLOW);
            }
        }
    }

    @Test
    void whatItCannotListenOnIsOneLineAndNothingIsLeft() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String where = "127.0.0.1:" + taken.getLocalPort();
            assertRefused(Receive.refused("--flow", FLOW, "--metrics", where), where);
        }
        assertRefused(Receive.refused("--flow", FLOW, "--metrics", "10.99.0.7:9400"), "10.99.0.7:9400");
        assertRefused(Receive.refused(Program::startAsNobody, "--flow", FLOW, "--metrics", "80"), "127.0.0.1:80");
        String name = Receive.refused("--flow", FLOW, "--metrics", "localhost:9400");
        assertTrue(name.contains("--metrics") && name.contains("names are not looked up"), name);
        Cable.holdsNothing("239.1.2.3");
    }

    private static void assertRefused(String said, String where) {
        assertTrue(said.startsWith("xdp4j: --metrics " + where + ": cannot listen there ("), said);
        assertTrue(said.contains("use an address of this machine, and a port from 1024 on that is free"), said);
    }
}
