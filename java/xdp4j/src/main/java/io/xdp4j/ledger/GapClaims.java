// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Who made the gaps that a flow's sequence has where the kernel first sees it: counters of this machine claim them, and
 * what nobody claims came about upstream.
 *
 * <p>A counter of the whole interface or the whole stack says how many packets, not whose: it claims the gaps of all
 * flows in proportion. A gap and the counter that has it need not show together. Many drivers refresh their counters
 * only every second or two: so a gap can be claimed for {@value #CLAIMABLE_NS} ns, and is upstream's for good after
 * that. And a gap shows only when the flow goes on: so a drop can claim for as long, not counting the time in which
 * nothing arrives. What a counter has beyond the gaps may be a loss that no sequence shows (at the end of a stream, or
 * of 65,536 packets), or other traffic's: {@link #left} tells it.
 */
final class GapClaims {
    /** Longer than any driver takes to refresh its counters. */
    static final long CLAIMABLE_NS = 3_000_000_000L;

    /** Of each flow, exact; they claim first. */
    private static final List<Cause> OF_FLOW = List.of(Cause.INVALID, Cause.FRAGMENTED);

    /** Of all traffic, in the order in which they claim. */
    private static final List<Cause> OF_ALL = List.of(Cause.FILL_RING_EMPTY, Cause.NIC, Cause.STACK);

    private int flows; // ids below this have a place
    private long[] missing = {}; // by flow, at the last settlement
    private long[] open = {}; // by flow: what can be claimed of these
    private final Deque<Gaps> claimable = new ArrayDeque<>(); // oldest first
    private final Map<Cause, long[]> claimed = new EnumMap<>(Cause.class); // by flow
    private final Map<Cause, Credit[]> ofFlow = new EnumMap<>(Cause.class);
    private final Map<Cause, Credit> ofAll = new EnumMap<>(Cause.class);
    private boolean started;
    private long lastNs;
    private long arrivingNs; // a clock that stands still while nothing arrives

    private static final class Gaps {
        final long seenNs;
        long[] byFlow;

        Gaps(long seenNs, long[] byFlow) {
            this.seenNs = seenNs;
            this.byFlow = byFlow;
        }

        boolean isEmpty() {
            return Arrays.stream(byFlow).allMatch(packets -> packets == 0);
        }
    }

    GapClaims(int flows) {
        OF_ALL.forEach(cause -> ofAll.put(cause, new Credit()));
        OF_FLOW.forEach(cause -> ofFlow.put(cause, new Credit[0]));
        Stream.concat(OF_FLOW.stream(), OF_ALL.stream()).forEach(cause -> claimed.put(cause, new long[0]));
        makeRoom(flows);
    }

    /** For flows with ids below this; those that are there already keep what they have. */
    void makeRoom(int forFlows) {
        if (forFlows <= flows) {
            return;
        }
        missing = Arrays.copyOf(missing, forFlows);
        open = Arrays.copyOf(open, forFlows);
        claimed.replaceAll((cause, byFlow) -> Arrays.copyOf(byFlow, forFlows));
        claimable.forEach(gaps -> gaps.byFlow = Arrays.copyOf(gaps.byFlow, forFlows));
        ofFlow.replaceAll((cause, byFlow) -> {
            Credit[] more = Arrays.copyOf(byFlow, forFlows);
            Arrays.setAll(more, id -> more[id] == null ? new Credit() : more[id]);
            return more;
        });
        flows = forFlows;
    }

    /** The id is another flow's from now on. */
    void forget(int flow) {
        missing[flow] = 0;
        open[flow] = 0;
        claimed.values().forEach(byFlow -> byFlow[flow] = 0);
        claimable.forEach(gaps -> gaps.byFlow[flow] = 0);
        ofFlow.values().forEach(byFlow -> byFlow[flow] = new Credit());
    }

    /**
     * What a counter of a flow has.
     *
     * @param packets since the beginning
     */
    void dropped(Cause cause, int flow, long packets) {
        ofFlow.get(cause)[flow].counter(packets);
    }

    /**
     * What a counter of all traffic has.
     *
     * @param packets since the beginning
     */
    void dropped(Cause cause, long packets) {
        ofAll.get(cause).counter(packets);
    }

    /**
     * Divides the gaps among those who claim them.
     *
     * @param byFlow sequence numbers missing by flow, since the beginning; those not given are 0
     * @param arriving whether packets of the flows have arrived since the last settlement
     * @param nowNs System.nanoTime()
     */
    void settle(long[] byFlow, boolean arriving, long nowNs) {
        long[] nowMissing = Arrays.copyOf(byFlow, flows);
        arrivingNs += started && arriving ? nowNs - lastNs : 0;
        started = true;
        lastNs = nowNs;
        credits().forEach(credit -> credit.update(arrivingNs));
        Gaps grown = new Gaps(nowNs, new long[flows]);
        for (int flow = 0; flow < flows; flow++) {
            long gap = nowMissing[flow] - missing[flow];
            missing[flow] = nowMissing[flow];
            if (gap > 0) {
                grown.byFlow[flow] = gap;
                open[flow] += gap;
            } else if (gap < 0) {
                heal(flow, -gap);
            }
        }
        if (!grown.isEmpty()) {
            claimable.addLast(grown);
        }
        claim();
        while (!claimable.isEmpty() && nowNs - claimable.peekFirst().seenNs > CLAIMABLE_NS) {
            long[] past = claimable.removeFirst().byFlow;
            for (int flow = 0; flow < flows; flow++) {
                open[flow] -= past[flow];
            }
        }
        credits().forEach(credit -> credit.age(arrivingNs));
    }

    private Stream<Credit> credits() {
        return Stream.concat(ofAll.values().stream(), ofFlow.values().stream().flatMap(Stream::of));
    }

    private void claim() {
        for (Cause cause : OF_FLOW) {
            for (int flow = 0; flow < flows; flow++) {
                Credit credit = ofFlow.get(cause)[flow];
                long part = Math.min(credit.claimable(), open[flow]);
                credit.take(part);
                take(cause, flow, part);
            }
        }
        for (Cause cause : OF_ALL) {
            Credit credit = ofAll.get(cause);
            long whole = Math.min(credit.claimable(), Arrays.stream(open).sum());
            credit.take(whole);
            long[] parts = Apportionment.of(whole, open);
            for (int flow = 0; flow < flows; flow++) {
                take(cause, flow, parts[flow]);
            }
        }
    }

    private void take(Cause cause, int flow, long packets) {
        claimed.get(cause)[flow] += packets;
        fill(flow, packets, claimable.iterator());
    }

    /** Takes packets out of gaps, in the order given, as far as there are any. */
    private void fill(int flow, long packets, Iterator<Gaps> gaps) {
        long rest = Math.min(packets, open[flow]);
        open[flow] -= rest;
        while (rest > 0) {
            long[] byFlow = gaps.next().byFlow;
            long part = Math.min(rest, byFlow[flow]);
            byFlow[flow] -= part;
            rest -= part;
        }
    }

    /**
     * Stragglers came: gaps were none. Those that can still be claimed go first, the newest before the others, then
     * those that are upstream's for good; and when that is not enough a claim was wrong, and the claimant has it back.
     */
    private void heal(int flow, long packets) {
        fill(flow, packets, claimable.descendingIterator());
        long wrong = Math.max(open[flow] - upstream(flow), 0);
        for (Cause cause : OF_ALL) {
            wrong -= giveBack(cause, flow, wrong, ofAll.get(cause));
        }
        for (Cause cause : OF_FLOW) {
            wrong -= giveBack(cause, flow, wrong, ofFlow.get(cause)[flow]);
        }
    }

    private long giveBack(Cause cause, int flow, long packets, Credit to) {
        long back = Math.min(packets, claimed.get(cause)[flow]);
        claimed.get(cause)[flow] -= back;
        to.giveBack(back, arrivingNs);
        return back;
    }

    /** A flow's gaps that a counter claims. */
    long claimed(Cause cause, int flow) {
        return claimed.get(cause)[flow];
    }

    /** A flow's gaps that nobody claims. */
    long upstream(int flow) {
        return missing[flow] - claimed.values().stream().mapToLong(byFlow -> byFlow[flow]).sum();
    }

    /** What a counter of a flow has beyond its gaps. */
    long left(Cause cause, int flow) {
        return ofFlow.get(cause)[flow].packets();
    }

    /** What a counter of all traffic has beyond the gaps. */
    long left(Cause cause) {
        return ofAll.get(cause).packets();
    }

    /** What a counter of all traffic has is accounted for, as far as this, without a gap: it claims none. */
    void settle(Cause cause, long packets) {
        ofAll.get(cause).settle(packets);
    }
}
