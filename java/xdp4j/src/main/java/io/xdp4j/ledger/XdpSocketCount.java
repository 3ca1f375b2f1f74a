// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.KernelException;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.xdp.FlowCounters;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpStatistics;
import java.util.List;

/** The counters of one AF_XDP socket; all since the first reading. */
final class XdpSocketCount {
    private static final long LOOK_LIMIT_NS = 100_000_000;

    final XdpSocket socket;
    final Receiver receiver;

    /** The ids of the flows that are redirected into it. */
    final int[] flows;

    private final int source; // its index in the receiver
    private final boolean zeroCopy;
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
    private long[] carriedIn; // by flow: in the ring at first, and so on the wire of it

    XdpSocketCount(XdpSocket socket, Receiver receiver, int source, int[] flows) {
        this.socket = socket;
        this.receiver = receiver;
        this.source = source;
        this.flows = flows;
        this.zeroCopy = zeroCopy(socket);
    }

    private static boolean zeroCopy(XdpSocket socket) {
        try {
            return socket.zeroCopy();
        } catch (KernelException e) {
            return false; // a kernel that cannot be asked has no zero-copy here
        }
    }

    /** Looks at what is furthest from the wire; comes first. */
    void readPlaces() {
        hasEnded = receiver.hasEnded();
        takenBefore = receiver.taken(source);
        inRing = socket.waiting();
        awaitLook();
        handledNow = receiver.handled(source);
        inHand = receiver.taken(source) - handledNow;
    }

    /**
     * What the receiver takes from the ring is nowhere until it says so, and it may lose its CPU right there. Not for
     * long: a look does not block.
     */
    private void awaitLook() {
        long look = receiver.looks(source);
        long limit = System.nanoTime() + LOOK_LIMIT_NS;
        while (look % 2 == 1
                && receiver.looks(source) == look
                && !receiver.hasEnded()
                && System.nanoTime() - limit < 0) {
            Thread.yield();
        }
    }

    /** Looks at the kernel's counters; comes when RtpFlow has been read. */
    void readKernel() throws KernelException {
        wasStill = takenBefore == handledNow && inHand == 0 && receiver.taken(source) == handledNow;
        kernel = socket.statistics();
    }

    /** Whether the receiver took nothing, and its handler had nothing to do, while ring and RtpFlow were read. */
    boolean wasStill() {
        return wasStill;
    }

    /** Takes up what was read. */
    SocketDrops.Rings rings(int[] places) {
        fillRingEmpty.update(kernel.rxFillRingEmpty());
        handled.update(handledNow);
        return new SocketDrops.Rings(
                dropped.update(kernel.rxDropped()), ringFull.update(kernel.rxRingFull()), places);
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
        return zeroCopy && fillRingEmpty.latest() > 0;
    }

    /** By flow, as {@link #flows}: what was in the ring at first, told apart by what had been redirected until then. */
    long[] carriedIn(List<FlowCounters> byFlow) {
        if (carriedIn == null) {
            long[] weights = new long[flows.length];
            for (int i = 0; i < flows.length; i++) {
                weights[i] = byFlow.get(flows[i]).redirected();
            }
            carriedIn = Apportionment.of(inRing, weights);
        }
        return carriedIn;
    }

    /** The rate of all flows that are redirected into it. */
    PeakRate rate() {
        return rate;
    }
}
