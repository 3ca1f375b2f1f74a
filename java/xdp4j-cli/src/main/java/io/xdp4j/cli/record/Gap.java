// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.cli.Figures;
import io.xdp4j.ledger.Cause;
import io.xdp4j.packet.Flow;
import java.util.Map;

/** Numbers that are missing in a flow's sequence in front of a packet, and what the packet's comment says of them. */
final class Gap {
    private static final int SEQUENCE_MASK = 0xffff;

    private final GapWindow window;
    private final Flow flow;
    private final int firstMissing;
    private final int numbers;
    private final int missing;
    private final Moment moment;
    private int looks;
    private int healed;
    private String cause; // a sentence; null until it is settled

    /**
     * Where a gap is in time; all by {@link System#nanoTime()}.
     *
     * @param seenNs when it was seen here
     * @param lookNs of the last look at the ledger before the packet in front of it arrived
     * @param lost what that look had of the flow
     */
    record Moment(long seenNs, long lookNs, Map<Cause, Long> lost) {}

    /**
     * @param window in which it is
     * @param firstMissing of the sequence numbers
     * @param numbers that are not recorded
     * @param missing those of them that have not arrived; the others found no room on their way to the file
     */
    Gap(GapWindow window, Flow flow, int firstMissing, int numbers, int missing, Moment moment) {
        this.window = window;
        this.flow = flow;
        this.firstMissing = firstMissing;
        this.numbers = numbers;
        this.missing = missing;
        this.moment = moment;
    }

    GapWindow window() {
        return window;
    }

    Moment moment() {
        return moment;
    }

    /** How many are missing still. */
    int missing() {
        return missing - healed;
    }

    /** How far a sequence number is behind the first one that is missing; negative: in front of it. */
    int distance(int sequence) {
        return (short) (sequence - firstMissing);
    }

    /** Whether one of its numbers has come late, before it was settled; then it is not missing any more. */
    boolean heal(int sequence) {
        boolean isIts = cause == null && missing() > 0 && (sequence - firstMissing & SEQUENCE_MASK) < numbers;
        healed += isIts ? 1 : 0;
        return isIts;
    }

    /** Another look at the ledger tells of it; which one that is. */
    int countLook() {
        return ++looks;
    }

    boolean isSettled() {
        return cause != null;
    }

    /** UTF-8; only when it is settled. It is made here: there may be very many gaps, and most have one sentence. */
    byte[] comment() {
        return Pcapng.utf8(what() + (missing() > 0 ? " " + cause : ""));
    }

    /** @param sentence the cause, of no meaning when nothing is missing any more */
    void settle(String sentence) {
        if (missing() > 0) {
            window.confirm();
        }
        cause = sentence;
    }

    private String what() {
        String range = numbers == 1
                ? "sequence number " + firstMissing
                : "sequence numbers " + firstMissing + " to " + (firstMissing + numbers - 1 & SEQUENCE_MASK);
        String text = (missing == 1 ? "1 packet of " : Figures.count(missing) + " packets of ") + flow
                + (missing == 1 ? " is" : " are") + " missing before this one";
        text += missing == numbers
                ? ": " + range + "."
                : ", of " + range + "; " + Figures.count(numbers - missing)
                        + " of these arrived, but found no room on their way to this file.";
        return text + (healed == 0 ? "" : " " + Figures.count(healed) + " came later.");
    }
}
