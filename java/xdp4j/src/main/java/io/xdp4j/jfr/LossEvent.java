// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Of the thread that looks at the ledger. */
@Name("io.xdp4j.Loss")
@Label("Packet Loss")
@Category("xdp4j")
@Description("Packets of a flow that the ledger charged to a cause since its previous look. Over a recording of the"
        + " whole run they add up to the ledger.")
@Enabled(false)
@StackTrace(false)
final class LossEvent extends Event {
    private static final LossEvent ASKED = new LossEvent(); // never committed: to ask whether any is recorded

    @Label("Flow")
    String flow;

    @Label("Cause")
    @Description("As the ledger names it")
    String cause;

    @Label("Packets")
    @Description("Below 0 when the ledger took back: a straggler came, or another cause was proved")
    long packets;

    static boolean isRecorded() {
        return ASKED.isEnabled();
    }
}
