// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** The work of {@link SocketDrops#settle}: what is still to be apportioned, and what each flow has so far. */
final class Settlement {
    private final List<FlowTally> tallies;
    private final long[] rest; // by flow: packets that nobody has accounted for yet
    private final List<Pool> starved = new ArrayList<>(); // by socket
    private final List<Pool> full = new ArrayList<>();
    private final Pool abandoned;

    /** What a counter has. */
    private static final class Pool {
        final Cause cause;
        final int[] flows; // whose packets it can be
        final long[] parts; // by flow
        long packets; // that are not apportioned yet

        Pool(Cause cause, long packets, int[] flows, int allFlows) {
            this.cause = cause;
            this.packets = packets;
            this.flows = flows;
            this.parts = new long[allFlows];
        }

        boolean has(int flow) {
            return Arrays.stream(flows).anyMatch(one -> one == flow);
        }
    }

    Settlement(List<SocketDrops.Rings> rings, long abandoned, List<FlowTally> tallies, long[] outstanding) {
        this.tallies = tallies;
        this.rest = outstanding.clone();
        for (SocketDrops.Rings socket : rings) {
            starved.add(new Pool(Cause.FILL_RING_EMPTY, socket.starved(), socket.flows(), rest.length));
            full.add(new Pool(Cause.RX_RING_FULL, socket.full(), socket.flows(), rest.length));
        }
        this.abandoned = pool(Cause.APPLICATION, abandoned);
    }

    /** That every flow may be in. */
    private Pool pool(Cause cause, long packets) {
        return new Pool(cause, packets, IntStream.range(0, rest.length).toArray(), rest.length);
    }

    private List<Pool> pools() {
        List<Pool> pools = new ArrayList<>();
        for (int socket = 0; socket < starved.size(); socket++) {
            pools.add(starved.get(socket));
            pools.add(full.get(socket));
        }
        pools.add(abandoned);
        return pools;
    }

    /** All that is left of a flow is in what the counters have, as far as there is any. */
    void loseAll(int flow) {
        List<Pool> pools = pools().stream().filter(pool -> pool.has(flow)).toList();
        long[] sizes = pools.stream().mapToLong(pool -> Math.max(pool.packets, 0)).toArray();
        long[] parts = Apportionment.of(Math.min(rest[flow], Arrays.stream(sizes).sum()), sizes);
        for (int i = 0; i < parts.length; i++) {
            enter(pools.get(i), flow, parts[i]);
        }
    }

    /** @see SocketDrops */
    SocketDrops.Parts settle(long waitingAtMost, OptionalLong refused, boolean[] drained) {
        pools().forEach(this::apportion);
        long[] waiting = await(waitingAtMost, drained);
        Pool unseen = refused.isEmpty()
                ? pool(Cause.REFUSED_UNSEEN, unaccounted())
                : pool(Cause.WRONG_QUEUE, Math.min(unaccounted(), refused.getAsLong()));
        apportion(unseen);
        return new SocketDrops.Parts(
                starved.stream().map(pool -> pool.parts).toList(),
                full.stream().map(pool -> pool.parts).toList(),
                abandoned.parts,
                waiting,
                refused.isEmpty() ? new long[rest.length] : unseen.parts);
    }

    private long unaccounted() {
        return Math.max(Arrays.stream(rest).sum(), 0);
    }

    /** Among its flows by what is left of each. */
    private void apportion(Pool pool) {
        long[] weights = new long[rest.length];
        for (int flow : pool.flows) {
            weights[flow] = rest[flow];
        }
        long[] parts = Apportionment.of(pool.packets, weights);
        if (pool.packets > 0 && pool.flows.length > 0 && Arrays.stream(parts).sum() == 0) {
            parts[pool.flows[0]] = pool.packets; // more than there can be: shows as unexplained
        }
        for (int flow = 0; flow < parts.length; flow++) {
            enter(pool, flow, parts[flow]);
        }
    }

    private void enter(Pool pool, int flow, long packets) {
        if (packets == 0) {
            return;
        }
        tallies.get(flow).add(pool.cause, packets);
        pool.parts[flow] += packets;
        pool.packets -= packets;
        rest[flow] -= packets;
    }

    private long[] await(long atMost, boolean[] drained) {
        long[] weights = rest.clone();
        for (int flow = 0; flow < weights.length; flow++) {
            weights[flow] = drained[flow] ? 0 : weights[flow];
        }
        long all = Math.max(Arrays.stream(weights).sum(), 0);
        long[] waiting = Apportionment.of(Math.min(all, atMost), weights);
        for (int flow = 0; flow < waiting.length; flow++) {
            tallies.get(flow).waiting += waiting[flow];
            rest[flow] -= waiting[flow];
        }
        return waiting;
    }
}
