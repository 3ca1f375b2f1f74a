// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpFlow;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** Counts the packets of flows that come and go. A packet of a flow that is not expected ends the receiver. */
public final class ChangingFlows implements PacketHandler {
    private final AtomicReferenceArray<RtpFlow> flows; // by id

    /** @param ids below this */
    public ChangingFlows(int ids) {
        flows = new AtomicReferenceArray<>(ids);
    }

    /** Counts a flow from zero on, under an id that may have been another's. */
    public RtpFlow expect(int id) {
        RtpFlow flow = new RtpFlow();
        flows.set(id, flow);
        return flow;
    }

    public void forget(int id) {
        flows.set(id, null);
    }

    @Override
    public void onBatch(PacketBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            flows.get(batch.flow(i)).onPacket(batch, i);
        }
    }
}
