// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.explain;

import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.Received;
import java.util.List;

/**
 * What {@code --json} writes, in this order.
 *
 * @param options that were added for the second run; empty when there was nothing to try
 * @param after null when there was no second run
 */
record ExplainReport(ReceiveReport before, List<String> options, ReceiveReport after) {
    static ExplainReport of(Received before, Remedy remedy, Received after) {
        return new ExplainReport(before.report(), remedy.options(), after == null ? null : after.report());
    }
}
