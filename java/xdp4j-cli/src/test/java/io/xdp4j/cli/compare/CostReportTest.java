// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.Machine;
import io.xdp4j.cli.receive.Idle;
import io.xdp4j.ledger.Cause;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CostReportTest {
    private static final Machine MACHINE = new Machine("6.18", "amd64", "AMD", 2, "17");
    private static final Idle SLEEP = Cells.idle("sleep:1ms");
    private static final Idle SPIN = Cells.idle("spin");

    @Test
    void eachHasItsTurnInEveryRound() {
        List<CostMeasurement.Load> loads =
                List.of(new CostMeasurement.Load(390_000, SLEEP), new CostMeasurement.Load(1_000_000, SPIN));

        assertEquals(
                List.of(
                        "xdp at 390,000 pps, sleep:1ms",
                        "peer at 390,000 pps, sleep:1ms",
                        "xdp at 390,000 pps, sleep:1ms",
                        "peer at 390,000 pps, sleep:1ms",
                        "xdp at 1,000,000 pps, spin",
                        "peer at 1,000,000 pps, spin",
                        "xdp at 1,000,000 pps, spin",
                        "peer at 1,000,000 pps, spin"),
                CostMeasurement.plans(List.of(Backend.XDP, Backend.PEER), loads, 2, 6).stream()
                        .map(Plan::toString)
                        .toList());
    }

    @Test
    void atALoadThatSleepsCpuTimeIsCompared() {
        CostReport report = report(
                cell(Backend.XDP, SLEEP, 60, 90), cell(Backend.PEER, SLEEP, 50, 100),
                cell(Backend.XDP, SLEEP, 80, 70), cell(Backend.PEER, SLEEP, 30, 60));

        assertEquals(2, report.costs().size());
        Cost xdp = report.costs().get(0);
        assertEquals("xdp", xdp.backend());
        assertEquals(2, xdp.rounds());
        assertEquals(new Spread(70, 60, 80), xdp.cpu());
        assertEquals(new Spread(80, 70, 90), xdp.busy());
        assertEquals(1.75, xdp.toPeer().compared()); // 70 / 40
        assertEquals(1.0, xdp.toPeer().busy());
        assertEquals(1.0, report.costs().get(1).toPeer().compared());
    }

    @Test
    void atOneThatSpinsBusyTimeIs() {
        CostReport report = report(cell(Backend.XDP, SPIN, 1_000, 60), cell(Backend.PEER, SPIN, 1_000, 40));

        assertEquals(1.5, report.costs().get(0).toPeer().compared());
        assertEquals(1.0, report.costs().get(0).toPeer().cpu());
    }

    @Test
    void loadsAreNotMixed() {
        CostReport report = report(
                cell(Backend.XDP, SLEEP, 60, 60), cell(Backend.PEER, SLEEP, 30, 30),
                cell(Backend.XDP, SPIN, 1_000, 60), cell(Backend.PEER, SPIN, 1_000, 60));

        assertEquals(
                List.of("sleep:1ms", "sleep:1ms", "spin", "spin"),
                report.costs().stream().map(Cost::idle).toList());
        assertEquals(2.0, report.costs().get(0).toPeer().compared());
        assertEquals(1.0, report.costs().get(2).toPeer().compared());
    }

    @Test
    void withoutThePeerThereIsNothingToCompareWith() {
        assertNull(report(cell(Backend.XDP, SLEEP, 60, 60)).costs().get(0).toPeer());
    }

    @Test
    void aCellThatLostPacketsOrWasLateIsMarkedAndNamed() {
        Plan plan = Plan.ofOneFlow(Backend.XDP, SLEEP, 390_000, 6);
        CostReport report = report(
                Cells.cell(plan, 2_340_000, Map.of(Cause.FILL_RING_EMPTY, 47L), 0, 60.0, 6.0),
                cell(Backend.PEER, SLEEP, 30, 30),
                Cells.cell(plan, 2_340_000, Map.of(), 0, 60.0, 7.5));

        assertEquals(47, report.costs().get(0).lost());
        assertEquals(1, report.costs().get(0).lateRounds());
        List<String> lines = report.report();
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("xdp* ")), lines::toString);
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("peer ")), lines::toString);
        assertTrue(lines.contains("  cell 1, xdp at 390,000 pps, sleep:1ms: lost 47 of 2,340,000 (fill ring empty 47,"
                + " unexplained 0)"), lines::toString);
        assertTrue(
                lines.contains("  cell 3, xdp at 390,000 pps, sleep:1ms: really sent 312,000 a second"),
                lines::toString);
    }

    @Test
    void rowsShowMediansAndRangesWithin120Columns() {
        List<String> lines = report(
                        cell(Backend.XDP, SLEEP, 60, 90), cell(Backend.PEER, SLEEP, 50, 100),
                        cell(Backend.XDP, SLEEP, 80, 70), cell(Backend.PEER, SLEEP, 30, 60))
                .report();

        assertTrue(
                lines.stream()
                        .anyMatch(line -> List.of(line.split(" +"))
                                .equals(List.of("xdp", "390,000", "sleep:1ms", "2", "70", "70", "70", "60-80", "80",
                                        "70-90", "1.75"))),
                lines::toString);
        assertFalse(lines.contains("* Cells that lost packets, or whose sender did not hold the rate:"));
        lines.forEach(line -> assertTrue(line.length() <= 120, line));
    }

    static CostReport report(Cell... cells) {
        CostSettings settings = new CostSettings(
                List.of("xdp", "peer"), List.of(), 1, 32_768, 64, 2, 6, 214, "sender on CPU 0, receivers on CPU 1");
        return CostReport.of(true, MACHINE, settings, List.of(cells));
    }

    /** @param cpuNs of the user part, of the system part, and of both: the figures are only carried along */
    static Cell cell(Backend backend, Idle idle, double cpuNs, double busyNs) {
        Plan plan = Plan.ofOneFlow(backend, idle, idle == SPIN ? 1_000_000 : 390_000, 6);
        return Cells.cell(plan, 6 * plan.offeredPps(), Map.of(), 0, cpuNs, busyNs, 6.0);
    }
}
