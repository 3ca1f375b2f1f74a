// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.cli.receive.FlowMeter;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.rtp.RtpRecord;

/**
 * A {@link FlowMeter} whose counts are in memory that survives this process: up to the last batch that was done.
 *
 * <p>Threads: as {@link FlowMeter}.
 */
final class RecordingMeter implements PacketHandler {
    private final FlowMeter meter = new FlowMeter();
    private final Recorded[] flows; // by flow id
    private final int[] touched; // ids, of the batch at hand
    private long batches;

    private static final class Recorded {
        final RtpFlow flow;
        final RtpRecord record;
        long lastBatch;

        Recorded(RtpFlow flow, RtpRecord record) {
            this.flow = flow;
            this.record = record;
        }
    }

    /**
     * @param flows for ids below this
     * @param batch packets of a batch at most
     */
    RecordingMeter(int flows, int batch) {
        this.flows = new Recorded[flows];
        this.touched = new int[batch];
    }

    /** The packets of a flow may come from now on; FlowMeter makes this visible to the receiver. */
    void expect(int id, RtpFlow flow, RtpRecord record) {
        flows[id] = new Recorded(flow, record);
        meter.expect(id, flows[id].flow);
    }

    void forget(int id, FlowMeter.LatencySink sink) {
        meter.forget(id, sink);
    }

    @Override
    public void onBatch(PacketBatch batch) {
        meter.onBatch(batch);
        batches++;
        int count = 0;
        for (int i = 0; i < batch.size(); i++) {
            Recorded flow = flows[batch.flow(i)];
            if (flow != null && flow.lastBatch != batches) {
                flow.lastBatch = batches;
                touched[count++] = batch.flow(i);
            }
        }
        for (int i = 0; i < count; i++) {
            Recorded flow = flows[touched[i]];
            flow.record.publish(flow.flow);
        }
    }

    FlowMeter meter() {
        return meter;
    }
}
