// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
    @ParameterizedTest
    @CsvSource({
        "47181, 2339996, 2.0 %",
        "1, 3000000, 0.000033 %",
        "1, 1000, 0.10 %",
        "1, 2, 50 %",
        "3, 3, 100 %",
        "0, 5, 0 %"
    })
    void aPartIsNeverRoundedToNothing(long part, long whole, String expected) {
        assertEquals(expected, Figures.percent(part, whole));
    }

    @Test
    void figuresAreTheSameInEveryLocale() {
        assertEquals("1,234,567", Figures.count(1_234_567));
        assertEquals("38", Figures.rounded(37.6));
        assertEquals("-", Figures.rounded(null));
        assertEquals("1,234.6", Figures.decimal(1_234.56));
        assertEquals("5.3 ms", Figures.milliseconds(5.2513));
    }
}
