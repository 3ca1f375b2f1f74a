// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KernelVersionTest {
    @Test
    void readsWhatUnameTells() {
        assertEquals(new KernelVersion(6, 1, 0), KernelVersion.of("6.1.0-18-amd64"));
        assertEquals(new KernelVersion(6, 6, 10), KernelVersion.of("6.6.10"));
        assertEquals(new KernelVersion(5, 18, 0), KernelVersion.of("5.18-rc3"));
        assertThrows(NumberFormatException.class, () -> KernelVersion.of("rolling"));
    }

    @Test
    void comparesEveryPart() {
        KernelVersion multiBuffer = new KernelVersion(6, 6, 10);
        assertTrue(multiBuffer.isAtLeast(multiBuffer));
        assertTrue(new KernelVersion(6, 12, 0).isAtLeast(multiBuffer));
        assertTrue(new KernelVersion(7, 0, 0).isAtLeast(multiBuffer));
        assertFalse(new KernelVersion(6, 6, 9).isAtLeast(multiBuffer));
        assertFalse(new KernelVersion(5, 18, 20).isAtLeast(multiBuffer));
    }
}
