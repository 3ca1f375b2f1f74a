// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DemandTest {
    private static final long MS = 1_000_000;

    /** 390,000 a second for 46 ms: 17,940. Four times that is 71,760; the next power of two is 131,072. */
    @Test
    void aRingHoldsRateTimesAbsence() {
        Demand demand = new Demand(390_000, 46 * MS);
        assertEquals(17_940, demand.packets());
        assertEquals(131_072, demand.ring(32_768));
    }

    @Test
    void aRingIsAPowerOfTwoBetweenItsLimits() {
        assertEquals(32_768, new Demand(1, 1).ring(32_768));
        assertEquals(4_096, new Demand(1_024, 1_000 * MS).ring(1));
        assertEquals(8_192, new Demand(1_025, 1_000 * MS).ring(1));
        assertEquals(1 << 18, new Demand(1e9, 1_000 * MS).ring(64));
        assertEquals(1, new Demand(0, 0).ring(1));
    }

    /** 60,000 a second for 10 ms: 600, of 5 frames each: 3,000. Four times that is 12,000; the next power 16,384. */
    @Test
    void packetsOfSeveralFramesTakeAsManyDescriptors() {
        Demand demand = new Demand(60_000, 10 * MS, 5);
        assertEquals(600, demand.packets());
        assertEquals(3_000, demand.descriptors());
        assertEquals(16_384, demand.ring(64));
        assertEquals(10e6, demand.lastsNs(3_000));
    }

    @Test
    void lastsAsLongAsItTakesToFill() {
        assertEquals(5.25e6, new Demand(390_000, 0).lastsNs(2_048), 1e4);
        assertEquals(Double.POSITIVE_INFINITY, new Demand(0, 0).lastsNs(2_048));
    }
}
