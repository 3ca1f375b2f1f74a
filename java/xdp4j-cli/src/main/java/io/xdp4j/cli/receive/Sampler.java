// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Takes one {@link Sample} after the other of a reception. */
final class Sampler {
    private final Reception reception;
    private final long startNs = System.nanoTime();
    private long beforeNs = startNs;
    private Map<Flow, RtpStatistics> before;

    Sampler(Reception reception) {
        this.reception = reception;
        this.before = reception.snapshots();
    }

    Sample take() throws IOException {
        List<QueueSample> queues = reception.sample();
        return take(reception.ledger(), queues);
    }

    /** When the receivers have ended. */
    Sample last(Received received) {
        return take(received.ledger(), received.lastQueues());
    }

    private Sample take(LedgerSnapshot ledger, List<QueueSample> queues) {
        Map<Flow, RtpStatistics> now = reception.snapshots();
        long nowNs = System.nanoTime();
        List<Sample.FlowSample> flows = new ArrayList<>();
        for (FlowLedger each : ledger.flows()) {
            Flow flow = each.flow();
            flows.add(new Sample.FlowSample(
                    each,
                    now.get(flow),
                    reception.isSplit(flow),
                    risen(flow, RtpCounter.RECEIVED, now),
                    risen(flow, RtpCounter.BYTES, now),
                    reception.latencies().queues(flow),
                    reception.latencies().interval(flow),
                    reception.latencies().total(flow)));
        }
        Sample sample = new Sample(
                Instant.now(), nowNs, (nowNs - beforeNs) / 1e9, (nowNs - startNs) / 1e9, ledger, flows, queues);
        beforeNs = nowNs;
        before = now;
        return sample;
    }

    /** Tells it of a change of the flows. One that was removed and added again is counted from 0. */
    void changed(FlowChange change) {
        before = new HashMap<>(before);
        before.keySet().removeAll(change.removed());
    }

    /** From 0, when the flow was added meanwhile. */
    private long risen(Flow flow, RtpCounter counter, Map<Flow, RtpStatistics> now) {
        return now.get(flow).count(counter) - (before.containsKey(flow) ? before.get(flow).count(counter) : 0);
    }
}
