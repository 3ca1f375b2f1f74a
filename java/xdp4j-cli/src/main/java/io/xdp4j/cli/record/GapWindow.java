// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

/** A stretch of a flow's packets around one gap, or around several that are near to each other. */
final class GapWindow {
    final long keptBefore; // packets of the flow up to which others had been kept, when it began
    private int missing;
    private boolean confirmed;
    private boolean cancelled;

    GapWindow(long keptBefore) {
        this.keptBefore = keptBefore;
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
    }

    boolean isConfirmed() {
        return confirmed;
    }

    boolean isCancelled() {
        return cancelled;
    }
}
