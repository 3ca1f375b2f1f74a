// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.xdp.XdpProgram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

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
    private static final int LOOKS_AGAIN = 20;
    private static final long PAUSE_NS = 1_000_000;
    private static final long CLOSING_NS = 1_000_000_000;

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
    private final Map<Cause, GaplessDrops> gapless = new EnumMap<>(Cause.class);
    private boolean closed;

    private record Watched(WatchedFlow flow, long restartsAtFirst) {
        static Watched of(WatchedFlow flow) {
            return new Watched(flow, flow.snapshot().count(RtpCounter.RESTARTS));
        }
    }

    /** @param flows by id */
    private LossLedger(
            String interfaceName, SortedMap<Integer, WatchedFlow> flows, FlowReadings readings, HostCounters host)
            throws IOException {
        this.interfaceName = interfaceName;
        this.readings = readings;
        this.host = host;
        this.claims = new GapClaims(0);
        gapless.put(Cause.NIC, new GaplessDrops());
        gapless.put(Cause.FILL_RING_EMPTY, new GaplessDrops());
        flows.forEach((id, flow) -> begin(id, Watched.of(flow)));
        look();
    }

    private void begin(int id, Watched flow) {
        flows.put(id, flow);
        claims.makeRoom(id + 1);
        gapless.values().forEach(drops -> drops.add(id));
    }

    private void end(int id) {
        readings.remove(id);
        flows.remove(id);
        claims.forget(id);
        // No gap of another flow may claim what is in this one's account.
        gapless.forEach((cause, drops) -> claims.settle(cause, drops.remove(id)));
    }

    /**
     * Opens the ledger of flows that an XDP program redirects into AF_XDP sockets.
     *
     * @param interfaceName where they arrive
     * @param program with all of the flows added and redirected
     * @param flows all that the program has, by the id it gave them
     * @param receivers all that serve these flows
     * @return the ledger, which counts from now on; to be closed by the caller
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
     * @param flows all that the program has
     * @return the ledger, which counts from now on; to be closed by the caller
     * @throws IOException when counters of the flows cannot be read; those of driver and stack may be missing
     */
    public static LossLedger open(String interfaceName, XdpProgram program, List<SteeredFlow> flows)
            throws IOException {
        FlowReadings readings = new XdpFlows(program);
        for (SteeredFlow flow : flows) {
            readings.add(flow);
        }
        SortedMap<Integer, WatchedFlow> watched = new TreeMap<>();
        flows.forEach(flow -> watched.put(flow.id(), flow.flow()));
        return open(interfaceName, watched, readings, HostCounters.open(interfaceName, program));
    }

    /**
     * Takes in a flow of AF_XDP while others are received. Its packets count from {@link XdpProgram#admit} on, which is
     * to come behind this: the program has prepared it, and where it has sockets already these are told. When this
     * fails the ledger is as it was.
     *
     * @param flow one that the program has prepared
     * @throws IOException when counters of the flows cannot be read
     * @throws IllegalArgumentException when it has a flow of this id
     * @throws UnsupportedOperationException for ordinary sockets
     */
    public synchronized void add(SteeredFlow flow) throws IOException {
        requireOpen();
        Watched added = Watched.of(flow.flow());
        readings.add(flow);
        begin(flow.id(), added);
        try {
            look();
        } catch (IOException | RuntimeException e) {
            end(flow.id());
            throw e;
        }
    }

    /**
     * Closes the account of a flow of AF_XDP while others are received: when the program has removed it ({@link
     * XdpProgram#remove}), and before its sockets are closed. Waits for a second at most until the receivers have taken
     * what is on its way.
     *
     * <p>Should that be too short, the account has packets that wait, and when some were dropped it may have too many
     * or too few of these. The others' accounts come out right all the same, when what counts the flow goes on until
     * the receivers have come by.
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
        long deadline = System.nanoTime() + CLOSING_NS;
        FlowLedger closing = look().get(flow);
        for (long pauseNs = 0;
                !(readings.isDrained(flow) && isExplained(closing)) && System.nanoTime() - deadline < 0;
                pauseNs = PAUSE_NS) {
            LockSupport.parkNanos(pauseNs);
            closing = look().get(flow);
        }
        end(flow);
        return closing;
    }

    /**
     * Opens the ledger of flows that ordinary sockets receive.
     *
     * @param interfaceName where they arrive
     * @param flows by the id that was given to each socket
     * @param receivers all that serve these flows, each flow by one socket
     * @return the ledger, which counts from now on; to be closed by the caller
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
        SortedMap<Integer, WatchedFlow> byId = new TreeMap<>();
        flows.forEach(flow -> byId.put(byId.size(), flow));
        return open(interfaceName, byId, readings, HostCounters.open(interfaceName, proc));
    }

    private static LossLedger open(
            String interfaceName, SortedMap<Integer, WatchedFlow> flows, FlowReadings readings, HostCounters host)
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
     * @return the account of every flow at this moment
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
        SortedMap<Integer, Long> packets = new TreeMap<>();
        tallies.forEach((id, tally) -> packets.put(id, tally.weight));
        long traffic = Math.max(readings.packets(), host.received());
        gapless.forEach((cause, drops) -> drops.share(claims.left(cause), packets, traffic));
        SortedMap<Integer, FlowLedger> ledgers = new TreeMap<>();
        tallies.forEach((id, tally) -> ledgers.put(id, ledger(id, tally)));
        return ledgers;
    }

    private FlowLedger ledger(int id, FlowTally tally) {
        long ofDriver = gapless.get(Cause.NIC).of(id);
        long ofFillRing = gapless.get(Cause.FILL_RING_EMPTY).of(id);
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
