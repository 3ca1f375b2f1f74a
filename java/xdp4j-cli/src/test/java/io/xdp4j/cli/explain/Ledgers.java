// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.explain;

import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.Demand;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import java.util.List;
import java.util.Map;

/** Hand-made ledgers. */
final class Ledgers {
    static final Flow FLOW = Flow.parse("239.1.2.3:5004");
    static final Flow OTHER = Flow.parse("239.1.2.4:5004");

    /** 390,000 a second for 9.8 ms: 3,822 packets; four times that rounded up to a power of two: 16,384. */
    static final Demand DEMAND = new Demand(390_000, 9_800_000);

    static final Advice.Settings LONG_RINGS = new Advice.Settings(32_768, 32_768, null, null, null, false, false);

    private Ledgers() {}

    static FlowLedger flow(Flow flow, long wire, Map<Cause, Long> causes) {
        long lost = causes.values().stream().mapToLong(Long::longValue).sum();
        return new FlowLedger(flow, wire, wire - lost, 0, causes, 0);
    }

    static Advice advice(Flow flow, Cause cause, Advice.Settings settings) {
        return new Advice(flow, cause, 1, "Finding on " + cause + ".", "Change of " + cause + ".", settings);
    }

    /** Of one flow that lost something to one cause. */
    static LedgerSnapshot lost(Cause cause, long packets, Advice.Settings settings) {
        return new LedgerSnapshot(
                List.of(flow(FLOW, 3_900_000, Map.of(cause, packets))),
                List.of(advice(FLOW, cause, settings)),
                List.of(DEMAND),
                List.of());
    }

    static LedgerSnapshot nothingLost() {
        return new LedgerSnapshot(
                List.of(flow(FLOW, 3_900_000, Map.of())), List.of(), List.of(DEMAND), List.of());
    }

    /** Delivered and lost are fewer than there were on the wire. */
    static LedgerSnapshot unexplained(Map<Cause, Long> causes, long packets) {
        long lost = causes.values().stream().mapToLong(Long::longValue).sum();
        FlowLedger flow = new FlowLedger(FLOW, 3_900_000, 3_900_000 - lost - packets, 0, causes, packets);
        return new LedgerSnapshot(List.of(flow), List.of(), List.of(DEMAND), List.of());
    }

    static LedgerSnapshot silence() {
        return new LedgerSnapshot(
                List.of(flow(FLOW, 0, Map.of())), List.of(), List.of(new Demand(0, 9_800_000)), List.of());
    }
}
