// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpReadings;
import io.xdp4j.rtp.RtpStatistics;
import java.util.List;
import java.util.Objects;

/**
 * A flow of a {@link LossLedger}; its place in the list is its id, {@link io.xdp4j.packet.PacketBatch#flow(int)}.
 *
 * @param flow which packets
 * @param rtp what the handlers count them with, mostly an {@link io.xdp4j.rtp.RtpFlow}: one for each receiver that gets
 *     packets of the flow, since each is for one thread; new with the receiver, and used with no other. Every packet of
 *     the flow that the receiver hands out is to be given to it
 */
public record WatchedFlow(Flow flow, List<RtpReadings> rtp) {
    /**
     * Neither may be null, and there is at least one.
     *
     * @param flow group, port and source
     * @param rtp what counts its packets
     */
    public WatchedFlow {
        Objects.requireNonNull(flow, "flow");
        rtp = List.copyOf(rtp);
        if (rtp.isEmpty()) {
            throw new IllegalArgumentException("what counts the packets of " + flow + " is missing");
        }
    }

    /**
     * For a flow that one receiver gets all packets of.
     *
     * @param flow group, port and source
     * @param rtp what counts its packets
     */
    public WatchedFlow(Flow flow, RtpReadings rtp) {
        this(flow, List.of(rtp));
    }

    /** {@return what all of its receivers have counted} */
    public RtpStatistics snapshot() {
        return RtpStatistics.sum(rtp.stream().map(RtpReadings::snapshot).toList());
    }

    /**
     * {@return whether more than one receiver has had packets of it, so that none of them has seen the whole sequence}
     */
    public boolean isSplit() {
        return rtp.stream().anyMatch(RtpReadings::isPartial)
                || rtp.stream()
                                .filter(part -> part.snapshot().count(RtpCounter.RECEIVED) > 0)
                                .count()
                        > 1;
    }
}
