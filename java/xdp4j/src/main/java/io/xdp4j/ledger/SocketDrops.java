// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

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
     */
    Parts settle(List<FlowTally> tallies, long[] outstanding) {
        long[] rest = outstanding.clone();
        int[] all = IntStream.range(0, rest.length).toArray();
        List<long[]> starved = new ArrayList<>();
        List<long[]> full = new ArrayList<>();
        for (Rings socket : rings) {
            starved.add(enter(Cause.FILL_RING_EMPTY, socket.starved(), socket.flows(), tallies, rest));
            full.add(enter(Cause.RX_RING_FULL, socket.full(), socket.flows(), tallies, rest));
        }
        long[] ofAbandoned = enter(Cause.APPLICATION, abandoned, all, tallies, rest);
        long[] waiting = part(Math.min(Math.max(sum(rest), 0), waitingAtMost), all, rest);
        for (int i = 0; i < waiting.length; i++) {
            tallies.get(i).waiting += waiting[i];
        }
        long unseen = Math.max(sum(rest), 0);
        long[] ofRefused = new long[rest.length];
        if (refused.isEmpty()) {
            enter(Cause.REFUSED_UNSEEN, unseen, all, tallies, rest);
        } else {
            ofRefused = enter(Cause.WRONG_QUEUE, Math.min(unseen, refused.getAsLong()), all, tallies, rest);
        }
        return new Parts(starved, full, ofAbandoned, waiting, ofRefused);
    }

    private static long[] enter(Cause cause, long packets, int[] among, List<FlowTally> tallies, long[] rest) {
        long[] parts = part(packets, among, rest);
        for (int i = 0; i < parts.length; i++) {
            tallies.get(i).add(cause, parts[i]);
        }
        return parts;
    }

    /** Apportions among some flows by what is left of each, and takes it away there; the parts of all flows. */
    private static long[] part(long packets, int[] among, long[] rest) {
        long[] weights = new long[rest.length];
        for (int flow : among) {
            weights[flow] = rest[flow];
        }
        long[] parts = Apportionment.of(packets, weights);
        if (packets > 0 && sum(parts) == 0) {
            parts[among[0]] = packets; // more than there can be: shows as unexplained
        }
        for (int i = 0; i < parts.length; i++) {
            rest[i] -= parts[i];
        }
        return parts;
    }

    private static long sum(long[] packets) {
        return Arrays.stream(packets).sum();
    }
}
