// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.record.RecordReport;
import io.xdp4j.ledger.LedgerSnapshot;
import java.util.List;
import java.util.Optional;

/**
 * What came of receiving for a while.
 *
 * @param report for the JSON and the summary
 * @param ledger taken when the receivers had ended; the report's figures are its
 * @param lastQueues how full the rings were since the last sample of the run
 * @param mishap what went wrong and ended it before its time
 */
public record Received(
        ReceiveReport report, LedgerSnapshot ledger, List<QueueSample> lastQueues, Optional<String> mishap) {
    Received with(RecordReport record) {
        return new Received(report.with(record), ledger, lastQueues, mishap);
    }

    Received with(Optional<String> otherMishap) {
        return new Received(report, ledger, lastQueues, otherMishap);
    }
}
