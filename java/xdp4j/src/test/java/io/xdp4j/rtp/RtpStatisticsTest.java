// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import static io.xdp4j.rtp.RtpCounter.BYTES;
import static io.xdp4j.rtp.RtpCounter.DUPLICATE;
import static io.xdp4j.rtp.RtpCounter.NON_RTP;
import static io.xdp4j.rtp.RtpCounter.RECEIVED;
import static io.xdp4j.rtp.RtpCounter.SSRC_CHANGES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.ledger.WatchedFlow;
import io.xdp4j.packet.Flow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What several receivers of a flow have counted, together. */
class RtpStatisticsTest {
    private static final Flow FLOW = Flow.parse("239.1.2.3:5004");

    private static RtpSender sender(int ssrc, long... sequences) {
        RtpSender sender = new RtpSender(new RtpFlow());
        sender.ssrc = ssrc;
        return sender.send(sequences);
    }

    private static List<Integer> ssrcs(RtpStatistics statistics) {
        return statistics.streams().stream().map(RtpStatistics.Stream::ssrc).toList();
    }

    @Test
    void ofNoneIsZero() {
        RtpStatistics none = RtpStatistics.sum(List.of());
        for (RtpCounter counter : RtpCounter.values()) {
            assertEquals(0, none.count(counter));
        }
        assertEquals(new RtpFlow().snapshot(), none);
        assertTrue(none.latestStream().isEmpty());
    }

    @Test
    void ofOneIsThatOne() {
        RtpSender one = sender(1, 1, 2, 5);
        one.ssrc = 2;
        RtpStatistics statistics = one.send(1).statistics();
        assertEquals(statistics, RtpStatistics.sum(List.of(statistics)));
        assertEquals(List.of(2, 1), ssrcs(RtpStatistics.sum(List.of(statistics))));
    }

    @Test
    void ofSeveralIsTheSumOfEachCounter() {
        RtpSender first = sender(1, 1, 2, 2).bytes(new byte[20]);
        RtpSender second = sender(2, 7).bytes(new byte[20]).bytes(new byte[20]);
        second.ssrc = 3;
        second.send(8);
        RtpStatistics none = sender(3, 9).statistics();
        RtpStatistics sum = RtpStatistics.sum(List.of(first.statistics(), second.statistics(), none));
        assertEquals(6, sum.count(RECEIVED));
        assertEquals(3, sum.count(NON_RTP));
        assertEquals(1, sum.count(DUPLICATE));
        assertEquals(1, sum.count(SSRC_CHANGES));
        assertEquals(6L * RtpSender.PAYLOAD_BYTES, sum.count(BYTES));
    }

    /** 3 has six packets, though the most in one place are the five of 2. */
    @Test
    void theSsrcWithTheMostPacketsComesFirst() {
        RtpSender first = sender(3, 1, 2);
        first.ssrc = 2;
        first.send(1, 2, 3, 4, 5);
        RtpSender second = sender(3, 3, 4, 5, 6);
        second.ssrc = 1;
        second.send(1);
        RtpStatistics sum = RtpStatistics.sum(List.of(first.statistics(), second.statistics()));
        assertEquals(List.of(3, 2, 1), ssrcs(sum));
        RtpStatistics.Stream merged = sum.latestStream().orElseThrow();
        assertEquals(6, merged.count(RECEIVED));
        assertEquals(6L * RtpSender.PAYLOAD_BYTES, merged.count(BYTES));
        assertEquals(6, merged.extendedHighestSequence(), "of the one with four packets");
    }

    @Test
    void aFlowIsSplitWhenMoreThanOneReceiverHadPackets() {
        RtpFlow idle = new RtpFlow();
        RtpFlow busy = sender(1, 1).flow;
        assertFalse(new WatchedFlow(FLOW, List.of(busy, idle)).isSplit());
        assertFalse(new WatchedFlow(FLOW, idle).isSplit());
        assertTrue(new WatchedFlow(FLOW, List.of(busy, idle, sender(1, 2).flow)).isSplit());
    }

    /** Such as a queue whose worker was started again. */
    @Test
    void norWhereOneHasMissedSome() {
        assertFalse(new RtpFlow().isPartial());
        RtpFlow idle = new RtpFlow();
        RtpReadings partial = new RtpReadings() {
            @Override
            public RtpStatistics snapshot() {
                return idle.snapshot();
            }

            @Override
            public boolean isPartial() {
                return true;
            }
        };
        assertTrue(new WatchedFlow(FLOW, List.of(partial, idle)).isSplit());
    }
}
