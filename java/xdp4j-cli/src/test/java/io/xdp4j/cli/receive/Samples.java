// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.xdp.XdpStatistics;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Hand-made samples. */
final class Samples {
    private Samples() {}

    /** One second in which nothing came. */
    static Sample silent(LedgerSnapshot ledger) {
        return new Sample(
                Instant.EPOCH,
                0,
                1.0,
                1.0,
                ledger,
                ledger.flows().stream().map(Samples::silent).toList(),
                List.of(new QueueSample(0, 0, 2_048, 0, new XdpStatistics(0, 0, 0, 0), 0, null)));
    }

    private static Sample.FlowSample silent(FlowLedger ledger) {
        Histogram none = LatencyBuckets.newHistogram();
        return new Sample.FlowSample(ledger, new RtpFlow().snapshot(), false, 0, 0, List.of(), none, none);
    }
}
