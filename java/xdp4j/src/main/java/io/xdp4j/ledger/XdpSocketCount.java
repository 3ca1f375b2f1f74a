// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.KernelException;
import io.xdp4j.xdp.XdpStatistics;
import java.util.LinkedHashSet;
import java.util.Set;

/** The counters of one AF_XDP socket; all since the first reading. */
final class XdpSocketCount {
    private static final long LOOK_LIMIT_NS = 100_000_000;

    final WatchedSocket socket;

    /** Those that are redirected into it, and those that were, while packets of theirs may be on their way. */
    final Set<XdpFlowCount> flows = new LinkedHashSet<>();

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
    private boolean started;
    private long stuckLook = -1; // that did not end though it was waited for
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
     * long: a look does not block. A receiver that was stopped or killed in one is not waited for twice.
     */
    private void awaitLook() {
        long look = socket.looks();
        if (look == stuckLook) {
            return;
        }
        long limit = System.nanoTime() + LOOK_LIMIT_NS;
        while (look % 2 == 1 && socket.looks() == look && !socket.hasEnded() && System.nanoTime() - limit < 0) {
            Thread.yield();
        }
        stuckLook = look % 2 == 1 && socket.looks() == look ? look : -1;
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

    /**
     * Takes up what was read; comes before its flows do.
     *
     * @return packets in the ring or in hand, at first, of flows that the ledger does not have: the receiver will
     *     handle them beside those of its flows
     */
    long takeUp() {
        long strangers = started ? 0 : carryIn();
        started = true;
        fillRingEmpty.update(kernel.rxFillRingEmpty());
        handled.update(handledNow);
        dropped.update(kernel.rxDropped());
        ringFull.update(kernel.rxRingFull());
        long redirected = handled.risen() + inHand + inRing + dropped.risen() + ringFull.risen();
        rate.update(redirected, System.nanoTime());
        return strangers;
    }

    /** Whose packets are in the ring at first, told apart by what had been redirected until then; how many nobody's. */
    private long carryIn() {
        XdpFlowCount[] ofRing = flows.toArray(XdpFlowCount[]::new);
        long[] weights = new long[ofRing.length];
        long redirected = 0;
        for (int i = 0; i < ofRing.length; i++) {
            weights[i] = ofRing[i].kernel().redirected();
            redirected += weights[i];
        }
        long[] parts = Apportionment.of(inRing, weights);
        for (int i = 0; i < ofRing.length; i++) {
            ofRing[i].carryIn(parts[i]);
        }
        return redirected == 0 ? inRing + inHand : 0;
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
    void forget(XdpFlowCount flow, long starved, long full) {
        flows.remove(flow);
        starvedOfFormer += starved;
        fullOfFormer += full;
    }

    /** Packets with which the handler is done; as taken up. */
    long handled() {
        return handled.risen();
    }

    /** Which number the last packet has that is there or was, when the handler counts those that it is done with. */
    long end() {
        return handledNow + inHand + inRing;
    }

    /** Whether a packet with such a number has been handled; or never will be, since there is no receiver. */
    boolean isBehind(long end) {
        return hasEnded || handledNow >= end;
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

    /** Of all that is redirected into it, in packets a second. */
    double peakPps() {
        return rate.pps();
    }
}
