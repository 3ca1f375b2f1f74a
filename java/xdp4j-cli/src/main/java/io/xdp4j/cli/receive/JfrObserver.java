// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.jfr.JfrEvents;
import io.xdp4j.jfr.RingWatch;
import io.xdp4j.ledger.Cause;
import io.xdp4j.packet.Flow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells the Flight Recorder of this process what is noticed once a second: losses, by flow and cause, and how full the
 * rings of workers were, which are processes that may not be recorded themselves.
 */
final class JfrObserver implements ReceiveObserver, AutoCloseable {
    private final Map<Flow, Map<Cause, Long>> told = new HashMap<>(); // of the flows received now
    private final Map<String, Map<Cause, Long>> toldOfRemoved = new HashMap<>(); // by flow
    private final Map<Integer, AtomicInteger> fullest = new HashMap<>(); // by queue; none for a ring of this process
    private final List<RingWatch> rings = new ArrayList<>();

    @Override
    public void receiving(ReceiveSettings settings, String inForce) {
        String interfaceName = settings.interfaceName();
        JfrEvents.mode("receive on " + interfaceName, settings.backend().toString(), inForce, null);
        if (settings.backend() == Backend.XDP && settings.xdp().workers() == Workers.PROCESSES) {
            for (int queue : settings.xdp().queues()) {
                AtomicInteger level = new AtomicInteger();
                fullest.put(queue, level);
                rings.add(RingWatch.open(interfaceName, queue, settings.xdp().room(), level::get));
            }
        }
    }

    @Override
    public void sampled(Sample sample) {
        sample.flows().forEach(flow -> {
            Map<Cause, Long> before = told.getOrDefault(flow.flow(), Map.of());
            Map<Cause, Long> now = flow.ledger().causes();
            tell(flow.flow().toString(), before, now);
            told.put(flow.flow(), now);
        });
        for (QueueSample queue : sample.queues()) {
            AtomicInteger level = fullest.get(queue.queue());
            if (level != null) {
                level.accumulateAndGet(queue.fullest(), Math::max);
            }
        }
    }

    private static void tell(String flow, Map<Cause, Long> before, Map<Cause, Long> now) {
        for (Cause cause : Cause.values()) {
            long packets = now.getOrDefault(cause, 0L) - before.getOrDefault(cause, 0L);
            if (packets != 0) {
                JfrEvents.loss(flow, cause.name(), packets);
            }
        }
    }

    /** A flow that comes again begins a new account. */
    @Override
    public void changed(FlowChange change) {
        for (Flow flow : change.removed()) {
            Map<Cause, Long> all = toldOfRemoved.computeIfAbsent(flow.toString(), removed -> new HashMap<>());
            told.getOrDefault(flow, Map.of()).forEach((cause, packets) -> all.merge(cause, packets, Long::sum));
            told.remove(flow);
        }
    }

    @Override
    public void ended(Sample last, ReceiveReport report) {
        sampled(last);
        report.removed().forEach(flow ->
                tell(flow.flow(), toldOfRemoved.getOrDefault(flow.flow(), Map.of()), flow.ledger().causes()));
    }

    /** Watches no ring any more; comes last, also after a run that broke off. */
    @Override
    public void close() {
        rings.forEach(RingWatch::close);
    }
}
