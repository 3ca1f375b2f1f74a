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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
    /**
     * When so much of what an interface receives is the flows', what it drops beside is neglected: ARP, IGMP, and the
     * like come singly.
     */
    private static final double PRACTICALLY_ALL = 0.99;

    private static final int LOOKS_AGAIN = 20;
    private static final long PAUSE_NS = 1_000_000;

    /** WATCH_STREAMS of bpf/rtp_watch.h. */
    static final int WATCHED_SSRCS = 4;

    /** Half the sequence numbers there are: beyond that, ahead and behind are the same. */
    private static final int LONGEST_GAP = 32_767;

    private final String interfaceName;
    private final List<WatchedFlow> flows;
    private final long[] restartsAtFirst; // by flow id
    private final FlowReadings readings;
    private final HostCounters host;
    private final GapClaims claims;
    private long droppedByNic; // by the driver, and not because the fill ring was empty
    private long droppedUnfilled; // by the driver, because it was
    private long arrived;
    private boolean closed;

    private LossLedger(
            String interfaceName, List<WatchedFlow> flows, FlowReadings readings, HostCounters host)
            throws IOException {
        this.interfaceName = interfaceName;
        this.flows = List.copyOf(flows);
        this.restartsAtFirst = flows.stream()
                .mapToLong(flow -> flow.rtp().snapshot().count(RtpCounter.RESTARTS))
                .toArray();
        this.readings = readings;
        this.host = host;
        this.claims = new GapClaims(flows.size());
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
        FlowReadings readings = new XdpFlows(program, flows, receivers);
        return open(interfaceName, flows, readings, HostCounters.open(interfaceName, program));
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
        if (closed) {
            throw new IllegalStateException("the ledger is closed");
        }
        List<FlowLedger> ledgers = look();
        for (int again = 0; again < LOOKS_AGAIN && !isExplained(ledgers); again++) {
            LockSupport.parkNanos(PAUSE_NS);
            ledgers = look();
        }
        List<Advice> advice = new ArrayList<>();
        List<Demand> demands = new ArrayList<>();
        for (int id = 0; id < flows.size(); id++) {
            FlowSetup setup = readings.setup(id);
            demands.add(Adviser.demand(setup));
            advice.addAll(new Adviser(ledgers.get(id), setup, host).advice());
        }
        return new LedgerSnapshot(ledgers, advice, demands, limits(ledgers));
    }

    /**
     * Packets that the kernel or the receiver has in hand, when its CPU is taken away just there, no counter has yet.
     */
    private static boolean isExplained(List<FlowLedger> ledgers) {
        return ledgers.stream()
                .allMatch(flow -> flow.unexplained() == 0 && flow.lost(Cause.REFUSED_UNSEEN) == 0);
    }

    private List<FlowLedger> look() throws IOException {
        readings.read();
        host.read(readings.stackInFront());
        List<FlowTally> tallies = readings.tallies(host.surroundings());
        claim(tallies);
        long[] ofDriver = shareWithoutGap(Cause.NIC, tallies);
        long[] ofFillRing = shareWithoutGap(Cause.FILL_RING_EMPTY, tallies);
        List<FlowLedger> ledgers = new ArrayList<>();
        for (int id = 0; id < flows.size(); id++) {
            ledgers.add(ledger(id, tallies.get(id), ofDriver[id], ofFillRing[id]));
        }
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
        return tally.ledger(flows.get(id).flow(), tally.missing + invalid + fragmented + ofDriver + ofFillRing);
    }

    private void claim(List<FlowTally> tallies) {
        for (int id = 0; id < tallies.size(); id++) {
            claims.dropped(Cause.INVALID, id, tallies.get(id).invalid);
            claims.dropped(Cause.FRAGMENTED, id, tallies.get(id).fragmented);
        }
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
        long[] missing = tallies.stream().mapToLong(tally -> tally.missing).toArray();
        claims.settle(missing, arrivedNow > arrived, System.nanoTime());
        arrived = arrivedNow;
    }

    /** Found when the packet was received, and so among the socket's drops: no gap of theirs is open. */
    private static long badChecksums(List<FlowTally> tallies) {
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
    private long[] shareWithoutGap(Cause cause, List<FlowTally> tallies) {
        long[] weights = tallies.stream().mapToLong(tally -> tally.weight).toArray();
        long ofFlows = Arrays.stream(weights).sum();
        long left = claims.left(cause);
        long ofAll = Math.max(Math.max(readings.packets(), host.received()), Math.max(ofFlows, 1));
        double share = (double) ofFlows / ofAll;
        return Apportionment.of(share >= PRACTICALLY_ALL ? left : Math.round(left * share), weights);
    }

    /** Only those that these figures depend on. */
    private List<String> limits(List<FlowLedger> ledgers) {
        Set<String> limits = new LinkedHashSet<>();
        for (int id = 0; id < ledgers.size(); id++) {
            FlowLedger ledger = ledgers.get(id);
            if (ledger.wire() == 0) {
                limits.add("Nothing of " + ledger.flow() + " arrived on " + interfaceName + ": whether it was"
                        + " never sent or was lost on its way cannot be told here.");
            }
            RtpStatistics rtp = flows.get(id).rtp().snapshot();
            int ssrcs = rtp.streams().size();
            if (ssrcs > WATCHED_SSRCS) {
                limits.add(ledger.flow() + " has " + ssrcs + " SSRCs, of which " + WATCHED_SSRCS + " at a time"
                        + " are watched where they arrive: losses upstream of the others cannot be told.");
            }
            long restarts = rtp.count(RtpCounter.RESTARTS) - restartsAtFirst[id];
            if (restarts > 0 && ledger.lost() <= LONGEST_GAP) {
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
        }
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

    /** Closes what it opened itself; the second time does nothing. */
    @Override
    public synchronized void close() {
        closed = true;
        host.close();
    }
}
