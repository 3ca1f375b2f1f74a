// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who had the packets that a counter of all traffic has and that no gap shows: of a stream's end, of 65,536 in a row,
 * or of other traffic. The flows have their part in proportion to what they have of the traffic.
 *
 * <p>Where flows come and go, the traffic counts since one last did: nobody has a part in what was dropped while it was
 * not there.
 */
final class GaplessDrops {
    /**
     * When so much of what an interface receives is the flows', what it drops beside is neglected: ARP, IGMP, and the
     * like come singly.
     */
    private static final double PRACTICALLY_ALL = 0.99;

    private final SortedMap<Integer, Part> flows = new TreeMap<>(); // by id
    private long dropped; // as last shared out
    private long traffic;
    private long droppedThen; // when a flow came or went
    private long trafficThen;

    private static final class Part {
        long packets; // of the flow, that came
        long packetsThen;
        long dropped; // its part
        long droppedThen;

        void flowCameOrWent() {
            packetsThen = packets;
            droppedThen = dropped;
        }

        long packetsSince() {
            return packets - packetsThen;
        }
    }

    /** A flow of which nothing has come yet. */
    void add(int flow) {
        flowCameOrWent();
        flows.put(flow, new Part());
    }

    /**
     * A flow goes.
     *
     * @return its part, which is no more among what is shared out from now on
     */
    long remove(int flow) {
        long part = flows.remove(flow).dropped;
        dropped -= part;
        flowCameOrWent();
        return part;
    }

    private void flowCameOrWent() {
        flows.values().forEach(Part::flowCameOrWent);
        droppedThen = dropped;
        trafficThen = traffic;
    }

    /**
     * Shares out.
     *
     * @param now packets dropped so far; fewer than before when gaps have shown some of them
     * @param packets of each flow that came so far, by id
     * @param trafficNow packets of all traffic that came so far
     */
    void share(long now, SortedMap<Integer, Long> packets, long trafficNow) {
        dropped = now;
        traffic = trafficNow;
        flows.forEach((id, part) -> part.packets = packets.get(id));
        long[] then = flows.values().stream().mapToLong(part -> part.droppedThen).toArray();
        long[] since = new long[then.length];
        if (now < droppedThen) {
            then = Apportionment.of(scaled(sum(then), now, droppedThen), then);
        } else {
            since = partsOf(now - droppedThen);
        }
        int at = 0;
        for (Part part : flows.values()) {
            part.dropped = then[at] + since[at];
            at++;
        }
    }

    /** Of drops since a flow came or went; or, when nothing has come since, by all that came before. */
    private long[] partsOf(long drops) {
        long[] packets = flows.values().stream().mapToLong(Part::packetsSince).toArray();
        long all = traffic - trafficThen;
        if (sum(packets) == 0) {
            packets = flows.values().stream().mapToLong(part -> part.packets).toArray();
            all = traffic;
        }
        long ofFlows = sum(packets);
        boolean practicallyAll = ofFlows >= PRACTICALLY_ALL * all;
        return Apportionment.of(practicallyAll ? drops : scaled(drops, ofFlows, all), packets);
    }

    private static long scaled(long packets, long part, long whole) {
        return Math.round((double) packets * part / whole);
    }

    private static long sum(long[] packets) {
        return Arrays.stream(packets).sum();
    }

    /** A flow's part, as last shared out. */
    long of(int flow) {
        return flows.get(flow).dropped;
    }
}
