// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void theMedianIsTheMiddleOneOrBetweenTheTwoMiddleOnes() {
        assertEquals(new Spread(20, 10, 90), of(90.0, 10.0, 20.0));
        assertEquals(new Spread(25, 10, 90), of(90.0, 30.0, 10.0, 20.0));
        assertEquals(new Spread(7, 7, 7), of(7.0));
    }

    @Test
    void aRunThatReceivedNothingHasNoFigure() {
        assertEquals(new Spread(15, 10, 20), of(20.0, null, 10.0));
        assertNull(of((Double) null));
        assertNull(of());
    }

    @Test
    void aRatioIsThatOfTheMedians() {
        assertEquals(1.5, Spread.ratio(new Spread(30, 0, 99), new Spread(20, 1, 50)));
        assertNull(Spread.ratio(new Spread(30, 0, 99), new Spread(0, 0, 0)));
        assertNull(Spread.ratio(null, new Spread(1, 1, 1)));
        assertNull(Spread.ratio(new Spread(1, 1, 1), null));
    }

    @Test
    void isWrittenInWholeNanoseconds() {
        assertEquals("10-1,235", Spread.range(new Spread(30, 10.4, 1_234.6)));
        assertEquals("30", Spread.median(new Spread(30, 10.4, 1_234.6)));
        assertEquals("-", Spread.range(null));
        assertEquals("-", Spread.median(null));
    }

    private static Spread of(Double... cpuNs) {
        return Spread.of(
                Stream.of(cpuNs)
                        .map(ns -> Cells.cell(Backend.XDP, 1_000, 6_000, Map.of(), 0, ns, 6.0))
                        .toList(),
                Cell::cpuNsPerPacket);
    }
}
