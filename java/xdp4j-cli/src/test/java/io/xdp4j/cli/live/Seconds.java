// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import io.xdp4j.cli.receive.LatencyBuckets;
import io.xdp4j.cli.receive.QueueSample;
import io.xdp4j.cli.receive.Sample;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.xdp.XdpStatistics;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Hand-made samples, a second after the other. */
final class Seconds {
    private final List<QueueSample> queues;
    private int elapsed;

    private Seconds(List<QueueSample> queues) {
        this.queues = queues;
    }

    /** With nothing before the first; none for sockets. */
    static Seconds of(QueueSample... queues) {
        return new Seconds(List.of(queues));
    }

    /** A queue on which so many of so many packets waited at most. */
    static QueueSample queue(int queue, int fullest, int room) {
        return new QueueSample(queue, fullest, room, 0, new XdpStatistics(0, 0, 0, 0), 0, null);
    }

    /** As if so many had passed. */
    Seconds after(int seconds) {
        elapsed = seconds;
        return this;
    }

    Sample next(Sample.FlowSample... flows) {
        elapsed++;
        List<FlowLedger> ledgers = Arrays.stream(flows).map(Sample.FlowSample::ledger).toList();
        return new Sample(
                Instant.EPOCH.plusSeconds(elapsed),
                0,
                1.0,
                elapsed,
                new LedgerSnapshot(ledgers, List.of(), List.of(), List.of()),
                List.of(flows),
                queues);
    }

    /**
     * @param total packets since the beginning
     * @param received in this second, with 1,000 bytes each and latencies of 10 us to 990 us, and one of {@code maxUs}
     */
    static Sample.FlowSample flow(
            String flow, long total, long received, int maxUs, Map<Cause, Long> causes, Integer... queues) {
        long lost = causes.values().stream().mapToLong(Long::longValue).sum();
        FlowLedger ledger = new FlowLedger(Flow.parse(flow), total + lost, total, 0, causes, 0);
        Map<RtpCounter, Long> counts = new EnumMap<>(RtpCounter.class);
        for (RtpCounter counter : RtpCounter.values()) {
            counts.put(counter, 0L);
        }
        counts.put(RtpCounter.RECEIVED, total);
        counts.put(RtpCounter.REORDERED, total / 1_000);
        List<RtpStatistics.Stream> streams =
                total == 0 ? List.of() : List.of(new RtpStatistics.Stream(7, 96, 90_000, 1, 12_345, counts));
        Histogram latencies = LatencyBuckets.newHistogram();
        if (received > 0) {
            for (int us = 10; us < 1_000; us += 10) {
                latencies.recordValue(us * 1_000);
            }
            latencies.recordValue(maxUs * 1_000L);
        }
        return new Sample.FlowSample(
                ledger,
                new RtpStatistics(counts, streams),
                queues.length > 1,
                received,
                1_000 * received,
                List.of(queues),
                latencies,
                LatencyBuckets.newHistogram());
    }

    static Sample.FlowSample absent(String flow) {
        return flow(flow, 0, 0, 0, Map.of());
    }
}
