// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.packet.Flow;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;

/**
 * The latencies of packets from kernel to user, by flow, over all receivers: of the latest interval, and in all.
 *
 * <p>Threads: one.
 */
public final class FlowLatencies {
    private static final long LOWEST_NS = 100;
    private static final long HIGHEST_NS = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 2;

    private final Map<Flow, OfFlow> flows = new HashMap<>();

    private static final class OfFlow {
        final Histogram interval = newTotal();
        final Histogram total = newTotal();
        final TreeSet<Integer> queues = new TreeSet<>();
    }

    /** For what is recorded between two looks of a reader: a second, or little more. */
    public static IntCountsHistogram newInterval() {
        return new IntCountsHistogram(LOWEST_NS, HIGHEST_NS, DIGITS);
    }

    /** That is empty, and fit to add others to. */
    static Histogram newTotal() {
        return new Histogram(LOWEST_NS, HIGHEST_NS, DIGITS);
    }

    /** As near as a histogram takes it: clocks of two CPUs may differ by some nanoseconds. */
    static long recordable(long latencyNs) {
        return Math.min(Math.max(latencyNs, 0), HIGHEST_NS);
    }

    /** Another interval begins. */
    void begin() {
        flows.values().forEach(flow -> {
            flow.interval.reset();
            flow.queues.clear();
        });
    }

    /** @param queue that the packets came on; null for a socket */
    void add(Flow flow, Integer queue, AbstractHistogram latencyNs) {
        OfFlow known = flows.computeIfAbsent(flow, added -> new OfFlow());
        known.interval.add(latencyNs);
        known.total.add(latencyNs);
        if (queue != null) {
            known.queues.add(queue);
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
        return flows.values().stream().map(flow -> flow.total).toList();
    }

    private OfFlow known(Flow flow) {
        return flows.computeIfAbsent(flow, unheardOf -> new OfFlow());
    }
}
