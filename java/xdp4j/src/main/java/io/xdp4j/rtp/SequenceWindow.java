// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.rtp;

import java.util.Arrays;

/**
 * Which of the last {@value #SIZE} extended sequence numbers have arrived: one bit each, at the number modulo
 * {@value #SIZE}. A number's bit is that of the number {@value #SIZE} before it, which leaves the window as it enters.
 */
final class SequenceWindow {
    /** Sequence numbers remembered, the highest included. */
    static final int SIZE = 4_096;

    private final long[] bits = new long[SIZE / Long.SIZE];

    void clear() {
        Arrays.fill(bits, 0);
    }

    void add(long extended) {
        bits[word(extended)] |= 1L << extended;
    }

    boolean contains(long extended) {
        return (bits[word(extended)] & 1L << extended) != 0;
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
            bits[word(extended)] &= ~mask;
            extended = end;
        }
    }

    private static int word(long extended) {
        return (int) (extended & SIZE - 1) >> 6;
    }
}
