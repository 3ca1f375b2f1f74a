// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProcessAgeTest {
    /** A name may hold what separates fields; started 123.45 s after boot, and it is 125.00 s after boot. */
    @Test
    void isCountedSinceBoot() {
        String stat = "4242 (a) b (c) S 1 4242 4242 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 12345 2703360 321 18446744";
        assertEquals(1_550, ProcessAge.ms(stat, "125.00 230.10\n"), 1e-6);
    }

    @Test
    void thisProcessHasAnAge() {
        assertTrue(ProcessAge.ms() > 0);
    }
}
