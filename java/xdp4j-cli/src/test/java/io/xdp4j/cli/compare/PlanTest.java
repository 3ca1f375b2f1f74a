// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void twoFlowsCarryWhatOneDidNotInTheOriginal() {
        assertEquals(1, Plan.of(Backend.XDP, 390_000).flows().size());
        assertEquals(1, Plan.of(Backend.XDP, 400_000).flows().size());
        assertEquals(2, Plan.of(Backend.XDP, 400_001).flows().size());
        assertEquals(2, Plan.of(Backend.RAW, 520_000).flows().size());
    }

    @Test
    void isNamedForPeople() {
        assertEquals("question at 390,000 pps", Plan.of(Backend.QUESTION, 390_000).toString());
    }
}
