// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.ReceiveReports;
import io.xdp4j.ledger.Advice;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.LedgerSnapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RemedyTest {
    private static List<String> options(LedgerSnapshot ledger, int ring, boolean ringsAtLeastDefault) {
        return Remedy.of(ledger, ReceiveReports.settings(Backend.XDP, ring, ledger), ringsAtLeastDefault).options();
    }

    @Test
    void isWhatTheAdviceSays() {
        assertEquals(
                List.of("--fill-ring", "32768", "--rx-ring", "32768"),
                options(Ledgers.lost(Cause.FILL_RING_EMPTY, 5, Ledgers.LONG_RINGS), 2_048, false));
    }

    @Test
    void leavesOutWhatIsInForce() {
        assertEquals(List.of(), options(Ledgers.lost(Cause.FILL_RING_EMPTY, 5, Ledgers.LONG_RINGS), 32_768, false));
    }

    @Test
    void isEmptyForCausesWithoutOptions() {
        LedgerSnapshot upstream = Ledgers.lost(Cause.UPSTREAM, 5, Advice.Settings.NONE);

        assertTrue(Remedy.of(upstream, ReceiveReports.settings(Backend.XDP, 64, upstream), false).isEmpty());
    }

    @Test
    void withoutLossARingWithoutMarginIsMadeLonger() {
        assertEquals(
                List.of("--fill-ring", "32768", "--rx-ring", "32768"), options(Ledgers.nothingLost(), 8_192, false));
        assertEquals(List.of(), options(Ledgers.nothingLost(), 16_384, false));
    }

    @Test
    void likeTheQuestionGoesOnToTheDefaultRings() {
        assertEquals(
                List.of("--fill-ring", "32768", "--rx-ring", "32768"), options(Ledgers.nothingLost(), 16_384, true));
    }

    /** The flow that is well keeps its queue. */
    @Test
    void queuesAreAddedToThoseThatThereAre() {
        Advice.Settings queue3 = new Advice.Settings(null, null, null, List.of(2, 3), null, false, false);
        Map<Cause, Long> strays = Map.of(Cause.NO_SOCKET_ON_QUEUE, 100L);
        LedgerSnapshot ledger = new LedgerSnapshot(
                List.of(Ledgers.flow(Ledgers.FLOW, 100, strays), Ledgers.flow(Ledgers.OTHER, 100, Map.of())),
                List.of(Ledgers.advice(Ledgers.FLOW, Cause.NO_SOCKET_ON_QUEUE, queue3)),
                List.of(),
                List.of());

        assertEquals(List.of("--queue", "0,2-3"), options(ledger, 64, false));
    }

    @Test
    void takesTheMostThatAnyFlowNeeds() {
        Advice.Settings more = new Advice.Settings(65_536, null, null, null, null, false, true);
        LedgerSnapshot both = new LedgerSnapshot(
                List.of(
                        Ledgers.flow(Ledgers.FLOW, 100, Map.of(Cause.FILL_RING_EMPTY, 1L)),
                        Ledgers.flow(Ledgers.OTHER, 100, Map.of(Cause.FILL_RING_EMPTY, 1L))),
                List.of(
                        Ledgers.advice(Ledgers.FLOW, Cause.FILL_RING_EMPTY, Ledgers.LONG_RINGS),
                        Ledgers.advice(Ledgers.OTHER, Cause.FILL_RING_EMPTY, more)),
                List.of(),
                List.of());

        assertEquals(
                List.of("--fill-ring", "65536", "--rx-ring", "32768", "--idle", "spin"), options(both, 2_048, false));
    }
}
