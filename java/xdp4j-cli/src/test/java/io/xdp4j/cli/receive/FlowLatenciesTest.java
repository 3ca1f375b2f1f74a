// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.xdp4j.packet.Flow;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Which latencies belong to which account. */
class FlowLatenciesTest {
    private static final Flow A = Flow.parse("239.1.2.3:5004");
    private static final Flow B = Flow.parse("239.1.2.4:5004");

    private final FlowLatencies latencies = new FlowLatencies();

    private static Histogram of(long packets) {
        Histogram histogram = LatencyBuckets.newHistogram();
        histogram.recordValueWithCount(1_000, packets);
        return histogram;
    }

    private long inAll() {
        return latencies.totals().stream().mapToLong(Histogram::getTotalCount).sum();
    }

    @Test
    void anIntervalIsOfItselfAndTheTotalOfAll() {
        latencies.add(A, 3, of(5));
        latencies.begin();
        latencies.add(A, 1, of(7));
        latencies.add(A, 0, of(1));

        assertEquals(8, latencies.interval(A).getTotalCount());
        assertEquals(13, latencies.total(A).getTotalCount());
        assertEquals(List.of(0, 1), latencies.queues(A));
        assertEquals(0, latencies.total(B).getTotalCount());
        assertEquals(13, inAll());
    }

    /** There may be 16,384 flows, and most of them silent. */
    @Test
    void flowsWithoutPacketsTakeNoMemory() {
        assertSame(latencies.interval(A), latencies.interval(B));
        assertSame(latencies.total(A), latencies.total(B));
        latencies.add(A, 0, of(5));
        latencies.begin();

        assertEquals(0, latencies.interval(A).getTotalCount());
        assertEquals(5, latencies.total(A).getTotalCount());
        assertEquals(0, latencies.total(B).getTotalCount());
    }

    @Test
    void aFlowThatComesAgainBeginsANewAccount() {
        latencies.add(A, 0, of(5));
        latencies.add(B, 0, of(2));
        latencies.remove(A);
        assertEquals(0, latencies.total(A).getTotalCount());
        assertEquals(0, latencies.interval(A).getTotalCount());
        latencies.add(A, 0, of(1));

        assertEquals(1, latencies.total(A).getTotalCount());
        assertEquals(8, inAll(), "those of the account before are in the sum");
        latencies.remove(A);
        assertEquals(8, inAll());
    }
}
