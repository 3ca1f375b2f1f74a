// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import java.util.function.LongConsumer;

/** A stretch of a flow's packets around one gap, or around several that are near to each other. */
final class GapWindow {
    private final LongConsumer crowdedOut;
    final long keptBefore; // packets of the flow up to which others had been kept, when it began
    private int missing;
    private long tooFew;
    private boolean confirmed;
    private boolean cancelled;

    /** @param crowdedOut is told of packets that are wanted, but that memory had no room for */
    GapWindow(long keptBefore, LongConsumer crowdedOut) {
        this.keptBefore = keptBefore;
        this.crowdedOut = crowdedOut;
    }

    /** Memory had no room for so many of its packets; that is of no meaning unless it has a gap. */
    void addTooFew(long packets) {
        if (confirmed) {
            crowdedOut.accept(packets);
        } else {
            tooFew += packets;
        }
    }

    void addMissing(int packets) {
        missing += packets;
    }

    /**
     * A packet that was missing has come late.
     *
     * @return whether there is no gap in it any more, and so no reason to have it in the file
     */
    boolean heal() {
        missing--;
        cancelled |= missing == 0 && !confirmed;
        return cancelled;
    }

    /** A gap in it is settled: its packets are to be in the file. */
    void confirm() {
        confirmed = true;
        crowdedOut.accept(tooFew);
        tooFew = 0;
    }

    boolean isConfirmed() {
        return confirmed;
    }

    boolean isCancelled() {
        return cancelled;
    }
}
