// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.List;
import java.util.Optional;

/**
 * What advice on a flow depends on.
 *
 * @param queues on which it has AF_XDP sockets; empty for other sockets
 * @param fillRing descriptors; 0 for other sockets
 * @param rxRing descriptors of the flow's socket; 0 for other sockets
 * @param frameSize bytes; 0 for other sockets
 * @param longestPacket bytes of the longest packet that the flow's socket takes; 0 for other sockets
 * @param framesPerPacket how many frames a packet of the flow's mean length takes; 1 for other sockets
 * @param receiveBufferBytes granted to the flow's socket; 0 for AF_XDP
 * @param queuePps packets a second at most, of all flows that the receiver serves
 * @param socketPps packets a second at most, of all flows on this flow's socket
 * @param longestAbsenceNs of the receiver
 * @param strays packets of the flow that found no socket, by the queue that they arrived on
 * @param largestRefusedBytes the longest packet that was too large
 * @param failure what ended the receiver
 */
record FlowSetup(
        List<Integer> queues,
        int fillRing,
        int rxRing,
        int frameSize,
        int longestPacket,
        int framesPerPacket,
        long receiveBufferBytes,
        double queuePps,
        double socketPps,
        long longestAbsenceNs,
        long[] strays,
        long largestRefusedBytes,
        Optional<Throwable> failure) {}
