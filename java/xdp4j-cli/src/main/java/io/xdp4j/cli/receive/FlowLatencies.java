// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.packet.Flow;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * The latencies of packets from kernel to user, by flow, over all receivers: of the latest interval, and in all.
 *
 * <p>Threads: one.
 */
final class FlowLatencies {
    private final Map<Flow, OfFlow> flows = new HashMap<>();
    private final Histogram ofRemoved = LatencyBuckets.newHistogram(); // all of them together

    private static final class OfFlow {
        final Histogram interval = LatencyBuckets.newHistogram();
        final Histogram total = LatencyBuckets.newHistogram();
        final TreeSet<Integer> queues = new TreeSet<>();
    }

    /** Another interval begins. */
    void begin() {
        flows.values().forEach(flow -> {
            flow.interval.reset();
            flow.queues.clear();
        });
    }

    /** @param queue that the packets came on; null for a socket */
    void add(Flow flow, Integer queue, Histogram latencyNs) {
        OfFlow known = flows.computeIfAbsent(flow, added -> new OfFlow());
        known.interval.add(latencyNs);
        known.total.add(latencyNs);
        if (queue != null) {
            known.queues.add(queue);
        }
    }

    /** The flow is received no more; should it come again, its account begins anew. */
    void remove(Flow flow) {
        OfFlow gone = flows.remove(flow);
        if (gone != null) {
            ofRemoved.add(gone.total);
        }
    }

    /** Of the latest interval; one and the same object for the life of this, which may be empty. */
    Histogram interval(Flow flow) {
        return known(flow).interval;
    }

    /** Since the beginning, likewise. */
    Histogram total(Flow flow) {
        return known(flow).total;
    }

    /** The queues on which packets of the flow came in the latest interval; none for sockets. */
    List<Integer> queues(Flow flow) {
        return List.copyOf(known(flow).queues);
    }

    /** Of all flows, also of those removed meanwhile. */
    Collection<Histogram> totals() {
        return Stream.concat(flows.values().stream().map(flow -> flow.total), Stream.of(ofRemoved))
                .toList();
    }

    private OfFlow known(Flow flow) {
        return flows.computeIfAbsent(flow, unheardOf -> new OfFlow());
    }
}
