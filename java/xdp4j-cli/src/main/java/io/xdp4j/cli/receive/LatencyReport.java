// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.util.Collection;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Latencies from kernel to user, in microseconds. */
public record LatencyReport(double p50, double p99, double p999, double max) {
    /** @return null when no packet came */
    static LatencyReport of(Collection<Histogram> parts) {
        Histogram nanoseconds = LatencyBuckets.newHistogram();
        parts.forEach(nanoseconds::add);
        if (nanoseconds.getTotalCount() == 0) {
            return null;
        }
        return new LatencyReport(
                nanoseconds.getValueAtPercentile(50) / 1e3,
                nanoseconds.getValueAtPercentile(99) / 1e3,
                nanoseconds.getValueAtPercentile(99.9) / 1e3,
                nanoseconds.getMaxValue() / 1e3);
    }

    /** @return null when no packet came */
    public static LatencyReport of(Histogram nanoseconds) {
        return of(List.of(nanoseconds));
    }
}
