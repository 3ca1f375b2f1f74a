// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Of the thread that changed or noticed it. */
@Name("io.xdp4j.Mode")
@Label("Mode Change")
@Category("xdp4j")
@Description("What is in force from now on beside what was asked for: the XDP program's mode, zero-copy, busy poll;"
        + " with the command line also the interface and the workers.")
@Enabled(false)
@StackTrace(false)
final class ModeEvent extends Event {
    private static final ModeEvent ASKED = new ModeEvent(); // never committed: to ask whether any is recorded

    @Label("What")
    String what;

    @Label("Asked For")
    String asked;

    @Label("In Force")
    String inForce;

    @Label("Reason")
    @Description("Why it is not as it was asked for, or why it has changed; nothing if there is no more to say")
    String reason;

    static boolean isRecorded() {
        return ASKED.isEnabled();
    }
}
