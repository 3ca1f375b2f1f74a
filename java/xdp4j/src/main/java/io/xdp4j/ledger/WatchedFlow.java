// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpFlow;
import java.util.Objects;

/**
 * A flow of a {@link LossLedger}; its place in the list is its id, {@link io.xdp4j.packet.PacketBatch#flow(int)}.
 *
 * @param flow which packets
 * @param rtp what the handler counts them with: new with the receiver, and used with no other. Every packet of the flow
 *     that the receiver hands out is to be given to it
 */
public record WatchedFlow(Flow flow, RtpFlow rtp) {
    /** Neither may be null. */
    public WatchedFlow {
        Objects.requireNonNull(flow, "flow");
        Objects.requireNonNull(rtp, "rtp");
    }
}
