// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.receive.QueueSample;
import io.xdp4j.ledger.Cause;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RunHistoryTest {
    private final RunHistory history = new RunHistory();

    @Test
    void ratesAreOfEachFlowAndOfAll() {
        history.add(Runs.sample(1, Runs.flows(2), 300, List.of()));

        assertEquals(600, history.all().mean(0));
        assertEquals(List.of(300.0, 300.0), history.flows().values().stream().map(flow -> flow.mean(0)).toList());
        assertNull(history.otherFlows());
    }

    @Test
    void theNinthFlowIsOneOfTheOthers() {
        history.add(Runs.sample(1, Runs.flows(10), 300, List.of()));

        assertEquals(RunHistory.MOST_NAMED, history.flows().size());
        assertEquals(600, history.otherFlows().mean(0));
        assertEquals(3_000, history.all().mean(0));
    }

    /** The ledger counts from the beginning, a track by the second. */
    @Test
    void lossesAreThoseOfTheSecond() {
        history.add(Runs.sample(1, Runs.snapshot(Runs.ledger(Runs.FLOW, 1_000, Map.of())), 1_000, List.of()));
        history.add(Runs.sample(2, Runs.snapshot(
                Runs.ledger(Runs.FLOW, 2_000, Map.of(Cause.FILL_RING_EMPTY, 30L))), 970, List.of()));
        history.add(Runs.sample(3, Runs.snapshot(
                Runs.ledger(Runs.FLOW, 3_000, Map.of(Cause.FILL_RING_EMPTY, 35L)),
                Runs.ledger(Runs.OTHER, 9, Map.of(Cause.UPSTREAM, 2L))), 995, List.of()));

        assertEquals(Set.of(Cause.FILL_RING_EMPTY, Cause.UPSTREAM), history.lost().keySet());
        History.Track fill = history.lost().get(Cause.FILL_RING_EMPTY);
        assertEquals(List.of(0.0, 30.0, 5.0), List.of(fill.mean(0), fill.mean(1), fill.mean(2)));
        History.Track upstream = history.lost().get(Cause.UPSTREAM);
        assertEquals(List.of(0.0, 0.0, 2.0), List.of(upstream.mean(0), upstream.mean(1), upstream.mean(2)));
    }

    /** A packet that was lost here has come: its flow is not silent. */
    @Test
    void aFlowIsSilentWhenNothingOfItIsOnTheWire() {
        history.add(Runs.sample(1, Runs.snapshot(
                Runs.ledger(Runs.FLOW, 1_000, Map.of()), Runs.ledger(Runs.OTHER, 0, Map.of())), 0, List.of()));
        history.add(Runs.sample(2, Runs.snapshot(
                Runs.ledger(Runs.FLOW, 1_500, Map.of(Cause.FILL_RING_EMPTY, 500L)),
                Runs.ledger(Runs.OTHER, 0, Map.of())), 0, List.of()));
        assertEquals(Map.of(Runs.FLOW, 0.0), history.silentSeconds());

        history.add(Runs.sample(5, Runs.snapshot(
                Runs.ledger(Runs.FLOW, 1_500, Map.of(Cause.FILL_RING_EMPTY, 500L)),
                Runs.ledger(Runs.OTHER, 7, Map.of())), 0, List.of()));
        assertEquals(Map.of(Runs.FLOW, 3.0, Runs.OTHER, 0.0), history.silentSeconds());

        history.removed(List.of(Runs.FLOW));
        assertEquals(Map.of(Runs.OTHER, 0.0), history.silentSeconds());
    }

    /** Its account begins anew: what it had lost before is not lost again, nor made good. */
    @Test
    void aFlowThatWasRemovedAndComesAgainCountsFromZero() {
        history.add(Runs.sample(1, Runs.snapshot(
                Runs.ledger(Runs.FLOW, 1_000, Map.of(Cause.UPSTREAM, 50L))), 950, List.of()));
        history.removed(List.of(Runs.FLOW));
        history.add(Runs.sample(2, Runs.snapshot(
                Runs.ledger(Runs.FLOW, 100, Map.of(Cause.UPSTREAM, 3L))), 97, List.of()));

        assertEquals(3, history.lost().get(Cause.UPSTREAM).mean(1));
    }

    @Test
    void ringsAreInPercentOfWhatTheyHold() {
        List<QueueSample> queues = IntStream.range(0, 10)
                .mapToObj(queue -> Runs.queue(queue, 100 * queue, 2_000))
                .toList();
        history.add(Runs.sample(1, Runs.flows(1), 1, queues));

        assertEquals(RunHistory.MOST_NAMED, history.queues().size());
        assertEquals(5, history.queues().get(1).most(0));
        assertEquals(45, history.otherQueues().most(0)); // the fuller one of queues 8 and 9
    }

    @Test
    void latenciesAreInMicroseconds() {
        history.add(Runs.sample(1, Runs.flows(2), 10, List.of()));

        assertEquals(List.of("p50", "p99", "max"), List.copyOf(history.latencies().keySet()));
        assertEquals(1_000, history.latencies().get("p99").mean(0), 10); // to two digits, as the histogram has it
    }

    @Test
    void aSecondWithoutAPacketHasNoLatency() {
        history.add(Runs.sample(1, Runs.flows(1), 10, List.of()));
        history.add(Runs.sample(2, Runs.flows(1), 0, List.of()));

        assertEquals(0, history.all().mean(1));
        assertTrue(Double.isNaN(history.latencies().get("max").mean(1)));
    }
}
