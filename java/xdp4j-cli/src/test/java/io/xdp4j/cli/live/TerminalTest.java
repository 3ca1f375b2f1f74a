// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the environment says of a terminal; LiveViewIT has real ones. */
class TerminalTest {
    @ParameterizedTest
    @CsvSource({"xterm-256color, true", "screen, true", "linux, true", "dumb, false", "unknown, false", "'', false"})
    void someTakeOnlyLines(String type, boolean isAddressable) {
        assertEquals(isAddressable, Terminal.isAddressable(Map.of("TERM", type)));
        assertEquals(false, Terminal.isAddressable(Map.of()));
    }

    @ParameterizedTest
    @CsvSource({"1, false", "0, false", "'', true"})
    void noColorIsRespectedWhateverItsValue(String noColor, boolean isColoured) {
        assertEquals(isColoured, Terminal.isColoured(Map.of("NO_COLOR", noColor)));
        assertEquals(true, Terminal.isColoured(Map.of()));
    }
}
