// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.xdp4j.cli.live.FlowState.Health;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.packet.Flow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a flow's seconds amount to, one after the other. */
class FlowWatchTest {
    private static final String FLOW = "239.1.2.3:5004";

    private final Seconds seconds = Seconds.of();
    private final FlowWatch watch = new FlowWatch();

    private FlowState next(long total, long received, long lost) {
        return watch.second(seconds.next(Seconds.flow(FLOW, total, received, 1_000, Map.of(Cause.NIC, lost))))
                .flows()
                .get(0);
    }

    @Test
    void aFlowThatNeverCameIsAbsent() {
        assertEquals("! no packet has come", next(0, 0, 0).reason(80));
        assertEquals(Health.WELL, next(10, 10, 0).health());
    }

    @Test
    void aFlowIsSilentWhenTwoSecondsBringNothing() {
        assertEquals(Health.WELL, next(10, 10, 0).health());
        assertEquals(Health.WELL, next(10, 0, 0).health());
        assertEquals("! silent for 2 s", next(10, 0, 0).reason(80));
        assertEquals("! silent for 3 s", next(10, 0, 0).reason(80));
        assertEquals(Health.WELL, next(11, 1, 0).health());
    }

    @Test
    void aFlowOfWhichAllIsLostIsLosing() {
        next(10, 10, 0);
        next(10, 0, 5);
        assertEquals("! losing 5/s, 100 %: NIC 10", next(10, 0, 10).reason(80));
    }

    @Test
    void aFlowThatLostStaysAmongTheWorstForTenSeconds() {
        assertEquals("! losing 3/s, 23 %: NIC 3", next(10, 10, 3).reason(80));
        for (int second = 1; second < 10; second++) {
            assertEquals("! last loss " + second + " s ago: NIC 3", next(10 + second, 1, 3).reason(80));
        }
        FlowState later = next(20, 1, 3);
        assertEquals(Health.LOST, later.health());
        assertEquals("last loss 10 s ago: NIC 3", later.reason(80));
    }

    @Test
    void aSilentFlowThatLostSaysBoth() {
        next(10, 10, 3);
        next(10, 0, 3);
        assertEquals("! silent for 2 s; lost before: NIC 3", next(10, 0, 3).reason(80));
    }

    @Test
    void aGapThatAStragglerHealsIsForgotten() {
        assertEquals(Health.LOSING, next(10, 10, 1).health());
        assertEquals(Health.WELL, next(20, 10, 0).health());
    }

    @Test
    void whatNoCauseAccountsForIsALoss() {
        FlowState state = new FlowState(
                FLOW, new FlowLedger(Flow.parse(FLOW), 13, 10, 0, Map.of(), 3), 3, 10, 10, 0, null, null, null,
                List.of(), null, new FlowState.Trouble(Health.LOSING, 3, 0));

        assertEquals("! losing 3/s, 23 %: unexplained 3", state.reason(80));
    }

    @Test
    void causesThatHaveNoRoomAreCounted() {
        FlowState state = watch.second(seconds.next(Seconds.flow(FLOW, 10, 10, 1, Map.of(
                        Cause.NIC, 5L, Cause.FILL_RING_EMPTY, 70L, Cause.UPSTREAM, 6L))))
                .flows()
                .get(0);

        assertEquals("! losing 81/s, 89 %: fill ring empty 70, upstream 6, NIC 5", state.reason(80));
        assertEquals("! losing 81/s, 89 %: fill ring empty 70, 2 more", state.reason(45));
    }

    @Test
    void aFlowThatIsSplitHasNoOrder() {
        Seconds queued = Seconds.of(Seconds.queue(0, 0, 64), Seconds.queue(1, 0, 64));
        FlowWatch.Second second = watch.second(queued.next(
                Seconds.flow(FLOW, 5_000, 100, 1_000, Map.of(), 0),
                Seconds.flow("239.1.2.4:5004", 5_000, 100, 1_000, Map.of(), 0, 1)));

        assertEquals(5, second.flows().get(0).reordered());
        assertNull(second.flows().get(1).reordered());
        assertNull(second.all().reordered(), "what is unknown of one is unknown of all");
    }

    @Test
    void aFlowThatWasRemovedAndComesAgainBeginsAnew() {
        next(10, 10, 3);
        watch.second(seconds.next(Seconds.absent("239.9.9.9:9")));
        assertEquals(Health.ABSENT, next(0, 0, 0).health());
    }

    /** 100 is for a ring that was full, 0 for one that was empty. */
    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "20479, 63", "32767, 99", "32768, 100"})
    void ringsAreAsFullAsTheirFullest(int fullest, int percent) {
        Seconds queued = Seconds.of(Seconds.queue(0, 0, 32_768), Seconds.queue(3, fullest, 32_768));
        FlowWatch.Second second = watch.second(queued.next(Seconds.flow(FLOW, 10, 10, 1, Map.of(), 3)));

        assertEquals(percent, second.flows().get(0).ringPercent());
        assertEquals(percent, second.all().ringPercent());
    }
}
