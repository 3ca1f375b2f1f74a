// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.schedule.Receiver;
import io.xdp4j.udp.UdpSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Flows that ordinary sockets receive, one socket a flow.
 *
 * <p>There is no counter in front of the socket that knows the flow. What arrived is what was taken from the socket and
 * what it dropped; what was missing before, the shim tells from the sequence, reckoning with the drops that the kernel
 * tells with each packet (SO_RXQ_OVFL). A {@code DatagramChannel} does not get these: there the gaps in the sequence
 * are taken for the socket's drops, as far as there are any, and for losses before the socket beyond.
 */
final class SocketFlows implements FlowReadings {
    private final List<SocketCount> sockets = new ArrayList<>(); // by flow id

    SocketFlows(List<WatchedFlow> flows, List<Receiver> receivers) {
        for (int id = 0; id < flows.size(); id++) {
            sockets.add(socketOf(id, flows.get(id), receivers));
        }
    }

    private static SocketCount socketOf(int id, WatchedFlow flow, List<Receiver> receivers) {
        for (Receiver receiver : receivers) {
            for (int source = 0; source < receiver.sources().size(); source++) {
                if (!(receiver.sources().get(source) instanceof UdpSource socket)) {
                    throw new IllegalArgumentException("an AF_XDP socket needs a ledger with its XDP program");
                }
                if (socket.flowId() == id) {
                    return new SocketCount(socket, receiver, source, flow);
                }
            }
        }
        throw new IllegalArgumentException("no receiver has a socket for flow " + id + ", " + flow.flow());
    }

    /** A socket is in the ledger from the first packet on, or not at all. */
    @Override
    public void add(SteeredFlow flow) {
        throw theyStay();
    }

    @Override
    public boolean isDrained(int flow) {
        throw theyStay();
    }

    @Override
    public void remove(int flow) {
        throw theyStay();
    }

    private static UnsupportedOperationException theyStay() {
        return new UnsupportedOperationException("flows of ordinary sockets stay as they are: open another ledger");
    }

    @Override
    public void read() throws IOException {
        for (SocketCount socket : sockets) {
            socket.read();
        }
    }

    @Override
    public SortedMap<Integer, FlowTally> tallies(Surroundings around) {
        long[] badChecksums = badChecksums(around);
        SortedMap<Integer, FlowTally> tallies = new TreeMap<>();
        for (int i = 0; i < sockets.size(); i++) {
            tallies.put(i, sockets.get(i).tally(badChecksums[i]));
        }
        return tallies;
    }

    /**
     * How many of each socket's drops were for a wrong checksum: the kernel verifies it as late as at the receive call,
     * and counts such a packet as a drop of the socket. They are what the drops exceed the full buffers by, which are
     * counted for the whole network namespace.
     */
    private long[] badChecksums(Surroundings around) {
        long[] drops = sockets.stream()
                .mapToLong(socket -> socket.isRaw() ? 0 : socket.drops())
                .toArray();
        long all = 0;
        for (long each : drops) {
            all += each;
        }
        long beyondFullBuffers = Math.max(all - around.receiveBufferErrors(), 0);
        return Apportionment.of(Math.min(beyondFullBuffers, around.checksumErrors()), drops);
    }

    @Override
    public StackPart stackInFront() {
        return sockets.stream().allMatch(SocketCount::isRaw) ? StackPart.IP : StackPart.UDP;
    }

    @Override
    public boolean driverFoundFillRingEmpty() {
        return false;
    }

    @Override
    public long packets() {
        return 0; // nothing counts in front of a socket
    }

    @Override
    public List<String> limits() {
        return sockets.stream().flatMap(socket -> socket.limit().stream()).distinct().toList();
    }

    @Override
    public FlowSetup setup(int flow) {
        return sockets.get(flow).setup();
    }
}
