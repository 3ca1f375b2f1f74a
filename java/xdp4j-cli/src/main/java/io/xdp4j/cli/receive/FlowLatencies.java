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
    /** Of all flows that have had no packet: a Histogram of one's own takes 24 KB, and there may be 16,384 flows. */
    private static final Histogram NONE = LatencyBuckets.newHistogram();

    private final Map<Flow, OfFlow> flows = new HashMap<>(); // those that had packets
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

    /** Of the latest interval; not to be changed. From the first packet on it is one and the same object. */
    Histogram interval(Flow flow) {
        OfFlow known = flows.get(flow);
        return known == null ? NONE : known.interval;
    }

    /** Since the beginning, likewise. */
    Histogram total(Flow flow) {
        OfFlow known = flows.get(flow);
        return known == null ? NONE : known.total;
    }

    /** The queues on which packets of the flow came in the latest interval; none for sockets. */
    List<Integer> queues(Flow flow) {
        OfFlow known = flows.get(flow);
        return known == null ? List.of() : List.copyOf(known.queues);
    }

    /** Of all flows, also of those removed meanwhile. */
    Collection<Histogram> totals() {
        return Stream.concat(flows.values().stream().map(flow -> flow.total), Stream.of(ofRemoved))
                .toList();
    }
}
