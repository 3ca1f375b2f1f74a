// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.Flow;
import java.util.List;

/**
 * What is to be done about the packets that a flow lost to one cause, reckoned from what was measured.
 *
 * @param flow which flow
 * @param cause why they were lost
 * @param packets how many
 * @param finding what happened, with figures; one or more sentences
 * @param change what to change, with figures; one or more sentences
 * @param settings the same for a program
 */
public record Advice(Flow flow, Cause cause, long packets, String finding, String change, Settings settings) {
    /**
     * Settings that are to be changed; null for those that may stay.
     *
     * @param fillRing descriptors, a power of two: {@link io.xdp4j.xdp.Umem#open(int, int, int)}
     * @param rxRing descriptors, a power of two: {@link io.xdp4j.xdp.XdpSocket#open}
     * @param frameSize bytes: {@link io.xdp4j.xdp.Umem#open(int, int, int)}
     * @param queues on which the flow needs a socket as well: {@link io.xdp4j.xdp.XdpSocket#open}
     * @param receiveBufferBytes of an ordinary socket
     * @param generic whether to attach in generic mode
     * @param spin whether the receiver should not sleep
     */
    public record Settings(
            Integer fillRing,
            Integer rxRing,
            Integer frameSize,
            List<Integer> queues,
            Integer receiveBufferBytes,
            boolean generic,
            boolean spin) {
        /** Nothing of the receiver's own settings helps. */
        public static final Settings NONE = new Settings(null, null, null, null, null, false, false);
    }
}
