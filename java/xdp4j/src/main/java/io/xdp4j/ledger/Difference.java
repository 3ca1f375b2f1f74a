// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

/**
 * How far a kernel counter has risen since the first look at it. A counter that stands lower than at the last look was
 * reset (a driver was loaded again, an interface made anew): what it shows is what has happened since, and nothing that
 * was counted before is forgotten.
 */
final class Difference {
    private boolean started;
    private long last;
    private long risen;
    private long latest;

    /** Takes a look; returns how far it has risen since the first one. */
    long update(long now) {
        latest = started ? (now >= last ? now - last : now) : 0;
        risen += latest;
        last = now;
        started = true;
        return risen;
    }

    /** How far it has risen since the first look. */
    long risen() {
        return risen;
    }

    /** How far it rose between the last two looks. */
    long latest() {
        return latest;
    }
}
