// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.Machine;
import io.xdp4j.ledger.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LosslessReportTest {
    private static final LosslessSettings SETTINGS = new LosslessSettings(
            List.of("xdp", "peer", "raw", "nio"), "sleep:1ms", 1, 2, 5, 3, 214, "sender on CPU 0, receivers on CPU 1");
    private static final Machine MACHINE = new Machine("6.18", "amd64", "AMD", 2, "17");

    /** Takes all that the sender has: 1,000,000 a second. */
    private final Throughput peer = found(Backend.PEER, 1_000_000, 9_000_000);

    private final Throughput raw = found(Backend.RAW, 500_000, 395_000);
    private final Throughput nio = found(Backend.NIO, 500_000, 250_000);

    @Test
    void aSourceIsBoundByWhatIsLostAtTheLowestRateThatFails() {
        assertEquals(395_000, raw.losslessPps());
        assertEquals(0.79, raw.ofSenderLimit());
        assertEquals(5_000, raw.stepPps());
        assertEquals("socket buffer", raw.binds());
        assertEquals(400_000, raw.bindsAtPps());
        assertEquals(1_234, raw.bindsLost());
        assertEquals(3 * 5 * 395_000, raw.confirmedSent());
        assertEquals(raw.confirmedSent(), raw.confirmedReceived());
    }

    @Test
    void oneThatTakesAllIsBoundByTheSender() {
        assertEquals(1_000_000, peer.losslessPps());
        assertEquals("sender", peer.binds());
        assertEquals(1_000_000, peer.bindsAtPps());
        assertEquals(0, peer.bindsLost());
    }

    /** The sender being late hides that the source lost packets there, unless that is remembered. */
    @Test
    void whatLostAtARateBindsEvenIfALaterTrialThereWasOnlyLate() {
        Plan limit = Plan.saturating(Backend.RAW, Cells.idle("sleep:1ms"), 2);
        Plan plan = Plan.ofOneFlow(Backend.RAW, Cells.idle("sleep:1ms"), 10, 2);
        List<Trial> trials = List.of(
                Trial.of(Trial.Kind.LIMIT, limit, Cells.cell(limit, 20, Map.of(), 0, 30.0, 2.0)),
                Trial.of(Trial.Kind.SEARCH, plan, Cells.cell(plan, 20, Map.of(Cause.NIC, 3L), 0, 30.0, 2.0)),
                Trial.of(Trial.Kind.SEARCH, plan, Cells.cell(plan, 20, Map.of(), 0, 30.0, 4.0)));
        ThroughputSearch search = new ThroughputSearch(10, 10);
        search.took(trials.get(1).outcome());
        search.took(trials.get(2).outcome());

        Throughput found = Throughput.of(Backend.RAW, search, trials);

        assertEquals("NIC", found.binds());
        assertEquals(3, found.bindsLost());
        assertEquals(10, found.bindsAtPps());
    }

    @Test
    void ratesAreComparedWithThePeerAndTheBestSocket() {
        List<Throughput> sources = report(raw, peer, nio).sources();

        assertEquals(0.395, sources.get(0).toPeer());
        assertEquals(1.0, sources.get(0).toBestSocket());
        assertEquals(1.0, sources.get(1).toPeer());
        assertEquals(1_000_000 / 395_000.0, sources.get(1).toBestSocket());
        assertEquals(250_000 / 395_000.0, sources.get(2).toBestSocket());
    }

    @Test
    void withoutAPeerOrASocketThereIsNothingToCompareWith() {
        Throughput alone = report(found(Backend.XDP, 1_000_000, 9_000_000)).sources().get(0);

        assertNull(alone.toPeer());
        assertNull(alone.toBestSocket());
    }

    @Test
    void onePrintsARowForEachSourceWithin120Columns() {
        List<String> lines = report(peer, raw).report();

        assertEquals(
                List.of("peer", "1,000,000", "1,000,000", "1.00", "1.00", "2.53", "sender", "0", "1,000,000", "5",
                        "15,000,000"),
                List.of(lines.get(10).split(" +")));
        assertEquals(
                List.of("raw", "395,000", "500,000", "0.79", "0.40", "1.00", "socket", "buffer", "1,234", "400,000",
                        "9", "5,925,000"),
                List.of(lines.get(11).split(" +")));
        lines.forEach(line -> assertTrue(line.length() <= 120, line));
    }

    @Test
    void oneThatWasBrokenOffHasTrialsAndNoRate() {
        Throughput brokenOff = Throughput.unfinished(Backend.RAW, raw.trials().subList(0, 3));
        LosslessReport report = report(peer, brokenOff);

        assertNull(report.sources().get(1).losslessPps());
        assertNull(report.sources().get(1).toPeer());
        assertEquals(3, report.sources().get(1).trials().size());
        assertTrue(report.report().stream().anyMatch(line -> line.matches("raw +- +500,000( +-){6} +3 +-")));
    }

    @Test
    void twoBoundByTheSenderSayNothingOfEachOther() {
        String note = "Where the sender binds, the source may be able to receive more than it could be sent here.";

        assertTrue(report(peer, found(Backend.XDP, 900_000, 9_000_000)).report().contains(note));
        assertFalse(report(peer, raw).report().contains(note));
    }

    static LosslessReport report(Throughput... sources) {
        return LosslessReport.of(true, MACHINE, SETTINGS, List.of(sources));
    }

    /** Of a source that loses 1,234 above its capacity, begun at its capacity. */
    static Throughput found(Backend backend, long limitPps, long capacityPps) {
        List<Trial> trials = new ArrayList<>();
        Plan limit = Plan.saturating(backend, Cells.idle("sleep:1ms"), 2);
        trials.add(Trial.of(Trial.Kind.LIMIT, limit, Cells.cell(limit, 2 * limitPps, Map.of(), 0, 30.0, 2.0)));
        ThroughputSearch search = new ThroughputSearch(limitPps, capacityPps);
        while (!search.isOver()) {
            boolean confirming = search.isConfirming();
            Plan plan = Plan.ofOneFlow(backend, Cells.idle("sleep:1ms"), search.ratePps(), confirming ? 5 : 2);
            Map<Cause, Long> causes =
                    search.ratePps() > capacityPps ? Map.of(Cause.SOCKET_BUFFER, 1_234L) : Map.of();
            Trial trial = Trial.of(
                    confirming ? Trial.Kind.CONFIRMATION : Trial.Kind.SEARCH,
                    plan,
                    Cells.cell(plan, plan.seconds() * plan.offeredPps(), causes, 0, 30.0, plan.seconds()));
            trials.add(trial);
            search.took(trial.outcome());
        }
        return Throughput.of(backend, search, trials);
    }
}
