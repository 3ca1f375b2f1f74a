// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.packet.Flow;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ConvertersTest {
    @ParameterizedTest
    @CsvSource({"500ns, PT0.0000005S", "50us, PT0.00005S", "1ms, PT0.001S", "2s, PT2S", "0ms, PT0S"})
    void readsDurations(String text, Duration duration) {
        assertEquals(duration, new DurationConverter().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "ms", "1.5ms", "-1ms", "1 ms", "1m", "9999999999s"})
    void refusesOtherDurations(String text) {
        String refusal = assertThrows(TypeConversionException.class, () -> new DurationConverter().convert(text))
                .getMessage();

        assertTrue(refusal.startsWith("'" + text + "' is not a duration: "), refusal);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 2_048, 32_768, 1 << 30})
    void readsPowersOfTwo(int size) {
        assertEquals(size, new PowerOfTwoConverter().convert(Integer.toString(size)));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 is not a power of two: use 1",
        "3000, 3000 is not a power of two: use 2048 or 4096",
        "-2, '-2' is not a power of two",
        "4k, '4k' is not a power of two",
        "2147483648, 2147483648 descriptors are too many"
    })
    void refusesOtherRingSizes(String text, String start) {
        String refusal = assertThrows(TypeConversionException.class, () -> new PowerOfTwoConverter().convert(text))
                .getMessage();

        assertTrue(refusal.startsWith(start), refusal);
    }

    @Test
    void readsFlowsAndPassesTheRefusalOn() {
        assertEquals(Flow.parse("239.1.2.3:5004"), new FlowConverter().convert("239.1.2.3:5004"));
        String refusal = assertThrows(TypeConversionException.class, () -> new FlowConverter().convert("10.1.2.3:5004"))
                .getMessage();
        assertTrue(refusal.contains("10.1.2.3 is not a multicast group"), refusal);
    }
}
