// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import java.util.Map;

/**
 * Where the packets of a flow went, for the JSON and the summary: {@code wire} is the sum of all the others.
 *
 * @param causes those with packets, in the order of a packet's way
 */
public record LedgerReport(long wire, long delivered, long waiting, Map<Cause, Long> causes, long unexplained) {
    static LedgerReport of(FlowLedger ledger) {
        return new LedgerReport(
                ledger.wire(), ledger.delivered(), ledger.waiting(), ledger.causes(), ledger.unexplained());
    }

    /** Packets lost to all causes together. */
    public long lost() {
        return causes.values().stream().mapToLong(Long::longValue).sum();
    }
}
