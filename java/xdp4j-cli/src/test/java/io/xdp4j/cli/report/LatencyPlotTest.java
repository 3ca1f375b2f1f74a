// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LatencyPlotTest {
    @Test
    void saysNothingOfWhatIsLeftOutWhenNothingIs() throws IOException {
        assertFalse(html(2, 0).contains("Drawn:"));
    }

    @Test
    void saysOfHowManyFlowsNothingIsKnown() throws IOException {
        assertTrue(html(1, 1).contains("Drawn: 1 of 2 flows; of 1 no packet's time is known."));
    }

    @Test
    void saysHowManyFlowsAreMoreThanCanBeToldApart() throws IOException {
        assertTrue(html(10, 0).contains("Drawn: 8 of 10 flows; 2 more would not be told apart."));
    }

    @Test
    void saysBoth() throws IOException {
        assertTrue(html(9, 3).contains(
                "Drawn: 8 of 12 flows; of 3 no packet's time is known, 1 more would not be told apart."));
    }

    private static String html(int flows, int silent) throws IOException {
        return new String(ReceptionPage.of(Runs.timed(flows, silent)).bytes(), StandardCharsets.UTF_8);
    }
}
