// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import com.fasterxml.jackson.annotation.JsonValue;
import io.xdp4j.cli.Figures;
import io.xdp4j.cli.compare.ThroughputSearch.Outcome;
import io.xdp4j.ledger.Cause;
import java.util.Locale;
import java.util.Map;

/**
 * One run of a search for the highest rate without loss; the order is that of the JSON.
 *
 * @param kind what it was for
 * @param offeredPps packets a second asked of the sender; null where it was to send as fast as it can
 * @param sentPps packets a second that it sent
 * @param seconds how long it was asked to send
 * @param elapsedSeconds how long that took
 * @param sent frames that the sender handed to its device
 * @param received RTP packets that the receiver handed out; by {@code drop}, those that the XDP program dropped
 * @param lost sent − received
 * @param causes of the lost ones, as of {@link Cell}
 * @param unexplained lost, less the sum of the causes
 * @param outcome null for the sender's limit, which nothing has to pass
 */
record Trial(
        Kind kind,
        Long offeredPps,
        double sentPps,
        int seconds,
        double elapsedSeconds,
        long sent,
        long received,
        long lost,
        Map<Cause, Long> causes,
        long unexplained,
        Outcome outcome) {
    static final String SENDER = "sender";

    /** What a trial is for. */
    enum Kind {
        LIMIT,
        SEARCH,
        CONFIRMATION;

        /** As the JSON and the progress have it. */
        @Override
        @JsonValue
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Trial of(Kind kind, Plan plan, Cell cell) {
        Outcome outcome = cell.lost() != 0 ? Outcome.LOST : cell.late() ? Outcome.LATE : Outcome.PASSED;
        return new Trial(
                kind,
                kind == Kind.LIMIT ? null : cell.offeredPps(),
                cell.sentPps(),
                plan.seconds(),
                cell.elapsedSeconds(),
                cell.sent(),
                cell.received(),
                cell.lost(),
                cell.causes(),
                cell.unexplained(),
                kind == Kind.LIMIT ? null : outcome);
    }

    /** What kept it from passing, in two words: {@code sender}, or where most of the lost packets were lost. */
    String bound() {
        if (lost == 0) {
            return SENDER;
        }
        Map.Entry<Cause, Long> worst =
                causes.entrySet().stream().max(Map.Entry.comparingByValue()).orElse(null);
        return worst == null || worst.getValue() < Math.abs(unexplained) ? "unexplained" : worst.getKey().label();
    }

    /** For people. */
    String result() {
        if (kind == Kind.LIMIT) {
            return "sent " + Figures.rounded(sentPps) + " a second, lost " + Figures.count(lost) + " of "
                    + Figures.count(sent);
        }
        return switch (outcome) {
            case PASSED -> "passed";
            case LATE -> "sender was late: " + Figures.rounded(sentPps) + " a second";
            case LOST -> "lost " + Figures.count(lost) + " of " + Figures.count(sent) + ": "
                    + Table.places(causes, unexplained);
        };
    }

    boolean passed() {
        return outcome == Outcome.PASSED;
    }

    boolean failed() {
        return outcome == Outcome.LATE || outcome == Outcome.LOST;
    }
}
