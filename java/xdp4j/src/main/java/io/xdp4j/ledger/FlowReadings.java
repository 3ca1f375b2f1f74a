// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/** What the counters of one kind of receiver say of its flows; all since the first reading. */
interface FlowReadings {
    /** Takes a flow in, of which nothing has arrived yet. */
    void add(SteeredFlow flow) throws IOException;

    /**
     * Whether the tally of a flow, of which nothing arrives any more, has all that ever arrived: it has come to a
     * handler or was lost. At the earliest this is said of the reading that follows the first time it is asked.
     */
    boolean isDrained(int flow);

    /** Forgets a flow, of which nothing will arrive any more, as of the last reading. */
    void remove(int flow);

    /** Reads all of them, with no stop of the receiver. */
    void read() throws IOException;

    /**
     * What was read, told apart as far as these counters can.
     *
     * @param around read after them
     * @return by flow id
     */
    SortedMap<Integer, FlowTally> tallies(Surroundings around);

    /** Whether a driver with zero-copy has lately asked an empty fill ring for frames. */
    boolean driverFoundFillRingEmpty();

    /** What of the stack can have dropped a packet of the flows. */
    StackPart stackInFront();

    /** Packets that arrived where the flows do, of whatever traffic; of those that can be told. */
    long packets();

    /** What these counters cannot tell, a sentence each. */
    List<String> limits();

    /** What has been set up for a flow, and measured, as far as advice depends on it. */
    FlowSetup setup(int flow) throws IOException;
}
