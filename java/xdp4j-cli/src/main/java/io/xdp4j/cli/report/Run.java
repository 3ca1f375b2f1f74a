// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import io.xdp4j.cli.Machine;
import io.xdp4j.cli.receive.LedgerReport;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.cli.receive.Sample;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * All that a page tells of a run of {@code receive}.
 *
 * @param inForce what was really in force, in a few words
 * @param host name of the machine
 * @param begin when packets were received from
 * @param events in their order
 * @param broken why it ended before its time
 * @param last sample
 */
record Run(
        ReceiveSettings settings,
        String inForce,
        Machine machine,
        String host,
        Instant begin,
        RunHistory history,
        List<Event> events,
        Optional<String> broken,
        Sample last,
        ReceiveReport report) {
    /** Something that a person should know has happened. */
    record Event(Instant at, String text) {}

    /** Of all flows, those that were removed on the way included. */
    Stream<LedgerReport> ledgers() {
        return Stream.concat(
                report.flows().stream().map(ReceiveReport.FlowReport::ledger),
                report.removed().stream().map(ReceiveReport.RemovedFlow::ledger));
    }

    long sum(ToLongFunction<LedgerReport> figure) {
        return ledgers().mapToLong(figure).sum();
    }
}
