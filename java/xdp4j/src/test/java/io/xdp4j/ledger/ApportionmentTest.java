// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ApportionmentTest {
    private static long[] of(long whole, long... weights) {
        return Apportionment.of(whole, weights);
    }

    @Test
    void isProportional() {
        assertArrayEquals(new long[] {30, 10}, of(40, 3, 1));
        assertArrayEquals(new long[] {0, 40}, of(40, 0, 7));
    }

    /** 10 by 1:1:1 is 3.33 each; by 5:3:1 it is 5.56, 3.33 and 1.11: the first has the largest remainder. */
    @Test
    void givesTheRestToTheLargestRemainders() {
        assertEquals(10, Arrays.stream(of(10, 1, 1, 1)).sum());
        assertArrayEquals(new long[] {6, 3, 1}, of(10, 5, 3, 1));
    }

    @Test
    void withoutWeightsThereAreNoParts() {
        assertArrayEquals(new long[] {0, 0}, of(5, 0, -3));
        assertArrayEquals(new long[] {0, 5}, of(5, -3, 2));
        assertArrayEquals(new long[0], of(5));
    }

    @Test
    void figuresOfYearsDoNotOverflow() {
        long years = 100_000_000_000_000_000L;
        assertArrayEquals(new long[] {years, years}, of(2 * years, years, years));
    }

    @Test
    void neverGivesMoreThanTheWeightWhenThereIsEnough() {
        Random random = new Random(42);
        for (int round = 0; round < 10_000; round++) {
            long[] weights = random.longs(1 + random.nextInt(6), 0, 20).toArray();
            long sum = Arrays.stream(weights).sum();
            long whole = sum == 0 ? 0 : random.nextInt((int) sum + 1);
            long[] parts = of(whole, weights);
            assertEquals(whole, Arrays.stream(parts).sum());
            for (int i = 0; i < parts.length; i++) {
                assertTrue(parts[i] >= 0 && parts[i] <= weights[i], Arrays.toString(weights) + " " + whole);
            }
        }
    }
}
