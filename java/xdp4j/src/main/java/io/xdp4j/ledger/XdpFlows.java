// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.KernelException;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.xdp.FlowCounters;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Flows that an {@link XdpProgram} redirects into AF_XDP sockets.
 *
 * <p>How the counters fit together though everything goes on while they are read: first what is furthest from the wire,
 * then what is nearer to it. A packet is then found at its later place, or at both, never at none:
 *
 * <pre>  RX ring, receiver's hand  →  RtpFlow  →  XDP_STATISTICS  →  XDP program</pre>
 *
 * <p>What the program counted meanwhile is the uncertainty, which {@code waiting} takes up; a reading without any is
 * tried for a few times.
 */
final class XdpFlows implements FlowReadings {
    private static final int TRIES = 4;
    private static final int FIRST_TRIES = 2_000;
    private static final long FIRST_PAUSE_NS = 100_000;

    private final XdpProgram program;
    private final List<WatchedFlow> flows;
    private final List<XdpFlowCount> counts = new ArrayList<>(); // by flow id
    private final List<long[]> straysAtFirst = new ArrayList<>(); // likewise, by queue
    private final List<XdpSocketCount> sockets = new ArrayList<>();
    private final List<Group> groups = new ArrayList<>();
    private final Difference packets = new Difference();
    private Reading reading;
    private boolean fillRingFoundEmpty;
    private long fillRingFoundEmptyNs;

    /** Sockets that have flows in common, and these flows; mostly one socket. */
    private static final class Group {
        final List<XdpSocketCount> sockets;
        final int[] flows; // their ids, rising
        private long abandoned;

        Group(List<XdpSocketCount> sockets, int[] flows) {
            this.sockets = sockets;
            this.flows = flows;
        }

        /** Where a flow stands among these; below 0 when it is none of them. */
        int place(int flow) {
            return Arrays.binarySearch(flows, flow);
        }

        /** Read while the handler counts on, it can seem less than it was. */
        long abandoned(long now) {
            abandoned = Math.max(abandoned, now);
            return abandoned;
        }
    }

    /**
     * @param packets of all traffic
     * @param uncertain packets that arrived while all this was read
     */
    private record Reading(List<RtpStatistics> rtp, List<FlowCounters> kernel, long packets, long uncertain) {}

    XdpFlows(XdpProgram program, List<WatchedFlow> flows, List<Receiver> receivers) throws KernelException {
        this.program = program;
        this.flows = flows;
        if (program.flowCount() != flows.size()) {
            throw new IllegalArgumentException("the XDP program has " + program.flowCount() + " flows and the ledger "
                    + flows.size() + ": it needs all of them");
        }
        for (int id = 0; id < flows.size(); id++) {
            counts.add(new XdpFlowCount());
            straysAtFirst.add(program.arrivedWithoutSocket(id));
            for (XdpSocket socket : program.sockets(id)) {
                addSocket(socket, receivers);
            }
        }
        IntStream.range(0, flows.size()).forEach(this::addGroupOf);
    }

    private void addSocket(XdpSocket socket, List<Receiver> receivers) {
        if (sockets.stream().anyMatch(known -> known.socket == socket)) {
            return;
        }
        int[] ofSocket = IntStream.range(0, flows.size())
                .filter(id -> program.sockets(id).contains(socket))
                .toArray();
        for (Receiver receiver : receivers) {
            int source = receiver.sources().indexOf(socket);
            if (source >= 0) {
                sockets.add(new XdpSocketCount(socket, receiver, source, ofSocket));
                return;
            }
        }
        throw new IllegalArgumentException("no receiver of the ledger takes from the socket on queue " + socket.queue()
                + " of " + socket.interfaceName() + ", into which " + flows.get(ofSocket[0]).flow() + " is redirected");
    }

    private void addGroupOf(int flow) {
        if (groups.stream().anyMatch(group -> group.place(flow) >= 0)) {
            return;
        }
        List<XdpSocketCount> connected = new ArrayList<>();
        int[] known = {flow};
        for (boolean grown = true; grown; ) {
            grown = false;
            for (XdpSocketCount socket : sockets) {
                int[] soFar = known;
                if (!connected.contains(socket) && Arrays.stream(socket.flows).anyMatch(id -> contains(soFar, id))) {
                    connected.add(socket);
                    known = IntStream.concat(Arrays.stream(known), Arrays.stream(socket.flows))
                            .distinct()
                            .sorted()
                            .toArray();
                    grown = true;
                }
            }
        }
        groups.add(new Group(connected, known));
    }

    private static boolean contains(int[] ids, int id) {
        return Arrays.stream(ids).anyMatch(each -> each == id);
    }

    @Override
    public void read() throws KernelException {
        boolean isFirst = reading == null;
        reading = readOnce();
        for (int tries = 1; tries < TRIES && reading.uncertain() > 0; tries++) {
            reading = readOnce();
        }
        // All later readings are compared with the first one: that one waits for a moment when it can be exact.
        for (int tries = 0; isFirst && tries < FIRST_TRIES && !isExact(); tries++) {
            LockSupport.parkNanos(FIRST_PAUSE_NS);
            reading = readOnce();
        }
    }

    private boolean isExact() {
        return reading.uncertain() == 0 && sockets.stream().allMatch(XdpSocketCount::wasStill);
    }

    private Reading readOnce() throws KernelException {
        long before = program.counters().packets();
        sockets.forEach(XdpSocketCount::readPlaces);
        List<RtpStatistics> rtp = flows.stream().map(flow -> flow.rtp().snapshot()).toList();
        for (XdpSocketCount socket : sockets) {
            socket.readKernel();
        }
        List<FlowCounters> kernel = new ArrayList<>();
        for (int id = 0; id < flows.size(); id++) {
            kernel.add(program.counters(id));
        }
        long after = program.counters().packets();
        return new Reading(rtp, kernel, after, after - before);
    }

    @Override
    public List<FlowTally> tallies(Surroundings around) {
        packets.update(reading.packets());
        List<FlowTally> tallies = new ArrayList<>();
        for (int id = 0; id < flows.size(); id++) {
            tallies.add(counts.get(id).tally(reading.rtp().get(id), reading.kernel().get(id)));
        }
        OptionalLong refused = around.refused();
        for (Group group : groups) {
            long claimed = settle(group, tallies, refused);
            if (refused.isPresent()) {
                refused = OptionalLong.of(refused.getAsLong() - claimed);
            }
        }
        noteFillRings();
        return tallies;
    }

    private long settle(Group group, List<FlowTally> all, OptionalLong refused) {
        List<FlowTally> tallies = Arrays.stream(group.flows).mapToObj(all::get).toList();
        long[] outstanding = Arrays.stream(group.flows)
                .mapToLong(id -> counts.get(id).outstanding())
                .toArray();
        List<SocketDrops.Rings> rings = new ArrayList<>();
        long abandoned = -Arrays.stream(group.flows).mapToLong(id -> counts.get(id).counted()).sum();
        long left = 0;
        long waiting = 0;
        for (XdpSocketCount socket : group.sockets) {
            int[] places = Arrays.stream(socket.flows).map(group::place).toArray();
            long[] carriedIn = socket.carriedIn(reading.kernel());
            long arrived = 0;
            for (int i = 0; i < places.length; i++) {
                tallies.get(places[i]).arrived += carriedIn[i];
                outstanding[places[i]] += carriedIn[i];
                arrived += tallies.get(places[i]).arrived;
            }
            socket.rate().update(arrived, System.nanoTime());
            rings.add(socket.rings(places));
            abandoned += socket.handled();
            left += socket.leftBehind();
            waiting += socket.waiting();
        }
        return new SocketDrops(rings, group.abandoned(abandoned) + left, waiting + reading.uncertain(), refused)
                .settle(tallies, outstanding);
    }

    private void noteFillRings() {
        if (sockets.stream().anyMatch(XdpSocketCount::driverFoundFillRingEmpty)) {
            fillRingFoundEmpty = true;
            fillRingFoundEmptyNs = System.nanoTime();
        }
    }

    @Override
    public boolean driverFoundFillRingEmpty() {
        return fillRingFoundEmpty && System.nanoTime() - fillRingFoundEmptyNs <= GapClaims.CLAIMABLE_NS;
    }

    @Override
    public StackPart stackInFront() {
        return program.mode().filter(mode -> mode == Mode.GENERIC).isPresent() ? StackPart.BACKLOG : StackPart.NONE;
    }

    @Override
    public long packets() {
        return packets.risen();
    }

    @Override
    public List<String> limits() {
        return List.of();
    }

    @Override
    public FlowSetup setup(int flow) throws KernelException {
        List<XdpSocketCount> ofFlow =
                sockets.stream().filter(socket -> contains(socket.flows, flow)).toList();
        Optional<XdpSocketCount> first = ofFlow.stream().findFirst();
        double receiverPps = first.map(socket -> sockets.stream()
                        .filter(other -> other.receiver == socket.receiver)
                        .mapToDouble(other -> other.rate().pps())
                        .sum())
                .orElse(0.0);
        FlowCounters kernel = reading.kernel().get(flow);
        return new FlowSetup(
                ofFlow.stream().map(socket -> socket.socket.queue()).toList(),
                first.map(socket -> socket.socket.umem().fillRing()).orElse(0),
                first.map(socket -> socket.socket.rxRing()).orElse(0),
                first.map(socket -> socket.socket.umem().frameSize()).orElse(0),
                first.map(socket -> socket.socket.umem().longestPacket()).orElse(0),
                first.map(socket -> framesPerPacket(socket.socket.umem(), kernel)).orElse(1),
                0,
                receiverPps,
                first.map(socket -> socket.rate().pps()).orElse(0.0),
                ofFlow.stream().mapToLong(socket -> socket.receiver.longestAbsenceNs()).max().orElse(0),
                kernel.noSocket() == 0 ? new long[0] : strays(flow),
                kernel.largestRefusedBytes(),
                ofFlow.stream().flatMap(socket -> socket.receiver.failure().stream()).findFirst());
    }

    private static int framesPerPacket(Umem umem, FlowCounters kernel) {
        if (!umem.multiBuffer() || kernel.seen() == 0) {
            return 1;
        }
        return (int) ((kernel.bytes() / kernel.seen() - 1) / (umem.frameSize() - Umem.HEADROOM)) + 1;
    }

    /** By queue: packets of a flow that found no socket there. */
    private long[] strays(int flow) throws KernelException {
        long[] strays = program.arrivedWithoutSocket(flow);
        for (int queue = 0; queue < strays.length; queue++) {
            strays[queue] -= straysAtFirst.get(flow)[queue];
        }
        return strays;
    }
}
