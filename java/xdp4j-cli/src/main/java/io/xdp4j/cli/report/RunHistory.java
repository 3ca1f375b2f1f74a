// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.receive.QueueSample;
import io.xdp4j.cli.receive.Sample;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.packet.Flow;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * How a run went, second by second: what came of each flow, what was lost to which cause, how full the rings were, how
 * long packets took. The first {@value #MOST_NAMED} flows and queues have tracks of their own, the others one together.
 *
 * <p>Threads: one.
 */
final class RunHistory {
    /** More would not be told apart on a page. */
    static final int MOST_NAMED = 8;

    private final History history = new History();
    private final History.Track all = history.addTrack();
    private final Map<Flow, History.Track> flows = new LinkedHashMap<>();
    private History.Track otherFlows;
    private final Map<Cause, History.Track> lost = new EnumMap<>(Cause.class);
    private final Map<Integer, History.Track> queues = new LinkedHashMap<>();
    private History.Track otherQueues;
    private final Map<String, History.Track> latencies = new LinkedHashMap<>();

    private final Map<Flow, FlowLedger> before = new HashMap<>();
    private final Map<Flow, Double> lastCame = new LinkedHashMap<>(); // seconds since the beginning
    private double elapsedSeconds;
    private final long[] lostNow = new long[Cause.values().length];
    private Histogram latencyNs;

    void add(Sample sample) {
        history.next(sample.at().toEpochMilli(), sample.seconds());
        elapsedSeconds = sample.elapsedSeconds();
        addArrivals(sample); // before the ledgers are kept
        addRates(sample);
        addLosses(sample);
        addQueues(sample);
        addLatencies(sample);
    }

    /** What was lost here, or is not RTP, has come as well. */
    private void addArrivals(Sample sample) {
        for (Sample.FlowSample flow : sample.flows()) {
            FlowLedger earlier = before.get(flow.flow());
            if (flow.received() > 0 || flow.ledger().wire() > (earlier == null ? 0 : earlier.wire())) {
                lastCame.put(flow.flow(), sample.elapsedSeconds());
            }
        }
    }

    private void addRates(Sample sample) {
        long received = 0;
        long others = 0;
        boolean hasOthers = false;
        for (Sample.FlowSample flow : sample.flows()) {
            received += flow.received();
            History.Track own = track(flow.flow());
            if (own != null) {
                own.put(flow.received() / sample.seconds());
            } else {
                others += flow.received();
                hasOthers = true;
            }
        }
        all.put(received / sample.seconds());
        if (hasOthers) {
            otherFlows = otherFlows == null ? history.addTrack() : otherFlows;
            otherFlows.put(others / sample.seconds());
        }
    }

    /** Null when the flow is one of the others. */
    private History.Track track(Flow flow) {
        History.Track track = flows.get(flow);
        if (track == null && flows.size() < MOST_NAMED) {
            track = history.addTrack();
            flows.put(flow, track);
        }
        return track;
    }

    private void addLosses(Sample sample) {
        for (Sample.FlowSample flow : sample.flows()) {
            FlowLedger now = flow.ledger();
            FlowLedger earlier = before.put(now.flow(), now);
            now.causes().forEach((cause, packets) -> lostNow[cause.ordinal()] += packets);
            if (earlier != null) {
                earlier.causes().forEach((cause, packets) -> lostNow[cause.ordinal()] -= packets);
            }
        }
        for (Cause cause : Cause.values()) {
            long packets = lostNow[cause.ordinal()];
            lostNow[cause.ordinal()] = 0;
            if (packets != 0 && !lost.containsKey(cause)) {
                lost.put(cause, history.addTrackOfZeros());
            }
            if (lost.containsKey(cause)) {
                lost.get(cause).put(packets / sample.seconds());
            }
        }
    }

    /** Its account is closed: should it come again, that is a new one. */
    void removed(Collection<Flow> removed) {
        before.keySet().removeAll(removed);
        lastCame.keySet().removeAll(removed);
    }

    /** For how many seconds nothing of a flow has come by now; flows of which nothing ever came are left out. */
    Map<Flow, Double> silentSeconds() {
        Map<Flow, Double> silent = new LinkedHashMap<>();
        lastCame.forEach((flow, at) -> silent.put(flow, elapsedSeconds - at));
        return silent;
    }

    private void addQueues(Sample sample) {
        double fullestOther = -1;
        for (QueueSample queue : sample.queues()) {
            double percent = 100.0 * queue.fullest() / queue.room();
            if (!queues.containsKey(queue.queue()) && queues.size() < MOST_NAMED) {
                queues.put(queue.queue(), history.addTrack());
            }
            if (queues.containsKey(queue.queue())) {
                queues.get(queue.queue()).put(percent);
            } else {
                fullestOther = Math.max(fullestOther, percent);
            }
        }
        if (fullestOther >= 0) {
            otherQueues = otherQueues == null ? history.addTrack() : otherQueues;
            otherQueues.put(fullestOther);
        }
    }

    private void addLatencies(Sample sample) {
        if (latencyNs != null) {
            latencyNs.reset();
        }
        for (Sample.FlowSample flow : sample.flows()) {
            latencyNs = latencyNs == null ? new Histogram(flow.intervalNs()) : latencyNs;
            latencyNs.add(flow.intervalNs());
        }
        if (latencyNs != null && latencyNs.getTotalCount() > 0) {
            latency("p50").put(latencyNs.getValueAtPercentile(50) / 1e3);
            latency("p99").put(latencyNs.getValueAtPercentile(99) / 1e3);
            latency("max").put(latencyNs.getMaxValue() / 1e3);
        }
    }

    private History.Track latency(String figure) {
        return latencies.computeIfAbsent(figure, unheardOf -> history.addTrack());
    }

    /** When the points are, and for how long each stands. */
    History points() {
        return history;
    }

    /** Packets a second of all flows together. */
    History.Track all() {
        return all;
    }

    /** Packets a second, by flow. */
    Map<Flow, History.Track> flows() {
        return Collections.unmodifiableMap(flows);
    }

    /** Packets a second of the flows that have none of their own; null when all have. */
    History.Track otherFlows() {
        return otherFlows;
    }

    /** Packets lost a second, by cause; causes without any are left out. */
    Map<Cause, History.Track> lost() {
        return Collections.unmodifiableMap(lost);
    }

    /** Percent of its ring that was full at the fullest, by queue; none for sockets. */
    Map<Integer, History.Track> queues() {
        return Collections.unmodifiableMap(queues);
    }

    /** Of the fullest of the queues that have none of their own; null when all have. */
    History.Track otherQueues() {
        return otherQueues;
    }

    /** Microseconds from kernel to user, of the seconds' packets: p50, p99 and max; none when none are known. */
    Map<String, History.Track> latencies() {
        return Collections.unmodifiableMap(latencies);
    }
}
