// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** What the RTP counters of a flow say, wherever they are told. */
public final class RtpFigures {
    /** A receiver that misses 40,000 packets, which others had, takes the next ones for old. */
    private static final Set<RtpCounter> OF_A_WHOLE_SEQUENCE = EnumSet.of(
            RtpCounter.DISCONTINUITIES,
            RtpCounter.REORDERED,
            RtpCounter.DUPLICATE,
            RtpCounter.LATE,
            RtpCounter.RESTARTS);

    private RtpFigures() {}

    /**
     * @param split whether its packets came to several receivers, so that none saw the whole sequence: then LOST is the
     *     ledger's, EXPECTED follows from it, and counters that need the sequence are left out
     */
    public static Map<RtpCounter, Long> of(RtpStatistics rtp, FlowLedger ledger, boolean split) {
        Map<RtpCounter, Long> figures = new EnumMap<>(rtp.counts());
        if (split) {
            long lost = ledger.lost() - ledger.lost(Cause.NOT_RTP);
            figures.put(RtpCounter.LOST, lost);
            figures.put(RtpCounter.EXPECTED, rtp.count(RtpCounter.RECEIVED) + lost);
            figures.keySet().removeAll(OF_A_WHOLE_SEQUENCE);
        }
        return figures;
    }
}
