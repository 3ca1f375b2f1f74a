// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.Statement;
import io.xdp4j.cli.receive.LedgerReport;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.Sample;
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

    /** Of two flows one is dead: that nothing was lost is not the first thing to know. */
    @Test
    void aFlowOfWhichNothingCameIsNamedFirst() {
        Run run = Runs.of(Runs.snapshot(
                Runs.ledger(Runs.FLOW, 8_000, Map.of()), new FlowLedger(Runs.OTHER, 0, 0, 0, Map.of(), 0)));

        assertEquals(
                "Of 1 of 2 flows nothing came: 239.1.2.4:5004. Nothing was lost of the others: 8,000 of 8,000 packets"
                        + " were delivered.",
                ReceptionVerdict.lead(run));
        assertEquals(
                List.of(
                        new Statement(0, "Flows of which nothing came"),
                        new Statement(2, "239.1.2.4:5004.")),
                ReceptionVerdict.statements(run).subList(0, 2));
        assertTrue(text(run).contains("Check whether the sender sends"), text(run));
    }

    @Test
    void whatWasLostOfTheOthersStandsBehindThoseThatNeverCame() {
        Run run = Runs.of(Runs.snapshot(
                Runs.ledger(Runs.FLOW, 1_000, Map.of(Cause.UPSTREAM, 10L)),
                new FlowLedger(Runs.OTHER, 0, 0, 0, Map.of(), 0)));

        assertEquals(
                "Of 1 of 2 flows nothing came: 239.1.2.4:5004. 10 of 1,000 packets were lost (1.0 %), all of them to"
                        + " one cause: upstream.",
                ReceptionVerdict.lead(run));
    }

    @Test
    void aFlowThatStoppedBeforeTheEndIsNamed() {
        Run run = Runs.of(Runs.snapshot(Runs.ledger(Runs.FLOW, 5_000, Map.of()))); // its only second is the tenth
        run.history().add(silent(12, run)); // no more than 2 s
        assertFalse(ReceptionVerdict.lead(run).contains("came in the last"), ReceptionVerdict.lead(run));

        run.history().add(silent(22, run));

        assertEquals(
                "Nothing was lost: 5,000 of 5,000 packets were delivered. Nothing of 239.1.2.3:5004 came in the last"
                        + " 12 s.",
                ReceptionVerdict.lead(run));
        assertEquals(
                List.of(
                        new Statement(0, "Flows that stopped before the end"),
                        new Statement(2, "Nothing of 239.1.2.3:5004 came in the last 12 s.")),
                ReceptionVerdict.statements(run).subList(0, 2));
    }

    @Test
    void ofManyFlowsThatStoppedTheFirstAreNamed() {
        Run run = Runs.of(Runs.flows(8));
        run.history().add(silent(15, run));

        String lead = ReceptionVerdict.lead(run);
        assertTrue(lead.contains(" 8 of 8 flows stopped before the end: 239.1.2.0:5004, "), lead);
        assertTrue(lead.endsWith("239.1.2.5:5004 and 2 more."), lead);
        assertTrue(text(run).contains("And of 2 more flows nothing came."), text(run));
    }

    private static Sample silent(int second, Run run) {
        return Runs.sample(second, run.last().ledger(), 0, List.of());
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
