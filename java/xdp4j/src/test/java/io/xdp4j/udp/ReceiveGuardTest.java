// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ReceiveGuardTest {
    private final ReceiveGuard guard = new ReceiveGuard("socket X");

    @Test
    void letsOneInAfterTheOther() {
        guard.enter();
        guard.exit();
        assertDoesNotThrow(guard::enter);
    }

    @Test
    void refusesASecondAndACloseMeanwhile() {
        guard.enter();
        assertEquals("socket X is in use by another thread", refusal(guard::enter));
        assertEquals("socket X is in use by another thread", refusal(guard::close));
        guard.exit();
        assertTrue(guard.close());
    }

    @Test
    void closesOnce() {
        guard.requireOpen();
        assertTrue(guard.close());
        assertFalse(guard.close());
        assertEquals("socket X is closed", refusal(guard::enter));
        assertEquals("socket X is closed", refusal(guard::requireOpen));
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalStateException.class, call::run).getMessage();
    }
}
