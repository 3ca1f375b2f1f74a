// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.List;

/**
 * What a {@link LossLedger} knew at one moment; immutable.
 *
 * @param flows by flow id
 * @param advice on every loss, by flow and cause
 * @param demands by flow id: what its queue or socket had to bridge, whether or not it lost anything
 * @param limits what of these figures cannot be told apart on this machine, a sentence each; mostly none
 */
public record LedgerSnapshot(
        List<FlowLedger> flows, List<Advice> advice, List<Demand> demands, List<String> limits) {
    /**
     * Keeps copies.
     *
     * @param flows see {@link #flows()}
     * @param advice see {@link #advice()}
     * @param demands see {@link #demands()}
     * @param limits see {@link #limits()}
     */
    public LedgerSnapshot {
        flows = List.copyOf(flows);
        advice = List.copyOf(advice);
        demands = List.copyOf(demands);
        limits = List.copyOf(limits);
    }

    /** {@return packets lost by all flows to all causes} */
    public long lost() {
        return flows.stream().mapToLong(FlowLedger::lost).sum();
    }
}
