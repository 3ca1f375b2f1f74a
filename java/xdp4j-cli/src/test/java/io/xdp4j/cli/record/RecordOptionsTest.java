// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.BadInput;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class RecordOptionsTest {
    @Command
    private static final class Line {
        @Mixin
        private RecordOptions options;
    }

    private static Optional<RecordSettings> settings(String... arguments) {
        Line line = new Line();
        new CommandLine(line).parseArgs(arguments);
        return line.options.settings();
    }

    @Test
    void nothingIsRecordedUnlessAskedFor() {
        assertEquals(Optional.empty(), settings());
    }

    @ParameterizedTest
    @CsvSource({"1048576, 1048576", "1024K, 1048576", "500M, 524288000", "2G, 2147483648"})
    void limits(String text, long bytes) {
        assertEquals(
                new RecordSettings(Path.of("a"), bytes, OptionalInt.empty()),
                settings("--record", "a", "--record-limit", text).orElseThrow());
    }

    @Test
    void theDefaultsAreAGibibyteOfEveryPacket() {
        assertEquals(
                new RecordSettings(Path.of("a"), 1_073_741_824, OptionalInt.empty()),
                settings("--record", "a").orElseThrow());
        assertEquals(
                OptionalInt.of(100),
                settings("--record", "a", "--record-around-loss", "100").orElseThrow().aroundLoss());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.5G", "-1", "1T", "G", "1g", "1 G", "9999999999999999", "99999999999G"})
    void refusesWhatIsNoNumberOfBytes(String text) {
        ParameterException refusal = assertThrows(
                ParameterException.class, () -> settings("--record", "a", "--record-limit", text));
        assertTrue(refusal.getMessage().contains("'" + text + "' is "), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "--record-limit 2G, --record-limit means nothing without --record FILE: name the file",
        "--record-around-loss 5, --record-around-loss means nothing without --record FILE: name the file",
        "--record a --record-limit 1023K, --record-limit 1047552: use 1M or more",
        "--record a --record-around-loss 0, '--record-around-loss 0: use 1 to 100000, for example 100'",
        "--record a --record-around-loss 100001, '--record-around-loss 100001: use 1 to 100000, for example 100'",
    })
    void refusesWhatDoesNotFitTogether(String arguments, String why) {
        BadInput refusal = assertThrows(BadInput.class, () -> settings(arguments.split(" ")));
        assertEquals(why, refusal.getMessage());
    }
}
