// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.ledger.Cause;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void aRowShowsTheFiguresOfTheCell() {
        List<String> lines = Table.lines(List.of(Cells.xdp(Backend.XDP, 520_000, 3_120_000, Map.of())));

        assertEquals(3, lines.size());
        assertEquals(
                List.of("xdp", "2", "520,000", "3,120,000", "3,120,000", "0", "30", "30", "30", "1,050", "2,100",
                        "46,124"),
                List.of(lines.get(2).split(" +")));
    }

    @Test
    void aCauseThatOccurredHasAColumnInAllRows() {
        List<String> lines = Table.lines(List.of(
                Cells.xdp(Backend.QUESTION, 390_000, 2_339_996, Map.of(Cause.FILL_RING_EMPTY, 47_181L)),
                Cells.socket(Backend.NIO, 390_000, 2_340_000, Map.of(Cause.SOCKET_BUFFER, 328L))));

        assertEquals(List.of("lost", "fill", "buffer", "user"), List.of(lines.get(0).split(" +")).subList(5, 9));
        assertEquals(List.of("47,181", "47,181", "0"), List.of(lines.get(2).split(" +")).subList(5, 8));
        assertEquals(List.of("328", "0", "328"), List.of(lines.get(3).split(" +")).subList(5, 8));
    }

    @Test
    void theStrategyHasAColumnWhereThereAreSeveralAndBusyTimeWhereOneSpins() {
        List<Cell> sleeping =
                List.of(idle(Backend.XDP, "sleep:1ms"), idle(Backend.QUESTION, "sleep:1ms"));
        List<Cell> both = List.of(idle(Backend.XDP, "sleep:1ms"), idle(Backend.XDP, "spin"));

        assertEquals(
                List.of("backend", "flows", "offered"),
                List.of(Table.lines(sleeping).get(0).split(" +")).subList(0, 3));
        assertEquals(
                List.of("backend", "idle", "flows", "offered"),
                List.of(Table.lines(both).get(0).split(" +")).subList(0, 4));
        assertEquals(
                List.of("user", "system", "busy", "softirq"),
                List.of(Table.lines(both).get(0).split(" +")).subList(7, 11));
        assertEquals("xdp", Table.lines(both).get(3).split(" +")[0]);
        assertEquals("spin", Table.lines(both).get(3).split(" +")[1]);
    }

    private static Cell idle(Backend backend, String idle) {
        Plan plan = Plan.of(backend, Cells.idle(idle), 390_000, 6);
        return Cells.cell(plan, 2_340_000, Map.of(), 0, 30.0, 6.0);
    }

    @Test
    void packetsThatWereNotCountedHaveAColumn() {
        List<String> lines = Table.lines(List.of(Cells.cell(Backend.RAW, 390_000, 1_000, Map.of(), 5, 900.0, 6.0)));

        assertEquals(List.of("lost", "unexpl"), List.of(lines.get(0).split(" +")).subList(5, 7));
        assertEquals(List.of("5", "5"), List.of(lines.get(2).split(" +")).subList(5, 7));
    }

    @Test
    void aLossInWordsSaysThatNothingIsUnexplained() {
        assertEquals(
                "fill ring empty 47,181, unexplained 0",
                Table.places(Map.of(Cause.FILL_RING_EMPTY, 47_181L), 0));
    }

    @Test
    void whatIsNotMeasuredIsADash() {
        List<String> row = List.of(Table.lines(List.of(Cells.cell(Backend.NIO, 1_000, 0, Map.of(), 0, null, 6.0)))
                .get(2)
                .split(" +"));

        assertEquals(List.of("-", "-", "-", "-", "-", "-"), row.subList(6, 12));
    }

    @Test
    void columnsStandUnderEachOtherWithin120() {
        List<String> lines = Table.lines(List.of(
                Cells.xdp(Backend.XDP, 150_000, 900_000, Map.of()),
                Cells.xdp(Backend.QUESTION, 520_000, 3_120_000, Map.of(Cause.FILL_RING_EMPTY, 100_000L)),
                Cells.socket(
                        Backend.RECVMMSG, 520_000, 9_999_999, Map.of(Cause.SOCKET_BUFFER, 9_999_990L, Cause.NIC, 9L))));

        assertEquals(lines.get(2).length(), lines.get(3).length());
        assertEquals(lines.get(2).length(), lines.get(4).length());
        lines.forEach(line -> assertTrue(line.length() <= 120, line));
    }

    @Test
    void everyColumnIsDefined() {
        List<Cell> cells = List.of(idle(Backend.RAW, "poll"), Cells.cell(
                Plan.of(Backend.XDP, Cells.idle("spin"), 1_000, 9),
                9_000,
                Stream.of(Cause.values()).collect(Collectors.toMap(cause -> cause, cause -> 1L)),
                1,
                30.0,
                6.0));
        String[] names = Table.lines(cells).get(0).split(" +");

        List<String> legend = Table.legend(cells);
        assertEquals(names.length, legend.size());
        assertEquals(names.length, Set.of(names).size());
        for (int i = 0; i < names.length; i++) {
            assertTrue(legend.get(i).strip().startsWith(names[i]), legend.get(i));
            assertTrue(legend.get(i).length() <= 120, legend.get(i));
        }
    }
}
