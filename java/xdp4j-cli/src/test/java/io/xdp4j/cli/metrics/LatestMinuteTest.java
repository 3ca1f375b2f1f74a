// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LatestMinuteTest {
    @Test
    void aValueIsToldForSixtySeconds() {
        LatestMinute minute = new LatestMinute();
        assertEquals(3, minute.add(3));
        assertEquals(90, minute.add(90));
        for (int second = 1; second < 60; second++) {
            assertEquals(90, minute.add(5), "after " + second);
        }
        assertEquals(5, minute.add(4));
    }
}
