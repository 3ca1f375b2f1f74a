// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void aRowShowsTheFiguresOfTheCell() {
        List<String> lines = Table.lines(List.of(Cells.xdp(Backend.XDP, 520_000, 3_120_000, Map.of())));

        assertEquals(3, lines.size());
        assertEquals(
                List.of("xdp", "2", "520,000", "3,120,000", "3,120,000", "0", "0", "0",
                        "30", "30", "30", "1,050", "2,100", "46,124"),
                List.of(lines.get(2).split(" +")));
    }

    @Test
    void aRowWithLossSaysWhereAndThatNothingIsUnexplained() {
        List<String> lines = Table.lines(
                List.of(Cells.xdp(Backend.QUESTION, 390_000, 2_339_996, Map.of(Cell.FILL_RING_EMPTY, 47_181L))));

        assertEquals("  lost: fill ring empty 47,181, unexplained 0", lines.get(3));
    }

    @Test
    void packetsThatWereNotCountedAreShown() {
        List<String> lines =
                Table.lines(List.of(Cells.socket(Backend.RAW, 390_000, 1_000, Map.of(Cell.UNEXPLAINED, 5L))));

        assertEquals("  lost: unexplained 5", lines.get(3));
    }

    @Test
    void whatIsNotMeasuredIsADash() {
        List<String> row = List.of(Table.lines(List.of(Cells.cell(Backend.NIO, 1_000, 0, Map.of(), null, 6.0)))
                .get(2)
                .split(" +"));

        assertEquals(List.of("-", "-", "-", "-", "-", "-"), row.subList(8, 14));
    }

    @Test
    void columnsStandUnderEachOtherWithin120() {
        List<String> lines = Table.lines(List.of(
                Cells.xdp(Backend.XDP, 150_000, 900_000, Map.of()),
                Cells.socket(Backend.RECVMMSG, 520_000, 99_999_999, Map.of(Cell.SOCKET_BUFFER, 99_999_999L))));

        assertEquals(lines.get(2).length(), lines.get(3).length());
        lines.forEach(line -> assertTrue(line.length() <= 120, line));
    }

    @Test
    void everyColumnIsDefined() {
        String[] names = Table.lines(List.of()).get(0).split(" +");

        List<String> legend = Table.legend();
        assertEquals(names.length, legend.size());
        for (int i = 0; i < names.length; i++) {
            assertTrue(legend.get(i).strip().startsWith(names[i]), legend.get(i));
            assertTrue(legend.get(i).length() <= 120, legend.get(i));
        }
    }
}
