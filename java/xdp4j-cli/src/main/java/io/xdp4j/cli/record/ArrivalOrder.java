// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Takes the packets of several receivers in the order in which they arrived.
 *
 * <p>A receiver hands over a packet some time after its arrival, and another may have nothing. So while any has
 * nothing, a packet waits until it is {@value #WINDOW_MS} ms old: the order is exact unless a receiver was away for
 * longer. It does not wait when its receiver would run out of room; and the packets of one receiver are taken in the
 * order in which it took them from its sockets.
 */
final class ArrivalOrder {
    /** Longer than a receiver is away but on a machine that has too much to do. */
    private static final long WINDOW_MS = 100;

    private static final long WINDOW_NS = TimeUnit.MILLISECONDS.toNanos(WINDOW_MS);

    /** Then its caller has other things to do as well. */
    private static final int MOST_AT_A_TIME = 10_000;

    private final List<RingReader> all;
    private final boolean[] isWaiting; // by the reader's index
    private final PriorityQueue<RingReader> waiting; // those that have a packet

    /** @param readers in the order of their indices */
    ArrivalOrder(List<RingReader> readers) {
        this.all = readers;
        this.isWaiting = new boolean[readers.size()];
        this.waiting = new PriorityQueue<>(readers.size(), Comparator.comparingLong(RingReader::arrivalNs));
    }

    /**
     * Takes what can be taken now, or a part of it.
     *
     * @param nowNs {@link System#nanoTime()}; {@link Long#MAX_VALUE} when the receivers have ended, to take all
     * @return how many
     */
    int take(long nowNs, Consumer<RingReader> to) {
        boolean mustNotWait = false;
        for (RingReader reader : all) {
            await(reader, !isWaiting[reader.index()] && reader.hasPacket());
            mustNotWait |= reader.isHalfFull();
        }
        int taken = 0;
        while (taken < MOST_AT_A_TIME && !waiting.isEmpty()) {
            RingReader first = waiting.peek();
            boolean allHavePackets = waiting.size() == all.size();
            if (!allHavePackets && !mustNotWait && first.arrivalNs() > nowNs - WINDOW_NS) {
                break;
            }
            waiting.remove();
            isWaiting[first.index()] = false;
            to.accept(first);
            first.take();
            taken++;
            await(first, first.hasPacket());
        }
        return taken;
    }

    private void await(RingReader reader, boolean hasPacket) {
        if (hasPacket) {
            isWaiting[reader.index()] = true;
            waiting.add(reader);
        }
    }
}
