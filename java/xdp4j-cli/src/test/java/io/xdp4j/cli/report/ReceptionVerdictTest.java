// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.Statement;
import io.xdp4j.cli.receive.LedgerReport;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.Demand;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceptionVerdictTest {
    @Test
    void tellsWhatWasLostToWhatByWhomAndWhatToChange() {
        Run run = Runs.of(Runs.snapshot(
                Runs.ledger(Runs.FLOW, 1_000, Map.of(Cause.FILL_RING_EMPTY, 30L)),
                Runs.ledger(Runs.OTHER, 1_000, Map.of(Cause.FILL_RING_EMPTY, 50L, Cause.UPSTREAM, 20L))));

        assertEquals(
                "100 of 2,000 packets were lost (5.0 %), most of them to one cause: fill ring empty.",
                ReceptionVerdict.lead(run));
        assertEquals(
                List.of(
                        new Statement(0, "Fill ring empty: 80 lost, 4.0 % of what was on the wire"),
                        new Statement(2, Cause.FILL_RING_EMPTY.happened()),
                        new Statement(2, "Finding of 239.1.2.4:5004."), // which lost more than the other
                        new Statement(2, "Change: Change for 239.1.2.4:5004."),
                        new Statement(2, "Options: --fill-ring 32768"),
                        new Statement(2, "By flow: 239.1.2.4:5004 50, 239.1.2.3:5004 30."),
                        new Statement(2, "Known from: " + Cause.FILL_RING_EMPTY.proof())),
                ReceptionVerdict.statements(run).subList(0, 7));
        assertTrue(ReceptionVerdict.statements(run).contains(new Statement(2, "Run receive with --fill-ring 32768")));
    }

    @Test
    void whatWasRemovedOnTheWayCounts() {
        Run run = Runs.with(
                Runs.of(Runs.snapshot(Runs.ledger(Runs.FLOW, 900, Map.of()))),
                new ReceiveReport.RemovedFlow(
                        "239.9.9.9:5004", new LedgerReport(100, 95, 0, Map.of(Cause.UPSTREAM, 5L), 0)));

        assertEquals(
                "5 of 1,000 packets were lost (0.50 %), all of them to one cause: upstream.",
                ReceptionVerdict.lead(run));
    }

    @Test
    void saysThatNothingWasLostAndHowFarItWasFromThat() {
        Run run = Runs.of(Runs.snapshot(Runs.ledger(Runs.FLOW, 1_000, Map.of())));

        assertEquals("Nothing was lost: 1,000 of 1,000 packets were delivered.", ReceptionVerdict.lead(run));
        assertTrue(ReceptionVerdict.statements(run).get(1).text().startsWith("A ring of 2,048 holds 5.3 ms"));
        assertTrue(text(run).contains("--fill-ring 32768 --rx-ring 32768"), text(run)); // 9.8 ms do not fit 5.3
    }

    @Test
    void doesNotCallItWholeWhileAPacketIsUnexplained() {
        Run run = Runs.of(snapshot(new FlowLedger(Runs.FLOW, 1_000, 997, 0, Map.of(), 3)));

        assertEquals(
                "Nothing was lost to a known cause: 997 of 1,000 packets were delivered. The account does not close: 3"
                        + " more are unexplained, which no counter has.",
                ReceptionVerdict.lead(run));
        assertFalse(text(run).contains("How far"), text(run));
    }

    @Test
    void namesWhatToCheckWhenNothingCame() {
        Run run = Runs.of(snapshot(new FlowLedger(Runs.FLOW, 0, 0, 0, Map.of(), 0)));

        assertEquals("Nothing arrived on rx0, and nothing was counted as lost.", ReceptionVerdict.lead(run));
        assertEquals(new Statement(0, "What to check"), ReceptionVerdict.statements(run).get(0));
        assertTrue(text(run).contains("Whether rx0 is where the group comes in"), text(run));
    }

    @Test
    void tellsTheLimits() {
        LedgerSnapshot ledger = new LedgerSnapshot(
                List.of(Runs.ledger(Runs.FLOW, 1_000, Map.of())), List.of(), List.of(), List.of("a counter is hidden"));

        assertTrue(text(Runs.of(ledger)).contains("A counter is hidden."), text(Runs.of(ledger)));
    }

    private static LedgerSnapshot snapshot(FlowLedger flow) {
        return new LedgerSnapshot(List.of(flow), List.of(), List.of(new Demand(0, 1)), List.of());
    }

    private static String text(Run run) {
        return String.join("\n", Statement.lines(ReceptionVerdict.statements(run)));
    }
}
