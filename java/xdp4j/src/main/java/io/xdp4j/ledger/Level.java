// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

/**
 * How far a count that may fall as well stands above its first value: gaps heal when stragglers come. Never below 0:
 * what heals beyond that were gaps from before the first look.
 */
final class Level {
    private boolean started;
    private long base;
    private long value;

    /** Takes a look; returns how far it stands above the first one, or above a lower one since. */
    long update(long now) {
        base = started ? Math.min(base, now) : now;
        started = true;
        value = now - base;
        return value;
    }

    /** As of the last look. */
    long value() {
        return value;
    }
}
