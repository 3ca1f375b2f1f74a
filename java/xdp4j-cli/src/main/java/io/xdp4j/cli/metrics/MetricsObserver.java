// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.QueueSample;
import io.xdp4j.cli.receive.ReceiveObserver;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.cli.receive.Sample;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Serves the latest sample of a run as metrics, from when it is opened until it is closed.
 *
 * <p>Each sample is copied once; whoever scrapes reads the copy, at any time and as often as he likes, and neither
 * waits for the run nor makes it wait.
 */
public final class MetricsObserver implements ReceiveObserver, Closeable {
    private final String interfaceName;
    private final Backend backend;
    private final ReceiveObserver person;
    private final ReceiveMetrics metrics = new ReceiveMetrics();
    private final Map<Integer, LatestMinute> fullest = new HashMap<>(); // by queue
    private final MetricsServer server;
    private Instant startedAt;

    private MetricsObserver(MetricsAddress where, String interfaceName, Backend backend, ReceiveObserver person)
            throws IOException {
        this.interfaceName = interfaceName;
        this.backend = backend;
        this.person = person;
        this.server = MetricsServer.open(where, metrics);
    }

    /**
     * @param person is told where it serves
     * @throws io.xdp4j.cli.BadInput when it cannot listen there
     */
    public static MetricsObserver open(
            MetricsAddress where, String interfaceName, Backend backend, ReceiveObserver person) throws IOException {
        return new MetricsObserver(where, interfaceName, backend, person);
    }

    @Override
    public void receiving(ReceiveSettings settings, String inForce) throws IOException {
        startedAt = Instant.now();
        publish(null, List.of(), Map.of());
        person.note("metrics at " + server.url());
    }

    @Override
    public void sampled(Sample sample) {
        Map<Integer, Integer> highest = new HashMap<>();
        for (QueueSample queue : sample.queues()) {
            highest.put(
                    queue.queue(),
                    fullest.computeIfAbsent(queue.queue(), first -> new LatestMinute())
                            .add(queue.fullest()));
        }
        List<BoundedLatencies> latencies = backend == Backend.NIO // which has no time of the kernel's
                ? List.of()
                : sample.flows().stream()
                        .map(flow -> BoundedLatencies.of(flow.totalNs()))
                        .toList();
        publish(sample, latencies, highest);
    }

    private void publish(Sample sample, List<BoundedLatencies> latencies, Map<Integer, Integer> highest) {
        metrics.publish(
                new Published(interfaceName, backend.toString(), startedAt, sample, latencies, highest));
    }

    @Override
    public void ended(Sample last, ReceiveReport report) {
        sampled(last);
    }

    @Override
    public void close() {
        server.close();
    }
}
