// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpFlow;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * What one receiver does with its packets: the RTP check of each, and its latency from kernel to user.
 *
 * <p>Threads: batches come from the receiver; flows are expected and forgotten by any other thread; the histogram is
 * read when the receiver has ended.
 */
public final class FlowMeter implements PacketHandler {
    private static final long LATENCY_MAX_NS = TimeUnit.MINUTES.toNanos(1);

    private volatile RtpFlow[] flows = {}; // by flow id; an array is never changed once it is here
    private final Histogram latencyNs = newHistogram();

    /** That is empty, and fit to add others to. */
    public static Histogram newHistogram() {
        return new Histogram(100, LATENCY_MAX_NS, 2);
    }

    /** The packets of a flow may come from now on. */
    public synchronized void expect(int id, RtpFlow flow) {
        RtpFlow[] more = Arrays.copyOf(flows, Math.max(flows.length, id + 1));
        more[id] = flow;
        flows = more;
    }

    /** No more packets of this flow will come. */
    public synchronized void forget(int id) {
        RtpFlow[] fewer = flows.clone();
        fewer[id] = null;
        flows = fewer;
    }

    @Override
    public void onBatch(PacketBatch batch) {
        long now = System.nanoTime(); // when Java has the packets in hand
        RtpFlow[] known = flows;
        ByteBuffer data = batch.data();
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            // All is read from the batch first: behind a fence, which both of the following have, it would be read again.
            long arrivalNs = batch.arrivalNs(i);
            int payloadOffset = batch.payloadOffset(i);
            int payloadLength = batch.payloadLength(i);
            RtpFlow flow = known[batch.flow(i)];
            latencyNs.recordValue(Math.min(Math.max(now - arrivalNs, 0), LATENCY_MAX_NS));
            if (flow != null) { // a flow is forgotten when its ledger has waited for the last packet, for a second
                flow.onPacket(data, payloadOffset, payloadLength, arrivalNs);
            }
        }
    }

    /** In nanoseconds. */
    public Histogram latencyNs() {
        return latencyNs;
    }
}
