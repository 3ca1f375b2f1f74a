// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpStatistics;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What came since the sample before, and where all packets are by now. One is taken each second while {@code receive}
 * runs, and a last one when the receivers have ended.
 *
 * @param at when it was taken
 * @param atNs the same by {@link System#nanoTime()}, which nobody sets; not earlier than its figures
 * @param seconds since the sample before, or since the beginning
 * @param elapsedSeconds since the beginning
 * @param ledger since the beginning
 * @param flows those received now
 * @param queues none for sockets
 */
public record Sample(
        Instant at,
        long atNs,
        double seconds,
        double elapsedSeconds,
        LedgerSnapshot ledger,
        List<FlowSample> flows,
        List<QueueSample> queues) {
    /**
     * @param ledger since the beginning
     * @param rtp since the beginning
     * @param split whether its packets came to several receivers: see {@link RtpFigures#of}
     * @param received RTP packets since the sample before
     * @param payloadBytes of these
     * @param queues on which they came; none for sockets
     * @param intervalNs their latencies from kernel to user; empty where the kernel gives no arrival time (nio). It
     *     changes with the next sample
     * @param totalNs all latencies since the beginning, likewise
     */
    public record FlowSample(
            FlowLedger ledger,
            RtpStatistics rtp,
            boolean split,
            long received,
            long payloadBytes,
            List<Integer> queues,
            Histogram intervalNs,
            Histogram totalNs) {
        public Flow flow() {
            return ledger.flow();
        }
    }
}
