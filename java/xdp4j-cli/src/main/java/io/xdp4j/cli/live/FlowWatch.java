// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import io.xdp4j.cli.live.FlowState.Health;
import io.xdp4j.cli.live.FlowState.Latency;
import io.xdp4j.cli.live.FlowState.Trouble;
import io.xdp4j.cli.receive.LatencyBuckets;
import io.xdp4j.cli.receive.QueueSample;
import io.xdp4j.cli.receive.Sample;
import io.xdp4j.cli.receive.Sample.FlowSample;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/** Makes of samples what is shown, and remembers of each flow what a single sample does not tell. */
final class FlowWatch {
    /** So long a flow that lost packets stays among the worst, or rows would change places each second. */
    private static final double LOSING_FOR_SECONDS = 10;

    /** A flow with a packet a second is no silent one. */
    private static final double SILENT_AFTER_SECONDS = 2;

    private static final FlowLedger NONE = new FlowLedger(null, 0, 0, 0, Map.of(), 0);

    private final Map<Flow, Past> pasts = new HashMap<>();
    private final Histogram together = LatencyBuckets.newHistogram();

    /**
     * Of all flows, at a moment.
     *
     * @param flows in the order given
     * @param all of these together; its trouble is none
     * @param severalQueues whether it must be said which
     */
    record Second(double elapsedSeconds, List<FlowState> flows, FlowState all, boolean severalQueues) {}

    private static final class Past {
        final String name;
        double cameAt; // in seconds since the beginning, like the next
        double lossAt;
        long missing;
        boolean everCame;

        Past(Flow flow) {
            name = FlowName.of(flow);
        }
    }

    Second second(Sample sample) {
        Map<Integer, QueueSample> rings =
                sample.queues().stream().collect(Collectors.toMap(QueueSample::queue, queue -> queue));
        together.reset();
        List<FlowState> flows = new ArrayList<>();
        for (FlowSample flow : sample.flows()) {
            together.add(flow.intervalNs());
            flows.add(state(flow, sample, rings));
        }
        pasts.keySet().retainAll(sample.flows().stream().map(FlowSample::flow).collect(Collectors.toSet()));
        return new Second(sample.elapsedSeconds(), flows, all(flows, sample), sample.queues().size() > 1);
    }

    private FlowState state(FlowSample flow, Sample sample, Map<Integer, QueueSample> rings) {
        Past past = pasts.computeIfAbsent(flow.flow(), Past::new);
        long missing = missing(flow.ledger());
        Trouble trouble = trouble(flow, missing, sample, past);
        return new FlowState(
                past.name,
                flow.ledger(),
                missing,
                flow.rtp().count(RtpCounter.RECEIVED),
                flow.received() / sample.seconds(),
                flow.payloadBytes() * 8 / sample.seconds(),
                flow.split() ? null : flow.rtp().count(RtpCounter.REORDERED),
                flow.rtp().latestStream().map(RtpStatistics.Stream::jitterMs).orElse(null),
                latency(flow.intervalNs()),
                flow.queues(),
                fullest(flow.queues().stream().map(rings::get).filter(Objects::nonNull).toList()),
                trouble);
    }

    private static long missing(FlowLedger ledger) {
        return ledger.lost() + ledger.unexplained();
    }

    private static Trouble trouble(FlowSample flow, long missing, Sample sample, Past past) {
        double now = sample.elapsedSeconds();
        long lost = Math.max(missing - past.missing, 0); // a straggler heals a gap
        past.missing = missing;
        if (lost > 0) {
            past.lossAt = now;
        }
        if (flow.received() > 0) {
            past.cameAt = now;
            past.everCame = true;
        }
        if (lost == 0 && past.everCame && now - past.cameAt >= SILENT_AFTER_SECONDS) {
            return new Trouble(Health.SILENT, 0, now - past.cameAt);
        } else if (missing > 0 && now - past.lossAt < LOSING_FOR_SECONDS) {
            return new Trouble(Health.LOSING, lost / sample.seconds(), now - past.lossAt);
        } else if (!past.everCame) {
            return new Trouble(Health.ABSENT, 0, 0);
        } else if (missing > 0) {
            return new Trouble(Health.LOST, 0, now - past.lossAt);
        }
        return Trouble.NONE;
    }

    private FlowState all(List<FlowState> flows, Sample sample) {
        FlowLedger sum = flows.stream().map(FlowState::ledger).reduce(NONE, FlowLedger::plus);
        return new FlowState(
                "all",
                sum,
                missing(sum),
                flows.stream().mapToLong(FlowState::received).sum(),
                flows.stream().mapToDouble(FlowState::pps).sum(),
                flows.stream().mapToDouble(FlowState::payloadBitsPerSecond).sum(),
                reordered(flows),
                null,
                latency(together),
                List.of(),
                fullest(sample.queues()),
                Trouble.NONE);
    }

    private static Long reordered(List<FlowState> flows) {
        return flows.stream().map(FlowState::reordered).allMatch(Objects::nonNull)
                ? flows.stream().mapToLong(FlowState::reordered).sum()
                : null;
    }

    private static Latency latency(Histogram ns) {
        return ns.getTotalCount() == 0
                ? null
                : new Latency(ns.getValueAtPercentile(50), ns.getValueAtPercentile(99), ns.getMaxValue());
    }

    /** 100 only where a ring was full, and 0 only where each was empty. */
    private static Integer fullest(Collection<QueueSample> rings) {
        return rings.stream()
                .map(ring -> ring.fullest() >= ring.room()
                        ? 100
                        : Math.min((int) Math.ceil(100.0 * ring.fullest() / ring.room()), 99))
                .max(Integer::compare)
                .orElse(null);
    }
}
