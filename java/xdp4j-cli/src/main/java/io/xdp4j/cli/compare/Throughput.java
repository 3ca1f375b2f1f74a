// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.util.List;

/**
 * The highest rate at which a source lost nothing; the order is that of the JSON.
 *
 * @param backend as on the command line
 * @param losslessPps 0 when it lost something at every rate; null when the search was not ended
 * @param senderLimitPps what the sender gets into this source when it sends as fast as it can
 * @param stepPps of the search
 * @param ofSenderLimit lossless rate by sender's limit
 * @param toPeer lossless rate by that of the C program; null without one
 * @param toBestSocket lossless rate by that of the best socket; null without one
 * @param binds what keeps it from more: where packets are lost at the lowest rate that failed; {@code sender} where
 *     none are
 * @param bindsAtPps that rate; where none failed, the sender's limit
 * @param bindsLost packets lost in the last trial there that lost any
 * @param confirmedSent packets of the runs that confirmed the rate
 * @param confirmedReceived as many
 * @param trials in the order they were run
 */
record Throughput(
        String backend,
        Long losslessPps,
        Double senderLimitPps,
        Long stepPps,
        Double ofSenderLimit,
        Double toPeer,
        Double toBestSocket,
        String binds,
        Long bindsAtPps,
        Long bindsLost,
        Long confirmedSent,
        Long confirmedReceived,
        List<Trial> trials) {
    /** Of a search that has ended. */
    static Throughput of(Backend backend, ThroughputSearch search, List<Trial> trials) {
        double limitPps = trials.get(0).sentPps();
        List<Trial> confirming = trials.stream()
                .filter(trial -> trial.kind() == Trial.Kind.CONFIRMATION
                        && trial.offeredPps() == search.ratePps()
                        && trial.passed())
                .toList();
        Trial failed = trials.stream()
                .filter(trial -> trial.failed() && trial.offeredPps() == search.failedPps())
                .reduce((earlier, later) -> later.lost() == 0 && earlier.lost() != 0 ? earlier : later)
                .orElse(null);
        return new Throughput(
                backend.toString(),
                search.ratePps(),
                limitPps,
                search.stepPps(),
                search.ratePps() / limitPps,
                null,
                null,
                failed == null ? Trial.SENDER : failed.bound(),
                failed == null ? Math.round(limitPps) : failed.offeredPps(),
                failed == null ? 0 : failed.lost(),
                confirming.stream().mapToLong(Trial::sent).sum(),
                confirming.stream().mapToLong(Trial::received).sum(),
                List.copyOf(trials));
    }

    /** Of one that was broken off. */
    static Throughput unfinished(Backend backend, List<Trial> trials) {
        return new Throughput(
                backend.toString(),
                null,
                trials.get(0).sentPps(),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                List.copyOf(trials));
    }

    /** @param bestSocketPps like the other null when there is none, or when it lost something at every rate */
    Throughput comparedTo(Long peerPps, Long bestSocketPps) {
        return new Throughput(
                backend,
                losslessPps,
                senderLimitPps,
                stepPps,
                ofSenderLimit,
                ratio(peerPps),
                ratio(bestSocketPps),
                binds,
                bindsAtPps,
                bindsLost,
                confirmedSent,
                confirmedReceived,
                trials);
    }

    private Double ratio(Long otherPps) {
        return losslessPps == null || otherPps == null ? null : (double) losslessPps / otherPps;
    }
}
