// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which frames of a UMEM are leased: so that C is told only of what is, once, and while the UMEM is open.
 *
 * <p>Threads: one begins leases, any may end them.
 */
final class Leases {
    private static final VarHandle STATES = MethodHandles.arrayElementVarHandle(int[].class);

    // By frame. Odd while it is leased, and another number each time, so that no lease is like one before.
    private final int[] states;
    private final AtomicInteger out = new AtomicInteger();

    /** @param frames that the UMEM has */
    Leases(int frames) {
        states = new int[frames];
    }

    /** How many have not ended. */
    int out() {
        return out.get();
    }

    /** @return a number that is never negative */
    long begin(int frame) {
        out.incrementAndGet();
        int state = (states[frame] + 1) & Integer.MAX_VALUE;
        STATES.setRelease(states, frame, state);
        return (long) state << Integer.SIZE | frame;
    }

    /**
     * Ends a lease but for {@link #ended()}.
     *
     * @return the frame
     */
    int end(long lease) {
        int frame = (int) lease;
        int state = (int) (lease >>> Integer.SIZE);
        if (frame < 0 || frame >= states.length || (state & 1) == 0) {
            throw new IllegalArgumentException(lease + " is no lease of this UMEM");
        }
        if (!STATES.compareAndSet(states, frame, state, state + 1)) {
            throw new IllegalStateException("the lease of frame " + frame + " has ended: it was released before");
        }
        return frame;
    }

    /** The frame has been given back. */
    void ended() {
        out.decrementAndGet();
    }
}
