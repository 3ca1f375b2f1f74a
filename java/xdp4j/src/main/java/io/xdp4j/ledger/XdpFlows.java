// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.KernelException;
import io.xdp4j.xdp.FlowCounters;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.XdpProgram;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

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
    private final SortedMap<Integer, XdpFlowCount> flows = new TreeMap<>(); // by flow id
    private final List<XdpGroup> groups = new ArrayList<>();
    private final Difference packets = new Difference();
    private Reading reading;
    private long refusedOfFormer; // flows, that have been removed
    private boolean fillRingFoundEmpty;
    private long fillRingFoundEmptyNs;

    /**
     * @param packets of all traffic
     * @param uncertain packets that arrived while all this was read
     */
    private record Reading(long packets, long uncertain) {}

    XdpFlows(XdpProgram program) {
        this.program = program;
    }

    @Override
    public void add(SteeredFlow flow) throws KernelException {
        if (flows.containsKey(flow.id())) {
            throw new IllegalArgumentException("the ledger has a flow " + flow.id() + " already");
        }
        XdpFlowCount added =
                new XdpFlowCount(flow.id(), flow.flow(), program.arrivedWithoutSocket(flow.id()));
        members().filter(former -> former.id == flow.id()).forEach(XdpFlowCount::giveIdAway);
        flows.put(flow.id(), added);
        XdpGroup group = new XdpGroup();
        group.flows.add(added);
        for (WatchedSocket socket : flow.sockets()) {
            XdpGroup with = groups.stream()
                    .filter(known -> find(known, socket).isPresent())
                    .findFirst()
                    .orElse(null);
            if (with != null) {
                groups.remove(with);
                with.join(group);
                group = with;
            } else if (find(group, socket).isEmpty()) {
                group.sockets.add(new XdpSocketCount(socket));
            }
            find(group, socket).orElseThrow().flows.add(added);
        }
        groups.add(group);
    }

    private static Optional<XdpSocketCount> find(XdpGroup group, WatchedSocket socket) {
        return group.sockets.stream()
                .filter(known -> known.socket.equals(socket))
                .findFirst();
    }

    @Override
    public boolean isDrained(int flow) {
        XdpFlowCount count = flows.get(flow);
        count.end(groupOf(count).socketsOf(count));
        return count.isDrained();
    }

    @Override
    public void remove(int flow) {
        XdpFlowCount count = flows.remove(flow);
        XdpGroup group = groupOf(count);
        refusedOfFormer += group.remove(count);
        if (group.isUnused()) {
            groups.remove(group);
        }
    }

    private XdpGroup groupOf(XdpFlowCount flow) {
        return groups.stream()
                .filter(group -> group.flows.contains(flow))
                .findFirst()
                .orElseThrow();
    }

    /** Those too that have been removed and are not drained yet. */
    private Stream<XdpFlowCount> members() {
        return groups.stream().flatMap(group -> group.flows.stream());
    }

    private Stream<XdpSocketCount> sockets() {
        return groups.stream().flatMap(group -> group.sockets.stream());
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
        return reading.uncertain() == 0 && sockets().allMatch(XdpSocketCount::wasStill);
    }

    private Reading readOnce() throws KernelException {
        long before = program.counters().packets();
        sockets().forEach(XdpSocketCount::readPlaces);
        members().forEach(XdpFlowCount::readRtp);
        for (XdpSocketCount socket : sockets().toList()) {
            socket.readKernel();
        }
        for (XdpFlowCount flow : members().toList()) {
            flow.readKernel(program);
        }
        long after = program.counters().packets();
        return new Reading(after, after - before);
    }

    @Override
    public SortedMap<Integer, FlowTally> tallies(Surroundings around) {
        packets.update(reading.packets());
        OptionalLong refused = less(around.refused(), refusedOfFormer);
        for (XdpGroup group : groups) {
            group.takeUp();
            refused = less(refused, group.settle(reading.uncertain(), refused));
            refusedOfFormer += group.forgetDrained();
        }
        noteFillRings();
        SortedMap<Integer, FlowTally> tallies = new TreeMap<>();
        flows.forEach((id, flow) -> tallies.put(id, flow.tally()));
        return tallies;
    }

    private static OptionalLong less(OptionalLong packets, long claimed) {
        return packets.isPresent() ? OptionalLong.of(Math.max(packets.getAsLong() - claimed, 0)) : packets;
    }

    private void noteFillRings() {
        if (sockets().anyMatch(XdpSocketCount::driverFoundFillRingEmpty)) {
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

    /** Where a flow has several queues, the figures are those of the one that had the most to bridge. */
    @Override
    public FlowSetup setup(int flow) throws KernelException {
        XdpFlowCount count = flows.get(flow);
        List<XdpSocketCount> ofFlow = groupOf(count).socketsOf(count);
        Optional<XdpSocketCount> worst = ofFlow.stream()
                .max(Comparator.comparingDouble(
                        socket -> queuePps(socket) * socket.socket.longestAbsenceNs()));
        FlowCounters kernel = count.kernel();
        return new FlowSetup(
                ofFlow.stream().map(socket -> socket.socket.queue()).toList(),
                worst.map(socket -> socket.socket.fillRing()).orElse(0),
                worst.map(socket -> socket.socket.rxRing()).orElse(0),
                worst.map(socket -> socket.socket.frameSize()).orElse(0),
                worst.map(socket -> socket.socket.longestPacket()).orElse(0),
                worst.map(socket -> framesPerPacket(socket.socket, kernel)).orElse(1),
                0,
                worst.map(this::queuePps).orElse(0.0),
                worst.map(XdpSocketCount::peakPps).orElse(0.0),
                worst.map(socket -> socket.socket.longestAbsenceNs()).orElse(0L),
                kernel.noSocket() == 0 ? new long[0] : strays(count),
                kernel.largestRefusedBytes(),
                ofFlow.stream().flatMap(socket -> socket.socket.failure().stream()).findFirst());
    }

    private double queuePps(XdpSocketCount socket) {
        return sockets()
                .filter(other -> other.socket.queue() == socket.socket.queue())
                .mapToDouble(XdpSocketCount::peakPps)
                .sum();
    }

    /** By the mean length of the flow's packets. */
    private static int framesPerPacket(WatchedSocket socket, FlowCounters kernel) {
        int room = socket.frameSize() - Umem.HEADROOM;
        if (socket.longestPacket() <= room || kernel.seen() == 0) {
            return 1;
        }
        return (int) ((kernel.bytes() / kernel.seen() - 1) / room) + 1;
    }

    /** By queue: packets of a flow that found no socket there. */
    private long[] strays(XdpFlowCount flow) throws KernelException {
        long[] strays = program.arrivedWithoutSocket(flow.id);
        for (int queue = 0; queue < strays.length; queue++) {
            strays[queue] -= flow.straysAtFirst[queue];
        }
        return strays;
    }
}
