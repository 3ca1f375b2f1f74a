// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.List;
import java.util.OptionalLong;

/**
 * What became of the packets that the XDP program redirected into AF_XDP sockets that have flows in common, mostly into
 * one; all since the ledger was opened.
 *
 * <p>The kernel counts drops by socket, not by flow. When several flows share a socket, each count is apportioned among
 * them by what the program redirected of each and nobody has accounted for yet: these are exactly the packets in
 * question.
 *
 * @param rings of each socket
 * @param abandoned taken from a ring by a receiver whose handler gave them up; or left there by one that has ended
 * @param waitingAtMost what was in the RX rings, in the receivers' hands, and arrived while the counters were read
 * @param refused redirects that the kernel refused for a wrong queue or device, on any socket of the program; empty
 *     where the tracepoint cannot be read
 */
record SocketDrops(List<Rings> rings, long abandoned, long waitingAtMost, OptionalLong refused) {
    /**
     * The rings of one socket.
     *
     * @param starved dropped because the fill ring was empty: {@code rx_dropped} of XDP_STATISTICS, with copies
     * @param full dropped because the RX ring was full: {@code rx_ring_full}
     * @param flows which flows are redirected into it, by their place in the lists given to {@link #settle}
     */
    record Rings(long starved, long full, int[] flows) {}

    /**
     * Who had how many of what was apportioned; the arrays are by flow, in the order given to {@link #settle}.
     *
     * @param starved by socket
     * @param full by socket
     * @param refused of the refused redirects
     */
    record Parts(List<long[]> starved, List<long[]> full, long[] abandoned, long[] waiting, long[] refused) {}

    /**
     * Enters the causes into the flows of the sockets.
     *
     * @param tallies of the flows
     * @param outstanding what the program redirected of each, less what the handler counted
     * @param drained flows of which nothing waits: all that is outstanding of them is lost
     */
    Parts settle(List<FlowTally> tallies, long[] outstanding, boolean[] drained) {
        Settlement settlement = new Settlement(rings, abandoned, tallies, outstanding);
        for (int flow = 0; flow < drained.length; flow++) {
            if (drained[flow]) {
                settlement.loseAll(flow);
            }
        }
        return settlement.settle(waitingAtMost, refused, drained);
    }
}
