// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LeasesTest {
    private final Leases leases = new Leases(4);

    @Test
    void aLeaseEndsOnce() {
        long lease = leases.begin(3);
        assertEquals(1, leases.out());
        assertEquals(3, leases.end(lease));
        assertEquals(1, leases.out(), "the frame has not been given back");
        leases.ended();
        assertEquals(0, leases.out());
        assertThrows(IllegalStateException.class, () -> leases.end(lease));
    }

    /** A thread that releases a second time, late, does not end the lease of somebody else. */
    @Test
    void noLeaseIsLikeOneBefore() {
        Set<Long> seen = new HashSet<>();
        for (int round = 0; round < 1_000; round++) {
            long lease = leases.begin(round % 2);
            assertTrue(lease > 0 && seen.add(lease));
            seen.forEach(old -> {
                if (old != lease) {
                    assertThrows(IllegalStateException.class, () -> leases.end(old));
                }
            });
            leases.end(lease);
        }
    }

    @Test
    void whatIsNoLeaseIsRefused() {
        leases.begin(0);
        for (long other : new long[] {Umem.NO_LEASE, 0, 1, 2L << 32, 1L << 32 | 4, Long.MAX_VALUE, Long.MIN_VALUE}) {
            assertThrows(IllegalArgumentException.class, () -> leases.end(other), Long.toHexString(other));
        }
        assertEquals(1, leases.out());
    }
}
