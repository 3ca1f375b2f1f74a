// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.BadInput;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Bad input is refused before anything is opened. */
class ExplainCommandTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--seconds 0 | --seconds 0: use 1 or more",
                "--like-the-question --rx-ring 4 | --like-the-question sets --rx-ring itself: leave one of the two out",
                "--like-the-question --fill-ring 64 | --like-the-question sets --fill-ring itself",
                "--like-the-question --idle spin | --like-the-question sets --idle itself",
                "--like-the-question --backend raw | --like-the-question sets --backend itself",
                "--backend raw --fill-ring 64 | --fill-ring means nothing to --backend raw",
                "--receive-buffer 64 | --receive-buffer means nothing to --backend xdp",
                "--json /no/such/folder/x | /no/such/folder",
            })
    void namesTheOptionAndTheRemedy(String option, String message) {
        List<String> refusal = new ArrayList<>();
        List<String> arguments = new ArrayList<>(List.of("--interface", "lo", "--flow", "239.9.9.9:9"));
        arguments.addAll(List.of(option.split(" ")));
        CommandLine line = new CommandLine(new ExplainCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, ignored, parsed) -> {
                    assertTrue(e instanceof BadInput, String.valueOf(e));
                    refusal.add(e.getMessage());
                    return 2;
                });

        assertEquals(2, line.execute(arguments.toArray(String[]::new)));
        assertTrue(refusal.get(0).contains(message), refusal.get(0));
    }
}
