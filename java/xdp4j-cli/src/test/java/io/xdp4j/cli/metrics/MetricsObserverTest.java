// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.LatencyBuckets;
import io.xdp4j.cli.receive.QueueSample;
import io.xdp4j.cli.receive.ReceiveObserver;
import io.xdp4j.cli.receive.Sample;
import io.xdp4j.ledger.Demand;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.xdp.XdpStatistics;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run that is scraped, from before its beginning to after its end. */
@Timeout(60)
class MetricsObserverTest {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    private static final String OF_FLOW = "{flow=\"239.1.2.3:5004\"}";

    private final List<String> notes = new ArrayList<>();
    private final ReceiveObserver person = new ReceiveObserver() {
        @Override
        public void note(String text) {
            notes.add(text);
        }
    };
    private final Histogram latencies = LatencyBuckets.newHistogram();

    private MetricsObserver open(Backend backend) throws IOException {
        MetricsObserver observer =
                MetricsObserver.open(new MetricsAddress.Converter().convert("0"), "eth1", backend, person);
        observer.receiving(null, "");
        return observer;
    }

    private URI where() {
        assertEquals(1, notes.size());
        assertTrue(notes.get(0).startsWith("metrics at http://127.0.0.1:"), notes.get(0));
        return URI.create(notes.get(0).substring("metrics at ".length()));
    }

    private Sample sample(long delivered, int fullest) {
        FlowLedger ledger = new FlowLedger(FLOW, delivered, delivered, 0, Map.of(), 0);
        return new Sample(
                Instant.EPOCH,
                0,
                1,
                1,
                new LedgerSnapshot(List.of(ledger), List.of(), List.of(new Demand(0, 0)), List.of()),
                List.of(new Sample.FlowSample(
                        ledger, new RtpFlow().snapshot(), false, 0, 0, List.of(), latencies, latencies)),
                List.of(new QueueSample(0, fullest, 64, 0, new XdpStatistics(0, 0, 0, 0), 0, null)));
    }

    @Test
    void tellsTheLatestSampleUntilItIsClosed() throws Exception {
        URI where;
        try (MetricsObserver observer = open(Backend.XDP)) {
            where = where();
            assertEquals(0, Scrape.of(where).value("xdp4j_flow_wire_packets" + OF_FLOW));
            assertTrue(Scrape.of(where).values().containsKey(
                    "xdp4j_receive_info{backend=\"xdp\",interface=\"eth1\"}"));

            observer.sampled(sample(10, 60));
            observer.sampled(sample(20, 3));
            Scrape scrape = Scrape.of(where);
            assertEquals(20, scrape.value("xdp4j_flow_wire_packets" + OF_FLOW));
            assertEquals(60, scrape.value("xdp4j_queue_ring_fullest_descriptors{queue=\"0\"}"));

            observer.ended(sample(21, 2), null);
            assertEquals(21, Scrape.of(where).value("xdp4j_flow_wire_packets" + OF_FLOW));
        }
        assertThrows(ConnectException.class, () -> Scrape.of(where));
    }

    /** A sample's histograms go on; what is served of it does not. */
    @Test
    void aScrapeDoesNotSeeWhatComesBehindItsSample() throws Exception {
        try (MetricsObserver observer = open(Backend.RECVMMSG)) {
            latencies.recordValue(5_000);
            observer.sampled(sample(1, 0));
            latencies.recordValue(5_000);
            assertEquals(1, Scrape.of(where()).value("xdp4j_flow_latency_seconds_count" + OF_FLOW));
            observer.sampled(sample(2, 0));
            assertEquals(2, Scrape.of(where()).value("xdp4j_flow_latency_seconds_count" + OF_FLOW));
        }
    }

    @Test
    void whereTheKernelGivesNoTimeThereIsNoLatency() throws Exception {
        try (MetricsObserver observer = open(Backend.NIO)) {
            observer.sampled(sample(1, 0));
            assertTrue(
                    Scrape.of(where()).names().stream().noneMatch(name -> name.contains("latency")));
        }
    }

    /** Each answer is of one sample as a whole, and every one is an answer. */
    @Test
    void scrapesAndSamplesDoNotMix() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (MetricsObserver observer = open(Backend.XDP)) {
            observer.sampled(sample(0, 0));
            Thread samples = new Thread(() -> {
                for (int packets = 1; !over.get(); packets++) {
                    observer.sampled(sample(packets, 0));
                }
            });
            samples.start();
            try {
                double before = 0;
                for (int scrapes = 0; scrapes < 50; scrapes++) {
                    Scrape scrape = Scrape.of(where());
                    double wire = scrape.value("xdp4j_flow_wire_packets" + OF_FLOW);
                    assertEquals(wire, scrape.value("xdp4j_flow_delivered_packets_total" + OF_FLOW));
                    assertTrue(wire >= before, wire + " behind " + before);
                    before = wire;
                }
                assertTrue(before > 0);
            } finally {
                over.set(true);
                samples.join();
            }
        }
    }
}
