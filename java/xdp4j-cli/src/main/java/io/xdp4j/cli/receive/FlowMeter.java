// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpFlow;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.WriterReaderPhaser;

/**
 * What one receiver does with its packets: the RTP check of each, and its latency from kernel to user, for each flow.
 *
 * <p>A flow has its latencies counted twice: the receiver counts in one place, whoever reports empties the other one,
 * and swaps the two. HdrHistogram's SingleWriterRecorder does the same; here its phaser is asked once a batch and not
 * for each packet.
 *
 * <p>Threads: batches come from the receiver; flows are expected and forgotten, and latencies taken, by any other
 * thread.
 */
public final class FlowMeter implements PacketHandler {
    private final WriterReaderPhaser phaser = new WriterReaderPhaser();
    private final Histogram taken = LatencyBuckets.newHistogram();

    // By flow id; an array is never changed once it is here, but for the counts.
    private volatile RtpFlow[] flows = {};
    private volatile int[][] counting = {};
    private int[][] emptied = {};

    /** Takes what was recorded of a flow. */
    @FunctionalInterface
    public interface LatencySink {
        /** @param latencyNs valid during the call */
        void add(int flow, Histogram latencyNs);
    }

    /** For latencies of another meter, taken. */
    public static Histogram newHistogram() {
        return LatencyBuckets.newHistogram();
    }

    /** The packets of a flow may come from now on. */
    public synchronized void expect(int id, RtpFlow flow) {
        int size = Math.max(flows.length, id + 1);
        emptied = with(emptied, size, id, new int[LatencyBuckets.COUNT]);
        counting = with(counting, size, id, new int[LatencyBuckets.COUNT]);
        flows = with(flows, size, id, flow); // the last: a flow that the receiver finds has counts
    }

    /** No more packets of this flow will come. Hands over its latencies that were not taken yet, if there are any. */
    public synchronized void forget(int id, LatencySink sink) {
        if (id >= flows.length || flows[id] == null) {
            return; // it could not be added, and was not expected here yet
        }
        flows = with(flows, flows.length, id, null);
        phaser.readerLock();
        try {
            phaser.flipPhase(); // waits for a batch that is in hand: the next one does not find the flow
            hand(id, counting[id], sink);
        } finally {
            phaser.readerUnlock();
        }
        counting = with(counting, counting.length, id, null);
        emptied = with(emptied, emptied.length, id, null);
    }

    private void hand(int id, int[] full, LatencySink sink) {
        LatencyBuckets.move(full, taken);
        if (taken.getTotalCount() > 0) {
            sink.add(id, taken);
            taken.reset();
        }
    }

    private static <T> T[] with(T[] all, int size, int id, T value) {
        T[] changed = Arrays.copyOf(all, size);
        changed[id] = value;
        return changed;
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
        RtpFlow[] known = flows;
        int[][] counts = counting;
        ByteBuffer data = batch.data();
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            // All is read from the batch first: behind a fence, which the RTP check has, it would be read again.
            long arrivalNs = batch.arrivalNs(i);
            int payloadOffset = batch.payloadOffset(i);
            int payloadLength = batch.payloadLength(i);
            int id = batch.flow(i);
            RtpFlow flow = known[id];
            if (flow != null) { // a flow is forgotten when its ledger has waited for the last packet, for a second
                counts[id][LatencyBuckets.index(now - arrivalNs)]++;
                flow.onPacket(data, payloadOffset, payloadLength, arrivalNs);
            }
        }
    }

    /** Hands over what was recorded since the last call, of the flows that had packets; stops no receiver. */
    public synchronized void takeLatencies(LatencySink sink) {
        phaser.readerLock();
        try {
            int[][] full = counting;
            counting = emptied;
            emptied = full;
            phaser.flipPhase(); // waits for a batch that is in hand
            for (int id = 0; id < flows.length; id++) {
                if (flows[id] != null) {
                    hand(id, full[id], sink);
                }
            }
        } finally {
            phaser.readerUnlock();
        }
    }
}
