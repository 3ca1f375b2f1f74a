// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Sockets that have flows in common, and these flows: mostly a socket for each queue. What became of a packet can be
 * told of them together only.
 *
 * <p>A flow that is removed while packets of it may be on their way stays, until they have come to their handler: no
 * sooner can be told which of the sockets' drops were its and which the others'.
 */
final class XdpGroup {
    final List<XdpSocketCount> sockets = new ArrayList<>();

    /** Those that were removed too, while packets of theirs may be on their way. */
    final List<XdpFlowCount> flows = new ArrayList<>();

    private final List<XdpFlowCount> removed = new ArrayList<>(); // of these
    private long abandoned;
    private long handledOfFormer; // flows, that have been removed
    private List<XdpFlowCount> settled = List.of();
    private List<XdpSocketCount> settledSockets = List.of();
    private SocketDrops.Parts parts; // of the settled flows and sockets, in this order

    /** Takes over what another group has, because a flow goes into sockets of both. */
    void join(XdpGroup other) {
        sockets.addAll(other.sockets);
        flows.addAll(other.flows);
        removed.addAll(other.removed);
        abandoned += other.abandoned;
        handledOfFormer += other.handledOfFormer;
    }

    /** Takes up what was read. */
    void takeUp() {
        for (XdpSocketCount socket : sockets) {
            handledOfFormer += socket.takeUp();
        }
        flows.forEach(XdpFlowCount::takeUp);
    }

    /**
     * Enters into the flows' tallies what became of the packets that were redirected, as taken up.
     *
     * @param uncertain packets that arrived while all this was read
     * @param refused redirects that no other group has claimed
     * @return how many of the refused these flows claim
     */
    long settle(long uncertain, OptionalLong refused) {
        settled = List.copyOf(flows);
        settledSockets = List.copyOf(sockets);
        Map<XdpFlowCount, Integer> places = new IdentityHashMap<>();
        boolean[] drained = new boolean[settled.size()];
        long[] outstanding = new long[settled.size()];
        long counted = 0;
        for (int place = 0; place < settled.size(); place++) {
            XdpFlowCount flow = settled.get(place);
            places.put(flow, place);
            drained[place] = flow.isDrained();
            outstanding[place] = flow.outstanding();
            counted += flow.counted();
        }
        List<SocketDrops.Rings> rings = new ArrayList<>();
        long handled = -handledOfFormer;
        long left = 0;
        long waiting = 0;
        for (XdpSocketCount socket : sockets) {
            rings.add(socket.rings(socket.flows.stream().mapToInt(places::get).toArray()));
            handled += socket.handled();
            left += socket.leftBehind();
            waiting += socket.waiting();
        }
        // Read while the handler counts on, it can seem less than it was.
        abandoned = Math.max(abandoned, handled - counted);
        List<FlowTally> tallies = settled.stream().map(XdpFlowCount::tally).toList();
        parts = new SocketDrops(rings, abandoned + left, waiting + uncertain, refused)
                .settle(tallies, outstanding, drained);
        return Arrays.stream(parts.refused()).sum();
    }

    /** Of a flow. */
    List<XdpSocketCount> socketsOf(XdpFlowCount flow) {
        return sockets.stream().filter(socket -> socket.flows.contains(flow)).toList();
    }

    /**
     * A flow is redirected into these sockets no more. When all that arrived of it has come to a handler or was lost,
     * as last settled, it goes; else it stays until then. But none stays for a socket that no other flow has: such a
     * one may be closed from now on.
     *
     * @return how many of the refused redirects those had claimed that went
     */
    long remove(XdpFlowCount flow) {
        removed.add(flow);
        Set<XdpFlowCount> gone = new LinkedHashSet<>();
        for (XdpSocketCount socket : sockets) {
            if (removed.containsAll(socket.flows)) {
                gone.addAll(socket.flows);
            }
        }
        return forget(gone) + forgetDrained();
    }

    /** Lets those go that were removed, now that all of them has come to a handler or was lost; as {@link #remove}. */
    long forgetDrained() {
        return forget(removed.stream().filter(XdpFlowCount::isDrained).toList());
    }

    /** Whether it has no flow of which more may come. */
    boolean isUnused() {
        return removed.size() == flows.size();
    }

    private long forget(Collection<XdpFlowCount> some) {
        long refused = 0;
        for (XdpFlowCount flow : some) {
            refused += forget(flow);
        }
        return refused;
    }

    /** What became of its packets, as last settled, is not the others'. */
    private long forget(XdpFlowCount flow) {
        flows.remove(flow);
        removed.remove(flow);
        List<XdpSocketCount> into = socketsOf(flow);
        int place = settled.indexOf(flow);
        if (place < 0) { // nothing of it has arrived yet
            into.forEach(socket -> socket.flows.remove(flow));
        } else {
            for (XdpSocketCount socket : into) {
                int at = settledSockets.indexOf(socket);
                socket.forget(flow, parts.starved().get(at)[place], parts.full().get(at)[place]);
            }
            abandoned -= parts.abandoned()[place];
            handledOfFormer += flow.counted() + parts.abandoned()[place] + parts.waiting()[place];
        }
        into.stream().filter(socket -> socket.flows.isEmpty()).forEach(this::forget);
        return place < 0 ? 0 : parts.refused()[place];
    }

    /** All that it had or has was of flows that have gone. */
    private void forget(XdpSocketCount socket) {
        sockets.remove(socket);
        abandoned += socket.leftBehind();
        handledOfFormer -= socket.handled() + socket.waiting() + socket.leftBehind();
    }
}
