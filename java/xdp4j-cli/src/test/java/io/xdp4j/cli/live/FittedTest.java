// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FittedTest {
    @ParameterizedTest
    @CsvSource({
        "0, 7, 0", "390120, 7, '390,120'", "1234567, 7, 1.235M", "1234567, 9, '1,234,567'", "999999999, 7, 1000.0M",
        "12345, 5, 12.3k", "123456, 5, 123k", "293670, 5, 294k", "1234567890123, 7, 1.235T",
        "9223372036854775807, 5, 9.22E",
    })
    void countsAreExactWhereTheyFit(long value, int columns, String text) {
        assertEquals(text, Fitted.count(value, columns));
    }

    @ParameterizedTest
    @CsvSource({
        "0.0123, 6, 0.012", "12.3456, 6, 12.346", "1234.56, 6, 1234.6",
        "123456.7, 6, 123457", "0.0123, 4, 0.01",
    })
    void numbersHaveAsManyDecimalsAsFit(double value, int columns, String text) {
        assertEquals(text, Fitted.number(value, columns));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 4, 0.0", "3600, 4, 3.6", "12345, 4, 12", "999499, 4, 999", "9804000, 4, 9804", "9804000, 6, '9,804'",
        "12345678, 4, 12ms", "123456789, 4, 0.1s", "123456789, 6, 123ms", "1234567890, 4, 1.2s",
        "60000000000, 6, 60.00s",
        "123456789, 8, '123,457'",
    })
    void latenciesAreInMicrosecondsUnlessTheySayOtherwise(long ns, int columns, String text) {
        assertEquals(text, Fitted.micros(ns, columns));
    }

    @ParameterizedTest
    @CsvSource({"0.4, 0 s", "59.4, 59 s", "59.6, 0:01:00", "3661, 1:01:01", "360000, 100:00:00"})
    void durations(double seconds, String text) {
        assertEquals(text, Fitted.duration(seconds));
    }
}
