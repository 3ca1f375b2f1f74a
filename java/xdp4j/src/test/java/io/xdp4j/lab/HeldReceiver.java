// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.packet.PacketSource;
import io.xdp4j.schedule.IdleStrategy;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a {@link io.xdp4j.schedule.Receiver} away from its sources. It stands still where it idles: it has just found
 * nothing, so it has no batch in hand and every frame is back in the fill ring.
 *
 * <p>To hold it no packets may be arriving. Release it before the receiver is closed. Threads: hold and release by one,
 * idle by the receiver's.
 */
public final class HeldReceiver implements IdleStrategy {
    private static final int WITHIN_S = 20;

    private final Semaphore held = new Semaphore(0);
    private final Semaphore released = new Semaphore(0);
    private volatile boolean wanted;

    @Override
    public void idle(PacketSource source) {
        if (!wanted) {
            Thread.yield();
            return;
        }
        held.release();
        released.acquireUninterruptibly();
    }

    /** Returns when the receiver stands still. */
    public void hold() throws InterruptedException {
        wanted = true;
        if (!held.tryAcquire(WITHIN_S, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the receiver has not been idle for " + WITHIN_S + " s");
        }
    }

    /** Lets it go on. */
    public void release() {
        wanted = false;
        released.release();
    }
}
