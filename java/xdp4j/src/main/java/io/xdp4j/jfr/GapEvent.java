// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Of the thread that receives the flow. */
@Name("io.xdp4j.Gap")
@Label("RTP Gap")
@Category("xdp4j")
@Description("A packet came ahead of the one that was next in its stream: those between were missing at that moment. A"
        + " straggler that fills the gap later takes nothing back here; what is lost for good is in the counters.")
@Enabled(false)
@StackTrace(false)
final class GapEvent extends Event {
    private static final GapEvent ASKED = new GapEvent(); // never committed: to ask whether any is recorded

    @Label("Flow")
    @Description("What the flow was named when its RtpFlow was made; nothing if it was not")
    String flow;

    @Label("SSRC")
    long ssrc; // an unsigned int would be printed as a signed one

    @Label("Expected Sequence Number")
    @Description("That of the first packet that was missing, 0 to 65,535")
    int expected;

    @Label("Sequence Number")
    @Description("That of the packet that came instead, 0 to 65,535")
    int sequence;

    @Label("Packets Missing")
    int missing;

    static boolean isRecorded() {
        return ASKED.isEnabled();
    }
}
