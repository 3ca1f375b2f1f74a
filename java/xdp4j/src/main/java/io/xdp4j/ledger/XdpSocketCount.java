// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.KernelException;
import io.xdp4j.xdp.FlowCounters;
import io.xdp4j.xdp.XdpStatistics;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** The counters of one AF_XDP socket; all since the first reading. */
final class XdpSocketCount {
    private static final long LOOK_LIMIT_NS = 100_000_000;

    final WatchedSocket socket;

    /** The ids of the flows that are redirected into it. */
    final SortedSet<Integer> flows = new TreeSet<>();

    private final Difference dropped = new Difference();
    private final Difference ringFull = new Difference();
    private final Difference fillRingEmpty = new Difference();
    private final Difference handled = new Difference();
    private final PeakRate rate = new PeakRate();
    private boolean hasEnded;
    private long inRing;
    private long inHand;
    private long handledNow;
    private long takenBefore; // the ring was read
    private boolean wasStill;
    private XdpStatistics kernel;
    private Map<Integer, Long> carriedIn; // by flow: in the ring at first, and so on the wire of it
    private long starvedOfFormer; // flows, that are not redirected into it any more
    private long fullOfFormer;

    XdpSocketCount(WatchedSocket socket) {
        this.socket = socket;
    }

    /** Looks at what is furthest from the wire; comes first. */
    void readPlaces() {
        hasEnded = socket.hasEnded();
        takenBefore = socket.taken();
        inRing = socket.waiting();
        awaitLook();
        handledNow = socket.handled();
        inHand = socket.taken() - handledNow;
    }

    /**
     * What the receiver takes from the ring is nowhere until it says so, and it may lose its CPU right there. Not for
     * long: a look does not block.
     */
    private void awaitLook() {
        long look = socket.looks();
        long limit = System.nanoTime() + LOOK_LIMIT_NS;
        while (look % 2 == 1 && socket.looks() == look && !socket.hasEnded() && System.nanoTime() - limit < 0) {
            Thread.yield();
        }
    }

    /** Looks at the kernel's counters; comes when RtpFlow has been read. */
    void readKernel() throws KernelException {
        wasStill = takenBefore == handledNow && inHand == 0 && socket.taken() == handledNow;
        kernel = socket.statistics();
    }

    /** Whether the receiver took nothing, and its handler had nothing to do, while ring and RtpFlow were read. */
    boolean wasStill() {
        return wasStill;
    }

    /** Takes up what was read. */
    void update() {
        fillRingEmpty.update(kernel.rxFillRingEmpty());
        handled.update(handledNow);
        dropped.update(kernel.rxDropped());
        ringFull.update(kernel.rxRingFull());
    }

    /**
     * What its rings dropped of the flows that it has now.
     *
     * @param places of these flows, in the order of {@link #flows}
     */
    SocketDrops.Rings rings(int[] places) {
        return new SocketDrops.Rings(dropped.risen() - starvedOfFormer, ringFull.risen() - fullOfFormer, places);
    }

    /** A flow is redirected into it no more: what was dropped of it is not the others'. */
    void forget(int flow, long starved, long full) {
        flows.remove(flow);
        carriedIn.remove(flow);
        starvedOfFormer += starved;
        fullOfFormer += full;
    }

    /** Packets with which the handler is done; as taken up. */
    long handled() {
        return handled.risen();
    }

    /** Packets that nobody will fetch. */
    long leftBehind() {
        return hasEnded ? inRing : 0;
    }

    /** Packets that are on their way to the handler. */
    long waiting() {
        return inHand + (hasEnded ? 0 : inRing);
    }

    /** Whether the driver asked the empty fill ring for frames, between the last two readings taken up. */
    boolean driverFoundFillRingEmpty() {
        return socket.zeroCopy() && fillRingEmpty.latest() > 0;
    }

    /** What was in the ring at first of a flow, told apart by what had been redirected until then. */
    long carriedIn(int flow, SortedMap<Integer, FlowCounters> byFlow) {
        if (carriedIn == null) {
            carriedIn = new HashMap<>();
            Integer[] ids = flows.toArray(Integer[]::new);
            long[] weights = new long[ids.length];
            for (int i = 0; i < ids.length; i++) {
                weights[i] = byFlow.get(ids[i]).redirected();
            }
            long[] parts = Apportionment.of(inRing, weights);
            for (int i = 0; i < ids.length; i++) {
                carriedIn.put(ids[i], parts[i]);
            }
        }
        return carriedIn.getOrDefault(flow, 0L);
    }

    /** The rate of all flows that are redirected into it. */
    PeakRate rate() {
        return rate;
    }
}
