// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.Flow;
import java.util.EnumMap;
import java.util.Map;

/** The figures of one flow while a {@link FlowLedger} is made of them; all since the ledger was opened. */
final class FlowTally {
    /** Packets of which a counter says that they arrived. */
    long arrived;

    long delivered;
    long waiting;

    /** Sequence numbers that were missing where the flow was first seen. */
    long missing;

    /** Packets of the flow that contradict themselves; they are not among the arrived. */
    long invalid;

    /** First fragments of packets of the flow; they are not among the arrived. */
    long fragmented;

    /** Whether drops at its socket cannot be told, so that they are among the missing. */
    boolean dropsUnknown;

    /** What it is to be expected to have of drops that hit all traffic alike: its packets that came so far. */
    long weight;

    private final Map<Cause, Long> causes = new EnumMap<>(Cause.class);

    void add(Cause cause, long packets) {
        causes.merge(cause, packets, Long::sum);
    }

    long of(Cause cause) {
        return causes.getOrDefault(cause, 0L);
    }

    /**
     * What has been added since an earlier tally. What waited then was still to come: it counts as arrived since.
     */
    FlowTally since(FlowTally earlier) {
        FlowTally since = new FlowTally();
        since.arrived = arrived - earlier.arrived + earlier.waiting;
        since.delivered = delivered - earlier.delivered;
        since.waiting = waiting;
        causes.forEach((cause, packets) -> since.add(cause, packets - earlier.of(cause)));
        return since;
    }

    /** @param unseen packets whose absence shows: no counter says that they arrived */
    FlowLedger ledger(Flow flow, long unseen) {
        long wire = arrived + unseen;
        long lost = causes.values().stream().mapToLong(Long::longValue).sum();
        return new FlowLedger(flow, wire, delivered, waiting, causes, wire - delivered - waiting - lost);
    }
}
