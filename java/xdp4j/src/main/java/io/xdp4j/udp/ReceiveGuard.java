// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Keeps a source to one thread at a time and closes it once. Costs one compare-and-set a batch, and turns into an
 * exception what would otherwise corrupt memory: a second thread receiving, or a close under a running receive.
 */
final class ReceiveGuard {
    private static final int IDLE = 0;
    private static final int RECEIVING = 1;
    private static final int CLOSED = 2;

    private final AtomicInteger state = new AtomicInteger(IDLE);
    private final String name;

    /** @param name of the source, for messages */
    ReceiveGuard(String name) {
        this.name = name;
    }

    /** Every call of it is followed by {@link #exit()}, unless it throws. */
    void enter() {
        if (!state.compareAndSet(IDLE, RECEIVING)) {
            throw refusal();
        }
    }

    void exit() {
        state.setRelease(IDLE);
    }

    /** True the first time: then the caller closes what the source holds. */
    boolean close() {
        if (state.compareAndSet(IDLE, CLOSED)) {
            return true;
        }
        if (state.get() == CLOSED) {
            return false;
        }
        throw refusal();
    }

    void requireOpen() {
        if (state.get() == CLOSED) {
            throw refusal();
        }
    }

    private IllegalStateException refusal() {
        String reason = state.get() == CLOSED ? " is closed" : " is in use by another thread";
        return new IllegalStateException(name + reason);
    }
}
