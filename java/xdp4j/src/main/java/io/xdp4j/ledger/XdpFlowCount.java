// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.xdp.FlowCounters;

/** The counters of one flow that an XDP program redirects; all since the first tally. */
final class XdpFlowCount {
    private final Difference seen = new Difference();
    private final Difference redirected = new Difference();
    private final Difference noSocket = new Difference();
    private final Difference wrongQueue = new Difference();
    private final Difference noMetadata = new Difference();
    private final Difference tooLarge = new Difference();
    private final Difference invalid = new Difference();
    private final Difference fragmented = new Difference();
    private final Difference delivered = new Difference();
    private final Difference notRtp = new Difference();
    private final Level missing = new Level();

    /** Takes up what was read. */
    FlowTally tally(RtpStatistics rtp, FlowCounters kernel) {
        FlowTally tally = new FlowTally();
        tally.arrived = seen.update(kernel.seen());
        tally.weight = tally.arrived;
        tally.missing = missing.update(kernel.missing());
        tally.invalid = invalid.update(kernel.invalid());
        tally.fragmented = fragmented.update(kernel.fragmented());
        tally.delivered = delivered.update(rtp.count(RtpCounter.RECEIVED));
        tally.add(Cause.NOT_RTP, notRtp.update(rtp.count(RtpCounter.NON_RTP)));
        tally.add(Cause.NO_SOCKET_ON_QUEUE, noSocket.update(kernel.noSocket()));
        tally.add(Cause.WRONG_QUEUE, wrongQueue.update(kernel.wrongQueue()));
        tally.add(Cause.NO_METADATA, noMetadata.update(kernel.noMetadata()));
        tally.add(Cause.TOO_LARGE, tooLarge.update(kernel.tooLarge()));
        redirected.update(kernel.redirected());
        return tally;
    }

    /** Packets that the handler has counted. */
    long counted() {
        return delivered.risen() + notRtp.risen();
    }

    /** Packets that the program redirected and the handler has not counted. */
    long outstanding() {
        return redirected.risen() - counted();
    }
}
