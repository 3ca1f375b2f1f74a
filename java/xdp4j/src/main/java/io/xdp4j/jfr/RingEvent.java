// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Period;
import jdk.jfr.StackTrace;

/** Of the Flight Recorder's own thread, or of one that looks once a second at what workers say. */
@Name("io.xdp4j.Ring")
@Label("RX Ring High")
@Category("xdp4j")
@Description("The RX ring of an AF_XDP socket was fuller than ever before since the socket was opened. Each recording"
        + " begins with the level reached by then.")
@Enabled(false)
@Period("1 s")
@StackTrace(false)
final class RingEvent extends Event {
    private static final RingEvent ASKED = new RingEvent(); // never committed: to ask whether any is recorded

    @Label("Interface")
    String interfaceName;

    @Label("Queue")
    int queue;

    @Label("Packets Waiting")
    @Description("The most that a look found in the ring; where packets take several frames, the most descriptors")
    int level;

    @Label("Room")
    @Description("How many can wait: what the smaller one of RX ring and fill ring holds")
    int room;

    static boolean isRecorded() {
        return ASKED.isEnabled();
    }
}
