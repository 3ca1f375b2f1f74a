// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class QueuesConverterTest {
    private static List<Integer> numbers(String text) {
        return Arrays.stream(text.split(" ")).map(Integer::valueOf).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0         | 0",
                "3         | 3",
                "0,2-3     | 0 2 3",
                "2-3,0     | 0 2 3",
                "0-3,1-2   | 0 1 2 3",
                "5,5       | 5",
                "7-7       | 7",
                "01        | 1",
            })
    void readsLists(String text, String queues) {
        assertEquals(numbers(queues), new QueuesConverter().convert(text).of(1));
    }

    @Test
    void allAreThoseOfTheInterface() {
        assertEquals(List.of(0, 1, 2, 3), new QueuesConverter().convert("all").of(4));
        assertEquals(List.of(0), new QueuesConverter().convert("all").of(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "0,", ",0", "0,,1", "-1", "0-", "-", "0-1-2", "x", "0 1", "0x1", "all,0", "99999"})
    void refusesWhatIsNoList(String text) {
        String refusal = assertThrows(TypeConversionException.class, () -> new QueuesConverter().convert(text))
                .getMessage();
        assertEquals("'" + text + "' is no list of queues: use all, or for example 0 or 0,2-3", refusal);
    }

    @Test
    void refusesARangeThatGoesBack() {
        String refusal = assertThrows(TypeConversionException.class, () -> new QueuesConverter().convert("0,3-1"))
                .getMessage();
        assertEquals("'3-1' ends before it begins: use 1-3", refusal);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0 | 0", "0 1 | 0-1", "0 2 3 | 0,2-3", "1 3 5 | 1,3,5", "0 1 2 4 5 | 0-2,4-5"})
    void writesThemAsTheyAreTyped(String queues, String text) {
        assertEquals(text, NumberList.text(numbers(queues)));
        assertEquals(numbers(queues), new QueuesConverter().convert(text).of(1));
    }
}
