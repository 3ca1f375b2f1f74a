// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.xdp.XdpProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/**
 * Accounts for every packet of a receiver's flows: what was on the wire is delivered, or lost to one {@link Cause}.
 *
 * <p>It brings together what the XDP program, the sockets, the receivers, {@link io.xdp4j.rtp.RtpFlow}, the network
 * card's driver and the kernel's stack count, and knows what each of these counters means in the mode in force.
 * Sequence numbers alone would not do: they show neither the end of a stream nor a loss of 65,536 packets in a row; the
 * counters do.
 *
 * <pre>{@code
 * try (var ledger = LossLedger.open("eth1", program, List.of(new WatchedFlow(flow, rtp)), List.of(receiver))) {
 *     ...
 *     System.out.println(ledger.snapshot().flows());
 * }
 * }</pre>
 *
 * <p>It counts from its opening on. Open it before the flows arrive: before the XDP program is attached. Opened while
 * packets are on their way from kernel to handler it cannot tell exactly on which side of its opening these are.
 *
 * <p>Snapshots are cheap enough for one a second: some system calls a flow and socket, and as many again for some
 * milliseconds while something is unexplained. One at least every few seconds
 * makes it more certain, when an interface drops packets and others are lost upstream, which is which.
 *
 * <p>Threads: any; calls wait for each other. The receivers are never stopped nor made to wait.
 *
 * <p>Ownership: program, sockets and receivers stay the caller's. They must be open for a snapshot; a receiver may have
 * ended.
 */
public final class LossLedger implements AutoCloseable {
    /**
     * When so much of what an interface receives is the flows', what it drops beside is neglected: ARP, IGMP, and the
     * like come singly.
     */
    private static final double PRACTICALLY_ALL = 0.99;

    private static final int LOOKS_AGAIN = 20;
    private static final int CLOSING_LOOKS = 1_000;
    private static final long PAUSE_NS = 1_000_000;

    /** WATCH_STREAMS of bpf/rtp_watch.h. */
    static final int WATCHED_SSRCS = 4;

    /** Half the sequence numbers there are: beyond that, ahead and behind are the same. */
    private static final int LONGEST_GAP = 32_767;

    private final String interfaceName;
    private final SortedMap<Integer, Watched> flows = new TreeMap<>(); // by flow id
    private final FlowReadings readings;
    private final HostCounters host;
    private final GapClaims claims;
    private long droppedByNic; // by the driver, and not because the fill ring was empty
    private long droppedUnfilled; // by the driver, because it was
    private long arrived;
    private long weightOfFormer; // flows, that have been removed
    private boolean closed;

    private record Watched(WatchedFlow flow, long restartsAtFirst) {
        static Watched of(WatchedFlow flow) {
            return new Watched(flow, flow.snapshot().count(RtpCounter.RESTARTS));
        }
    }

    private LossLedger(String interfaceName, List<WatchedFlow> flows, FlowReadings readings, HostCounters host)
            throws IOException {
        this.interfaceName = interfaceName;
        this.readings = readings;
        this.host = host;
        this.claims = new GapClaims(flows.size());
        for (WatchedFlow flow : flows) {
            this.flows.put(this.flows.size(), Watched.of(flow));
        }
        look();
    }

    /**
     * Opens the ledger of flows that an XDP program redirects into AF_XDP sockets.
     *
     * @param interfaceName where they arrive
     * @param program with all of the flows added and redirected
     * @param flows all that the program has, by the id it gave them
     * @param receivers all that serve these flows
     * @throws IOException when counters of the flows cannot be read; those of driver and stack may be missing
     * @throws IllegalArgumentException when the program has other flows than these, or a socket of theirs no receiver
     */
    public static LossLedger open(
            String interfaceName, XdpProgram program, List<WatchedFlow> flows, List<Receiver> receivers)
            throws IOException {
        if (program.flowCount() != flows.size()) {
            throw new IllegalArgumentException("the XDP program has " + program.flowCount() + " flows and the ledger "
                    + flows.size() + ": it needs all of them");
        }
        List<SteeredFlow> steered = new ArrayList<>();
        for (int id = 0; id < flows.size(); id++) {
            steered.add(SteeredFlow.of(program, id, flows.get(id), receivers));
        }
        return open(interfaceName, program, steered);
    }

    /**
     * Opens the ledger of flows whose sockets may be anywhere, also in other processes.
     *
     * @param interfaceName where they arrive
     * @param program which redirects them
     * @param flows all that the program has, with ids from 0 on in this order
     * @throws IOException when counters of the flows cannot be read; those of driver and stack may be missing
     */
    public static LossLedger open(String interfaceName, XdpProgram program, List<SteeredFlow> flows)
            throws IOException {
        FlowReadings readings = new XdpFlows(program);
        for (SteeredFlow flow : flows) {
            readings.add(flow);
        }
        List<WatchedFlow> watched = flows.stream().map(SteeredFlow::flow).toList();
        return open(interfaceName, watched, readings, HostCounters.open(interfaceName, program));
    }

    /**
     * Takes in a flow of AF_XDP while others are received. Its packets count from {@link XdpProgram#admit} on, which is
     * to come behind this: the program has prepared it, and where it has sockets already these are told.
     *
     * @throws IOException when counters of the flows cannot be read
     * @throws UnsupportedOperationException for ordinary sockets
     */
    public synchronized void add(SteeredFlow flow) throws IOException {
        requireOpen();
        readings.add(flow);
        flows.put(flow.id(), Watched.of(flow.flow()));
        claims.makeRoom(flow.id() + 1);
        look();
    }

    /**
     * Closes the account of a flow of AF_XDP while others are received: when the program has removed it ({@link
     * XdpProgram#remove}), and before its sockets are closed. Waits for a second at most until the receivers have taken
     * what is on its way.
     *
     * @param flow its id
     * @return all that became of it; it is in no snapshot after this
     * @throws IOException when counters of the flows cannot be read
     * @throws UnsupportedOperationException for ordinary sockets
     */
    public synchronized FlowLedger remove(int flow) throws IOException {
        requireOpen();
        if (!flows.containsKey(flow)) {
            throw new IllegalArgumentException("the ledger has no flow " + flow);
        }
        FlowLedger closing = look().get(flow);
        for (int waited = 0; waited < CLOSING_LOOKS && !isSettled(closing); waited++) {
            LockSupport.parkNanos(PAUSE_NS);
            closing = look().get(flow);
        }
        readings.remove(flow);
        claims.forget(flow);
        flows.remove(flow);
        weightOfFormer += closing.wire();
        return closing;
    }

    private static boolean isSettled(FlowLedger flow) {
        return flow.waiting() == 0 && isExplained(flow);
    }

    /**
     * Opens the ledger of flows that ordinary sockets receive.
     *
     * @param interfaceName where they arrive
     * @param flows by the id that was given to each socket
     * @param receivers all that serve these flows, each flow by one socket
     * @throws IOException when counters of the sockets cannot be read; those of driver and stack may be missing
     * @throws IllegalArgumentException when a flow has no socket, or a receiver has a source of another kind
     */
    public static LossLedger open(String interfaceName, List<WatchedFlow> flows, List<Receiver> receivers)
            throws IOException {
        return open(interfaceName, flows, receivers, Path.of("/proc"));
    }

    /** @param proc where the stack's counters are */
    static LossLedger open(String interfaceName, List<WatchedFlow> flows, List<Receiver> receivers, Path proc)
            throws IOException {
        FlowReadings readings = new SocketFlows(flows, receivers);
        return open(interfaceName, flows, readings, HostCounters.open(interfaceName, proc));
    }

    private static LossLedger open(
            String interfaceName, List<WatchedFlow> flows, FlowReadings readings, HostCounters host)
            throws IOException {
        try {
            return new LossLedger(interfaceName, flows, readings, host);
        } catch (IOException | RuntimeException e) {
            host.close();
            throw e;
        }
    }

    /**
     * Reads all counters.
     *
     * @throws IOException when counters of the flows cannot be read
     * @throws IllegalStateException when the ledger, the program or a socket is closed
     */
    public synchronized LedgerSnapshot snapshot() throws IOException {
        requireOpen();
        SortedMap<Integer, FlowLedger> ledgers = look();
        for (int again = 0; again < LOOKS_AGAIN && !isExplained(ledgers); again++) {
            LockSupport.parkNanos(PAUSE_NS);
            ledgers = look();
        }
        List<Advice> advice = new ArrayList<>();
        List<Demand> demands = new ArrayList<>();
        for (int id : flows.keySet()) {
            FlowSetup setup = readings.setup(id);
            demands.add(Adviser.demand(setup));
            advice.addAll(new Adviser(ledgers.get(id), setup, host).advice());
        }
        return new LedgerSnapshot(List.copyOf(ledgers.values()), advice, demands, limits(ledgers));
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the ledger is closed");
        }
    }

    /**
     * Packets that the kernel or the receiver has in hand, when its CPU is taken away just there, no counter has yet.
     */
    private static boolean isExplained(SortedMap<Integer, FlowLedger> ledgers) {
        return ledgers.values().stream().allMatch(LossLedger::isExplained);
    }

    private static boolean isExplained(FlowLedger flow) {
        return flow.unexplained() == 0 && flow.lost(Cause.REFUSED_UNSEEN) == 0;
    }

    /** By flow id. */
    private SortedMap<Integer, FlowLedger> look() throws IOException {
        readings.read();
        host.read(readings.stackInFront());
        SortedMap<Integer, FlowTally> tallies = readings.tallies(host.surroundings());
        claim(tallies);
        Iterator<Long> ofDriver = shareWithoutGap(Cause.NIC, tallies.values()).iterator();
        Iterator<Long> ofFillRing = shareWithoutGap(Cause.FILL_RING_EMPTY, tallies.values()).iterator();
        SortedMap<Integer, FlowLedger> ledgers = new TreeMap<>();
        tallies.forEach((id, tally) -> ledgers.put(id, ledger(id, tally, ofDriver.next(), ofFillRing.next())));
        return ledgers;
    }

    private FlowLedger ledger(int id, FlowTally tally, long ofDriver, long ofFillRing) {
        long invalid = claims.left(Cause.INVALID, id);
        long fragmented = claims.left(Cause.FRAGMENTED, id);
        tally.add(missingCause(tally), claims.upstream(id));
        tally.add(Cause.INVALID, claims.claimed(Cause.INVALID, id) + invalid);
        tally.add(Cause.FRAGMENTED, claims.claimed(Cause.FRAGMENTED, id) + fragmented);
        tally.add(Cause.NIC, claims.claimed(Cause.NIC, id) + ofDriver);
        tally.add(Cause.STACK, claims.claimed(Cause.STACK, id));
        tally.add(Cause.FILL_RING_EMPTY, claims.claimed(Cause.FILL_RING_EMPTY, id) + ofFillRing);
        return tally.ledger(flows.get(id).flow().flow(), tally.missing + invalid + fragmented + ofDriver + ofFillRing);
    }

    private void claim(SortedMap<Integer, FlowTally> byId) {
        Collection<FlowTally> tallies = byId.values();
        long[] missing = new long[byId.isEmpty() ? 0 : byId.lastKey() + 1];
        byId.forEach((id, tally) -> {
            claims.dropped(Cause.INVALID, id, tally.invalid);
            claims.dropped(Cause.FRAGMENTED, id, tally.fragmented);
            missing[id] = tally.missing;
        });
        // With zero-copy a card that finds no frame drops the packet itself, and the driver has it among its drops.
        long driverRise = host.droppedByDriver() - droppedByNic - droppedUnfilled;
        if (readings.driverFoundFillRingEmpty()) {
            droppedUnfilled += driverRise;
        } else {
            droppedByNic += driverRise;
        }
        claims.dropped(Cause.FILL_RING_EMPTY, droppedUnfilled);
        claims.dropped(Cause.NIC, droppedByNic);
        claims.dropped(Cause.STACK, host.droppedByStack(readings.stackInFront()) - badChecksums(tallies));
        long arrivedNow = tallies.stream().mapToLong(tally -> tally.weight).sum();
        claims.settle(missing, arrivedNow > arrived, System.nanoTime());
        arrived = arrivedNow;
    }

    /** Found when the packet was received, and so among the socket's drops: no gap of theirs is open. */
    private static long badChecksums(Collection<FlowTally> tallies) {
        return tallies.stream().mapToLong(tally -> tally.of(Cause.STACK)).sum();
    }

    private Cause missingCause(FlowTally tally) {
        boolean told = host.tellsDriver() && !tally.dropsUnknown
                && (readings.stackInFront() == StackPart.NONE || host.tellsStack());
        return told ? Cause.UPSTREAM : Cause.UPSTREAM_OR_LOCAL;
    }

    /**
     * The flows' part in the driver's drops that left no gap: of a stream's end, of 65,536 packets in a row, or of
     * other traffic.
     */
    private List<Long> shareWithoutGap(Cause cause, Collection<FlowTally> tallies) {
        // The last one stands for flows that have been removed and have had their share.
        LongStream ofNow = tallies.stream().mapToLong(tally -> tally.weight);
        long[] weights = LongStream.concat(ofNow, LongStream.of(weightOfFormer)).toArray();
        long ofFlows = Arrays.stream(weights).sum();
        long left = claims.left(cause);
        long ofAll = Math.max(Math.max(readings.packets(), host.received()), Math.max(ofFlows, 1));
        double share = (double) ofFlows / ofAll;
        long whole = share >= PRACTICALLY_ALL ? left : Math.round(left * share);
        return Arrays.stream(Apportionment.of(whole, weights)).boxed().toList();
    }

    /** Only those that these figures depend on. */
    private List<String> limits(SortedMap<Integer, FlowLedger> ledgers) {
        Set<String> limits = new LinkedHashSet<>();
        flows.forEach((id, watched) -> limits.addAll(limits(watched, ledgers.get(id))));
        limits.addAll(readings.limits());
        long left = claims.left(Cause.NIC) + claims.left(Cause.FILL_RING_EMPTY);
        if (left > 0) {
            limits.add(String.format(
                    Locale.ROOT,
                    "%,d packets that the driver dropped left no gap in a sequence: they are taken for the flows' in"
                            + " proportion to their part in the traffic.",
                    left));
        }
        return List.copyOf(limits);
    }

    private List<String> limits(Watched watched, FlowLedger ledger) {
        List<String> limits = new ArrayList<>();
        if (ledger.wire() == 0) {
            limits.add("Nothing of " + ledger.flow() + " arrived on " + interfaceName + ": whether it was"
                    + " never sent or was lost on its way cannot be told here.");
        }
        RtpStatistics rtp = watched.flow().snapshot();
        int ssrcs = rtp.streams().size();
        if (ssrcs > WATCHED_SSRCS) {
            limits.add(ledger.flow() + " has " + ssrcs + " SSRCs, of which " + WATCHED_SSRCS + " at a time"
                    + " are watched where they arrive: losses upstream of the others cannot be told.");
        }
        long restarts = rtp.count(RtpCounter.RESTARTS) - watched.restartsAtFirst();
        if (restarts > 0 && ledger.lost() <= LONGEST_GAP && !watched.flow().isSplit()) {
            limits.add(ledger.flow() + " restarted " + restarts + (restarts == 1 ? " time" : " times") + ", by its"
                    + " sequence: the loss of more than " + LONGEST_GAP + " packets in a row upstream would"
                    + " look the same.");
        }
        if (ledger.lost(Cause.UPSTREAM_OR_LOCAL) > 0) {
            limits.addAll(host.missingLimits());
        }
        if (ledger.lost(Cause.REFUSED_UNSEEN) > 0) {
            host.redirectLimit().ifPresent(limits::add);
        }
        return limits;
    }

    /** Closes what it opened itself; the second time does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        host.close();
    }
}
