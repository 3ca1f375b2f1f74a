// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.udp.SocketSource;
import io.xdp4j.udp.SocketStatistics;
import io.xdp4j.udp.UdpSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The counters of one ordinary socket and its flow.
 *
 * <p>They are put together as they stand, from the socket's opening on, and only the result is reckoned from the
 * ledger's opening on: while packets come, no moment is the same for all of them.
 */
final class SocketCount {
    private final UdpSource socket;
    private final Receiver receiver;
    private final int source; // its index in the receiver
    private final WatchedFlow flow;
    private final Difference drops = new Difference();
    private final Difference invalid = new Difference();
    private final Level missing = new Level(); // sequence numbers that have not reached the socket
    private final PeakRate rate = new PeakRate();
    private long taken;
    private long delivered;
    private long notRtp;
    private long lost; // sequence numbers that have not reached the handler
    private long abandoned;
    private SocketStatistics kernel;
    private boolean watched; // all of the flow's SSRCs are
    private FlowTally first; // null before the first tally

    /** @param source the index of the socket in the receiver */
    SocketCount(UdpSource socket, Receiver receiver, int source, WatchedFlow flow) {
        this.socket = socket;
        this.receiver = receiver;
        this.source = source;
        this.flow = flow;
    }

    /** From what is furthest from the wire to what is nearest to it, see {@link XdpFlows}. */
    void read() throws IOException {
        long handled = receiver.counts().handled(source);
        RtpStatistics counted = flow.snapshot();
        delivered = counted.count(RtpCounter.RECEIVED);
        notRtp = counted.count(RtpCounter.NON_RTP);
        lost = counted.count(RtpCounter.LOST);
        watched = counted.streams().size() <= LossLedger.WATCHED_SSRCS;
        abandoned = Math.max(abandoned, handled - delivered - notRtp);
        taken = receiver.counts().taken(source);
        kernel = socket.statistics();
        drops.update(allDrops());
        invalid.update(kernel.invalid());
        missing.update(allMissing());
        rate.update(taken + allDrops(), System.nanoTime());
    }

    private long allDrops() {
        return Math.max(kernel.drops(), 0);
    }

    private boolean tellsMissing() {
        return kernel.missing() >= 0;
    }

    private long allMissing() {
        return tellsMissing() ? kernel.missing() : Math.max(lost - allDrops() - abandoned, 0);
    }

    /** Packets that the kernel dropped at the socket since the first reading. */
    long drops() {
        return drops.risen();
    }

    /** A raw socket gets packets ahead of UDP, and those of other ports as well. */
    boolean isRaw() {
        return socket instanceof SocketSource other && other.kind() == SocketSource.Kind.RAW;
    }

    /** @param badChecksums of the drops since the first reading: those for a wrong checksum */
    FlowTally tally(long badChecksums) {
        FlowTally tally = new FlowTally();
        // A gap that the handler sees, and neither the shim nor a counter: it shows as unexplained.
        // What only Java took for no RTP has left a gap there, and none in front of it.
        long explained = allMissing() + allDrops() + abandoned + notRtp;
        long behindTheShim = watched ? Math.max(lost - explained, 0) : 0;
        tally.arrived = taken + allDrops() + behindTheShim;
        tally.delivered = delivered;
        tally.waiting = taken - delivered - notRtp - abandoned;
        tally.add(Cause.NOT_RTP, notRtp);
        tally.add(Cause.APPLICATION, abandoned);
        tally.add(Cause.STACK, badChecksums);
        tally.add(Cause.SOCKET_BUFFER, allDrops() - badChecksums);
        if (first == null) {
            first = tally;
        }
        FlowTally since = tally.since(first);
        since.missing = Math.max(missing.value() - toldTooLate(badChecksums), 0);
        since.invalid = invalid.risen();
        since.dropsUnknown = kernel.drops() < 0;
        since.weight = since.arrived;
        return since;
    }

    /**
     * The shim takes a packet that was dropped for its checksum for missing when the next one had been queued before:
     * it is told of the drop too late. So many are both missing and dropped.
     */
    private long toldTooLate(long badChecksums) {
        long twice = allMissing() + allDrops() + abandoned - lost;
        return tellsMissing() ? Math.min(Math.max(twice, 0), badChecksums) : 0;
    }

    /** What this socket does not tell. */
    Optional<String> limit() {
        if (kernel.drops() < 0) {
            return Optional.of("What a DatagramChannel's socket drops cannot be told: /proc/net/udp does not show it.");
        }
        if (!tellsMissing() && drops() > 0) {
            return Optional.of("A DatagramChannel does not tell where in the stream its socket dropped packets: as many"
                    + " losses before the socket may be hidden behind these.");
        }
        if (isRaw() && drops() > 0 && kernel.others() > 0) {
            return Optional.of("A raw socket's drops are counted whatever port they were for: some of those under "
                    + Cause.SOCKET_BUFFER.label() + " may be of other ports.");
        }
        if (receiver.failure().isPresent() && kernel.waitingBytes() != 0) {
            return Optional.of("How many packets are left in the buffer of a socket whose receiver has failed cannot be"
                    + " told.");
        }
        return Optional.empty();
    }

    FlowSetup setup() {
        return new FlowSetup(
                List.of(),
                0,
                0,
                0,
                0,
                1,
                kernel.receiveBufferBytes(),
                rate.pps(),
                rate.pps(),
                receiver.longestAbsenceNs(),
                new long[0],
                0,
                receiver.failure());
    }
}
