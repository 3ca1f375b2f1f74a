// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpFlow;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What one receiver thread does with its packets: the RTP check of each, and its latency from kernel to user.
 *
 * <p>Threads: batches come from the receiver; the histogram is read when the receiver has ended.
 */
final class FlowMeter implements PacketHandler {
    private static final long LATENCY_MAX_NS = TimeUnit.MINUTES.toNanos(1);

    private final RtpFlow[] flows; // by flow id
    private final Histogram latencyNs = newHistogram();

    FlowMeter(List<RtpFlow> flows) {
        this.flows = flows.toArray(RtpFlow[]::new);
    }

    static Histogram newHistogram() {
        return new Histogram(100, LATENCY_MAX_NS, 2);
    }

    @Override
    public void onBatch(PacketBatch batch) {
        long now = System.nanoTime(); // when Java has the packets in hand
        for (int i = 0; i < batch.size(); i++) {
            flows[batch.flow(i)].onPacket(batch, i);
            latencyNs.recordValue(Math.min(Math.max(now - batch.arrivalNs(i), 0), LATENCY_MAX_NS));
        }
    }

    Histogram latencyNs() {
        return latencyNs;
    }
}
