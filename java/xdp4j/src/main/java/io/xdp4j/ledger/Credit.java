// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Packets that a counter has and that no gap has shown yet. For {@link GapClaims#CLAIMABLE_NS} they can be what a gap
 * is made of; a gap that opens later is another loss.
 */
final class Credit {
    private final Deque<long[]> fresh = new ArrayDeque<>(); // when, and how many packets; oldest first
    private long counter;
    private long counted; // of the counter, what has been taken up
    private long freshPackets;
    private long stale;

    /** @param packets that the counter has in all */
    void counter(long packets) {
        counter = packets;
    }

    /** Takes up what the counter has more, or gives up what it was wrong about. */
    void update(long nowNs) {
        long change = counter - counted;
        if (change > 0) {
            add(change, nowNs);
            counted = counter;
        } else {
            long wrong = Math.min(-change, freshPackets);
            take(wrong);
            counted -= wrong;
        }
    }

    /** @param packets claimed wrongly, which are free again */
    void giveBack(long packets, long nowNs) {
        add(packets, nowNs);
    }

    private void add(long packets, long nowNs) {
        if (packets > 0) {
            fresh.addLast(new long[] {nowNs, packets});
            freshPackets += packets;
        }
    }

    /** Those that can still be claimed. */
    long claimable() {
        return freshPackets;
    }

    /** @param packets at most {@link #claimable()} */
    void take(long packets) {
        freshPackets -= packets;
        for (long rest = packets; rest > 0; ) {
            long[] oldest = fresh.peekFirst();
            long part = Math.min(rest, oldest[1]);
            oldest[1] -= part;
            rest -= part;
            if (oldest[1] == 0) {
                fresh.removeFirst();
            }
        }
    }

    /** @param packets at most {@link #packets()}, that are accounted for without a gap */
    void settle(long packets) {
        long old = Math.min(packets, stale);
        stale -= old;
        take(packets - old);
    }

    void age(long nowNs) {
        while (!fresh.isEmpty() && nowNs - fresh.peekFirst()[0] > GapClaims.CLAIMABLE_NS) {
            long packets = fresh.removeFirst()[1];
            freshPackets -= packets;
            stale += packets;
        }
    }

    /** All that no gap has shown, old and new. */
    long packets() {
        return freshPackets + stale;
    }
}
