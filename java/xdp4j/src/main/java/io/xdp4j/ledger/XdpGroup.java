// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.xdp.FlowCounters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Sockets that have flows in common, and these flows: mostly a socket for each queue. What became of a packet can be
 * told of them together only.
 */
final class XdpGroup {
    final List<XdpSocketCount> sockets = new ArrayList<>();

    /** The ids. */
    final SortedSet<Integer> flows = new TreeSet<>();

    private long abandoned;
    private long handledOfFormer; // flows, that have been removed
    private SocketDrops.Parts parts; // of the flows, as last settled

    /** Takes over what another group has, because a flow goes into sockets of both. */
    void join(XdpGroup other) {
        sockets.addAll(other.sockets);
        flows.addAll(other.flows);
        abandoned += other.abandoned;
        handledOfFormer += other.handledOfFormer;
    }

    /**
     * Enters into the tallies what became of the packets that were redirected.
     *
     * @param counts by flow id
     * @param tallies by flow id
     * @param uncertain packets that arrived while all this was read
     * @param refused redirects that no other group has claimed
     * @return how many of the refused these flows claim
     */
    long settle(
            Map<Integer, XdpFlowCount> counts,
            Map<Integer, FlowTally> tallies,
            SortedMap<Integer, FlowCounters> kernel,
            long uncertain,
            OptionalLong refused) {
        int[] ids = flows.stream().mapToInt(Integer::intValue).toArray();
        List<FlowTally> mine = Arrays.stream(ids).mapToObj(tallies::get).toList();
        long[] outstanding =
                Arrays.stream(ids).mapToLong(id -> counts.get(id).outstanding()).toArray();
        List<SocketDrops.Rings> rings = new ArrayList<>();
        long handled = -handledOfFormer;
        long left = 0;
        long waiting = 0;
        for (XdpSocketCount socket : sockets) {
            int[] places = socket.flows.stream()
                    .mapToInt(id -> Arrays.binarySearch(ids, id))
                    .toArray();
            long arrived = 0;
            for (int place : places) {
                long carriedIn = socket.carriedIn(ids[place], kernel);
                mine.get(place).arrived += carriedIn;
                outstanding[place] += carriedIn;
                arrived += mine.get(place).arrived;
            }
            socket.update();
            socket.rate().update(arrived, System.nanoTime());
            rings.add(socket.rings(places));
            handled += socket.handled();
            left += socket.leftBehind();
            waiting += socket.waiting();
        }
        long counted = Arrays.stream(ids).mapToLong(id -> counts.get(id).counted()).sum();
        // Read while the handler counts on, it can seem less than it was.
        abandoned = Math.max(abandoned, handled - counted);
        parts = new SocketDrops(rings, abandoned + left, waiting + uncertain, refused).settle(mine, outstanding);
        return Arrays.stream(parts.refused()).sum();
    }

    /**
     * A flow is redirected into these sockets no more: what became of its packets, as last settled, is not the others'.
     *
     * @param counted packets of it that the handlers counted
     * @return how many of the refused redirects it had claimed
     */
    long remove(int flow, long counted) {
        int place = flows.headSet(flow).size();
        for (int i = 0; i < sockets.size(); i++) {
            if (sockets.get(i).flows.contains(flow)) {
                sockets.get(i).forget(flow, parts.starved().get(i)[place], parts.full().get(i)[place]);
            }
        }
        flows.remove(flow);
        abandoned -= parts.abandoned()[place];
        handledOfFormer += counted + parts.abandoned()[place] + parts.waiting()[place];
        return parts.refused()[place];
    }
}
