// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * What the ledger knew at one moment of the losses that leave gaps.
 *
 * @param takenNs when, by {@link System#nanoTime()}; not earlier than its figures
 * @param isLast whether the receivers have ended, so that it stays at that
 */
record LedgerLook(long takenNs, boolean isLast, Map<Flow, Map<Cause, Long>> lost) {
    /** Before there was any loss. */
    static final LedgerLook NOTHING = new LedgerLook(Long.MIN_VALUE, false, Map.of());

    static LedgerLook of(LedgerSnapshot ledger, long takenNs, boolean isLast) {
        Map<Flow, Map<Cause, Long>> lost = new HashMap<>();
        for (FlowLedger flow : ledger.flows()) {
            if (flow.lost() > flow.lost(Cause.NOT_RTP)) {
                Map<Cause, Long> causes = new EnumMap<>(flow.causes());
                causes.remove(Cause.NOT_RTP); // it has arrived, and no number of the sequence with it
                lost.put(flow.flow(), causes);
            }
        }
        return new LedgerLook(takenNs, isLast, lost);
    }

    /** What a flow had lost by then. */
    Map<Cause, Long> lost(Flow flow) {
        return lost.getOrDefault(flow, Map.of());
    }
}
