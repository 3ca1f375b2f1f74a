// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.KernelException;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.xdp.FlowCounters;
import io.xdp4j.xdp.XdpProgram;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The counters of one flow that an XDP program redirects; all since the first tally. */
final class XdpFlowCount {
    final int id;
    final WatchedFlow flow;

    /** By queue: packets without a socket there, when the ledger took the flow in. */
    final long[] straysAtFirst;

    private final Difference seen = new Difference();
    private final Difference redirected = new Difference();
    private final Difference noSocket = new Difference();
    private final Difference wrongQueue = new Difference();
    private final Difference noMetadata = new Difference();
    private final Difference tooLarge = new Difference();
    private final Difference invalid = new Difference();
    private final Difference fragmented = new Difference();
    private final Difference delivered = new Difference();
    private final Difference notRtp = new Difference();
    private final Level missing = new Level();
    private long carriedIn; // in the rings at first, and so on the wire
    private RtpStatistics rtp;
    private FlowCounters kernel;
    private FlowTally tally;
    private boolean isRead = true; // what the handlers count of it
    private Map<XdpSocketCount, Long> ends; // the last packet's place in each socket; null while packets may come
    private boolean drained;

    XdpFlowCount(int id, WatchedFlow flow, long[] straysAtFirst) {
        this.id = id;
        this.flow = flow;
        this.straysAtFirst = straysAtFirst;
    }

    /** What the handlers have counted; comes before {@link #readKernel}. */
    void readRtp() {
        if (isRead) {
            rtp = flow.snapshot();
        }
    }

    /** When nothing more of it arrives, the id may be another flow's by now. */
    void readKernel(XdpProgram program) throws KernelException {
        if (ends == null) {
            kernel = program.counters(id);
        }
    }

    /** As last read. */
    FlowCounters kernel() {
        return kernel;
    }

    /** Packets of it were in a ring at first. */
    void carryIn(long packets) {
        carriedIn += packets;
    }

    /** Takes up what was read. */
    void takeUp() {
        tally = new FlowTally();
        tally.arrived = seen.update(kernel.seen()) + carriedIn;
        tally.weight = seen.risen();
        tally.missing = missing.update(kernel.missing());
        tally.invalid = invalid.update(kernel.invalid());
        tally.fragmented = fragmented.update(kernel.fragmented());
        tally.delivered = delivered.update(rtp.count(RtpCounter.RECEIVED));
        tally.add(Cause.NOT_RTP, notRtp.update(rtp.count(RtpCounter.NON_RTP)));
        tally.add(Cause.NO_SOCKET_ON_QUEUE, noSocket.update(kernel.noSocket()));
        tally.add(Cause.WRONG_QUEUE, wrongQueue.update(kernel.wrongQueue()));
        tally.add(Cause.NO_METADATA, noMetadata.update(kernel.noMetadata()));
        tally.add(Cause.TOO_LARGE, tooLarge.update(kernel.tooLarge()));
        redirected.update(kernel.redirected());
        drained = ends != null && isBehindEnd();
    }

    /** As last taken up. */
    FlowTally tally() {
        return tally;
    }

    /** Packets that the handler has counted. */
    long counted() {
        return delivered.risen() + notRtp.risen();
    }

    /** Packets that the program redirected and the handler has not counted. */
    long outstanding() {
        return redirected.risen() + carriedIn - counted();
    }

    /**
     * Nothing more of it arrives: what was last read of the program stays so, and the last packet is in one of these
     * sockets, as they were last read, or has left it.
     */
    void end(List<XdpSocketCount> sockets) {
        if (ends == null) {
            ends = new LinkedHashMap<>();
            sockets.forEach(socket -> ends.put(socket, socket.end()));
        }
    }

    /** Whether all that arrived has come to a handler or was lost; as last taken up, and only behind {@link #end}. */
    boolean isDrained() {
        return drained;
    }

    private boolean isBehindEnd() {
        return outstanding() == 0
                || ends.entrySet().stream().allMatch(end -> end.getKey().isBehind(end.getValue()));
    }

    /** What the handlers count under its id is another flow's from now on. */
    void giveIdAway() {
        isRead = false;
    }
}
