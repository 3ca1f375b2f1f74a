// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void twoFlowsCarryWhatOneDidNotInTheOriginal() {
        assertEquals(1, Cells.plan(Backend.XDP, 390_000).flows().size());
        assertEquals(1, Cells.plan(Backend.XDP, 400_000).flows().size());
        assertEquals(2, Cells.plan(Backend.XDP, 400_001).flows().size());
        assertEquals(2, Cells.plan(Backend.RAW, 520_000).flows().size());
    }

    @Test
    void theQuestionKeepsItsOwnStrategy() {
        assertEquals("spin", Plan.of(Backend.XDP, Cells.idle("spin"), 1_000, 6).idle().text());
        assertEquals("sleep:2ms", Plan.of(Backend.QUESTION, Cells.idle("spin"), 1_000, 6).idle().text());
    }

    @Test
    void isNamedForPeople() {
        assertEquals("question at 390,000 pps, sleep:2ms", Cells.plan(Backend.QUESTION, 390_000).toString());
    }
}
