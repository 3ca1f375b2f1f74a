// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CpusTest {
    @Test
    void readsTheListFormatOfTheKernel() {
        assertEquals(List.of(0, 1), Cpus.parse("0-1").allowed());
        assertEquals(List.of(3), Cpus.parse("3").allowed());
        assertEquals(List.of(0, 2, 3, 4, 8), Cpus.parse("0,2-4,8").allowed());
    }

    @Test
    void keepsReceiversOffTheSendersCpu() {
        Cpus two = Cpus.parse("2-3");
        assertEquals(2, two.sender());
        assertEquals(3, two.receiver(0));
        assertEquals(3, two.receiver(1));
        assertEquals("sender on CPU 2, receivers on CPU 3", two.explained());

        Cpus four = Cpus.parse("0-3");
        assertEquals(1, four.receiver(0));
        assertEquals(2, four.receiver(1));
        assertEquals("sender on CPU 0, receivers on CPU 1 and 2", four.explained());
    }

    @Test
    void saysWhenThereIsOneOnly() {
        Cpus one = Cpus.parse("5");
        assertEquals(5, one.sender());
        assertEquals(5, one.receiver(0));
        assertTrue(one.isShared());
        assertTrue(one.explained().startsWith("one CPU only"));
    }
}
