// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import java.util.Arrays;

/**
 * Which of the last {@value #SIZE} extended sequence numbers have arrived: one bit each, at the number modulo
 * {@value #SIZE}. A number's bit is that of the number {@value #SIZE} before it, which leaves the window as it enters.
 *
 * <p>The word last written stands in a field, and in the array only when another one is at hand: of 64 packets in order
 * 63 leave the array alone, which with many flows is not in the CPU's nearest cache.
 */
final class SequenceWindow {
    /** Sequence numbers remembered, the highest included. */
    static final int SIZE = 4_096;

    private long atHand;
    private int wordAtHand;
    private final long[] bits = new long[SIZE / Long.SIZE]; // that of the word at hand means nothing

    void clear() {
        Arrays.fill(bits, 0);
        atHand = 0;
    }

    void add(long extended) {
        take(word(extended));
        atHand |= 1L << extended;
    }

    boolean contains(long extended) {
        take(word(extended));
        return (atHand & 1L << extended) != 0;
    }

    private void take(int word) {
        if (word != wordAtHand) {
            bits[wordAtHand] = atHand;
            wordAtHand = word;
            atHand = bits[word];
        }
    }

    /** Marks the numbers from {@code from} to before {@code to} as not arrived. */
    void skip(long from, long to) {
        if (to - from >= SIZE) {
            clear();
            return;
        }
        long extended = from;
        while (extended < to) {
            long wordEnd = (extended | Long.SIZE - 1) + 1;
            long end = Math.min(wordEnd, to);
            // A shift distance of 64 - n is taken modulo 64; n is at least 1 here.
            long mask = -1L >>> Long.SIZE - (end - extended) << extended;
            take(word(extended));
            atHand &= ~mask;
            extended = end;
        }
    }

    private static int word(long extended) {
        return (int) (extended & SIZE - 1) >> 6;
    }
}
