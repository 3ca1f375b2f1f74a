// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Parts of a whole in proportion to weights, in whole packets: the method of the largest remainder (Hamilton). */
final class Apportionment {
    private Apportionment() {}

    /**
     * @param whole 0 or more
     * @param weights those below 0 count as 0
     * @return the parts, whose sum is {@code whole}, and none above its weight if {@code whole} is at most the weights'
     *     sum; all 0 when no weight is above 0
     */
    static long[] of(long whole, long[] weights) {
        long[] parts = new long[weights.length];
        long sum = Arrays.stream(weights).map(weight -> Math.max(weight, 0)).sum();
        if (sum == 0 || whole <= 0) {
            return parts;
        }
        long[] remainders = new long[weights.length];
        long left = whole;
        for (int i = 0; i < weights.length; i++) {
            BigInteger[] quotient = BigInteger.valueOf(whole)
                    .multiply(BigInteger.valueOf(Math.max(weights[i], 0)))
                    .divideAndRemainder(BigInteger.valueOf(sum));
            parts[i] = quotient[0].longValueExact();
            remainders[i] = quotient[1].longValueExact();
            left -= parts[i];
        }
        int[] byRemainder = IntStream.range(0, weights.length)
                .boxed()
                .sorted(Comparator.comparingLong((Integer i) -> remainders[i]).reversed())
                .mapToInt(Integer::intValue)
                .toArray();
        for (int i = 0; i < left; i++) {
            parts[byRemainder[i]]++;
        }
        return parts;
    }
}
