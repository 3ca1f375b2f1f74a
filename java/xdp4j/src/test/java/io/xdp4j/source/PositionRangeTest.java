// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionRangeTest {
    @Test
    void readsPositionsRangesAndSteps() {
        assertEquals(
                List.of(new PositionRange(100, 100, 1), new PositionRange(0, 2999, 1), new PositionRange(10, 19, 3)),
                PositionRange.parseList("100,0-2999,10-19/3"));
    }

    @Test
    void printsWhatItReads() {
        String text = "100,2000-2999,10000-19999/10";
        assertEquals(
                text,
                String.join(",", PositionRange.parseList(text).stream().map(PositionRange::toString).toList()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "1,", ",1", "1-", "-1", "5/2", "1-5/", "1-5/0", "5-1", "1 2", "9223372036854775808"})
    void namesWhatItCannotRead(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> PositionRange.parseList(text))
                .getMessage();
        assertTrue(message.contains("'") || message.contains("5-1") || message.contains("1-5"), message);
    }
}
