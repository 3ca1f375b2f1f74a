// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import java.util.List;

/**
 * What one check has found. The text and the JSON are made from this alone.
 *
 * @param check what was looked at
 * @param verdict how it is
 * @param found in a few words, with figures; or why it could not be looked at
 * @param meaning what follows from it, one or more sentences; may be empty
 * @param mend commands that mend it, or show what could not be seen; to be run in this order
 * @param disruptive whether these interrupt reception for all on the interface
 */
record Finding(
        Check check, Verdict verdict, String found, String meaning, List<String> mend, boolean disruptive) {
    private static final String INTERRUPTS = "Mending it interrupts reception, on many cards for seconds.";

    static Finding ok(Check check, String found, String meaning) {
        return new Finding(check, Verdict.OK, found, meaning, List.of(), false);
    }

    static Finding warning(Check check, String found, String meaning, String... mend) {
        return new Finding(check, Verdict.WARNING, found, meaning, List.of(mend), false);
    }

    static Finding problem(Check check, String found, String meaning, String... mend) {
        return new Finding(check, Verdict.PROBLEM, found, meaning, List.of(mend), false);
    }

    /** @param why it could not be looked at */
    static Finding unknown(Check check, String why, String meaning, String... mend) {
        return new Finding(check, Verdict.UNKNOWN, why, meaning, List.of(mend), false);
    }

    /** The same, with the warning that belongs to commands which reset the card. */
    Finding thatInterrupts() {
        return new Finding(check, verdict, found, meaning + " " + INTERRUPTS, mend, true);
    }
}
