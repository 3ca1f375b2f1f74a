// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpFlow;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.HdrHistogram.IntCountsHistogram;
import org.HdrHistogram.WriterReaderPhaser;

/**
 * What one receiver does with its packets: the RTP check of each, and its latency from kernel to user, for each flow.
 *
 * <p>A flow has two histograms: the receiver records into one, and whoever reports reads the other one, and swaps them.
 * This is what HdrHistogram's SingleWriterRecorder does, but its phaser is asked once a batch and not for each packet.
 *
 * <p>Threads: batches come from the receiver; flows are expected and forgotten, and latencies taken, by any other
 * thread.
 */
public final class FlowMeter implements PacketHandler {
    private final WriterReaderPhaser phaser = new WriterReaderPhaser();
    private volatile Metered[] flows = {}; // by flow id; an array is never changed once it is here
    private volatile int recorded; // which histogram of each flow the receiver records into

    /** Takes what was recorded of a flow; the histogram is the reader's until it takes again. */
    @FunctionalInterface
    public interface LatencySink {
        void add(int flow, IntCountsHistogram latencyNs);
    }

    private static final class Metered {
        final RtpFlow rtp;
        final IntCountsHistogram[] latencyNs = {FlowLatencies.newInterval(), FlowLatencies.newInterval()};

        Metered(RtpFlow rtp) {
            this.rtp = rtp;
        }
    }

    /** The packets of a flow may come from now on. */
    public synchronized void expect(int id, RtpFlow flow) {
        Metered[] more = Arrays.copyOf(flows, Math.max(flows.length, id + 1));
        more[id] = new Metered(flow);
        flows = more;
    }

    /** No more packets of this flow will come; latencies not taken yet are forgotten with it. */
    public synchronized void forget(int id) {
        Metered[] fewer = flows.clone();
        fewer[id] = null;
        flows = fewer;
    }

    @Override
    public void onBatch(PacketBatch batch) {
        long now = System.nanoTime(); // when Java has the packets in hand
        long section = phaser.writerCriticalSectionEnter();
        try {
            measure(batch, now);
        } finally {
            phaser.writerCriticalSectionExit(section);
        }
    }

    private void measure(PacketBatch batch, long now) {
        Metered[] known = flows;
        int into = recorded;
        ByteBuffer data = batch.data();
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            // All is read from the batch first: behind a fence, which both of the following have, it would be read again.
            long arrivalNs = batch.arrivalNs(i);
            int payloadOffset = batch.payloadOffset(i);
            int payloadLength = batch.payloadLength(i);
            Metered flow = known[batch.flow(i)];
            if (flow != null) { // a flow is forgotten when its ledger has waited for the last packet, for a second
                flow.latencyNs[into].recordValue(FlowLatencies.recordable(now - arrivalNs));
                flow.rtp.onPacket(data, payloadOffset, payloadLength, arrivalNs);
            }
        }
    }

    /** Hands over what was recorded since the last call, of the flows that had packets; stops no receiver. */
    public synchronized void takeLatencies(LatencySink sink) {
        phaser.readerLock();
        try {
            int taken = recorded;
            int next = 1 - taken;
            for (Metered flow : flows) {
                if (flow != null) {
                    flow.latencyNs[next].reset();
                }
            }
            recorded = next;
            phaser.flipPhase(); // waits for a batch that is in hand
            for (int id = 0; id < flows.length; id++) {
                if (flows[id] != null && flows[id].latencyNs[taken].getTotalCount() > 0) {
                    sink.add(id, flows[id].latencyNs[taken]);
                }
            }
        } finally {
            phaser.readerUnlock();
        }
    }
}
