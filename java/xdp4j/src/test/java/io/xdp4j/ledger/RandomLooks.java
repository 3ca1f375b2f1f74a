// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Looks into a ledger at random moments, from a thread of its own: each time it must be sound. */
final class RandomLooks implements AutoCloseable {
    private static final int LONGEST_PAUSE_NS = 50_000_000;

    private final LossLedger ledger;
    private final Random random;
    private final Thread thread = new Thread(this::look, "looks");
    private volatile boolean stopping;
    private volatile Throwable failure;

    RandomLooks(LossLedger ledger, Random random) {
        this.ledger = ledger;
        this.random = random;
        thread.start();
    }

    private void look() {
        try {
            while (!stopping) {
                Books.assertSound(ledger.snapshot());
                LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE_NS));
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    /** Looks no more; throws what a look found wrong. */
    @Override
    public void close() throws InterruptedException {
        stopping = true;
        LockSupport.unpark(thread);
        thread.join();
        if (failure != null) {
            throw new AssertionError("a look while packets were arriving", failure);
        }
    }
}
