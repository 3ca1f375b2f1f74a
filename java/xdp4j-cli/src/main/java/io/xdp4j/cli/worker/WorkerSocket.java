// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.cli.receive.QueueSockets;
import io.xdp4j.ledger.WatchedSocket;
import io.xdp4j.packet.KernelException;
import io.xdp4j.schedule.ReceiverCounts;
import io.xdp4j.xdp.HandedSocket;
import io.xdp4j.xdp.XdpStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The place of one AF_XDP socket of a queue, which the workers that serve the queue one after the other fill: what it
 * counts goes on from one to the next.
 *
 * <p>Threads: any thread may ask; the queue puts sockets in and takes them out under its monitor.
 */
final class WorkerSocket implements WatchedSocket {
    private final WorkerTask task;
    private final int index;
    private XdpStatistics statisticsBefore = new XdpStatistics(0, 0, 0, 0);
    private long takenBefore;
    private long longestAbsenceNs;
    private long firstPacketNs;
    private boolean zeroCopy;
    private HandedSocket socket; // null while there is no worker
    private ReceiverCounts counts; // of the worker; null before the first

    /** @param index among the sockets of the queue */
    WorkerSocket(WorkerTask task, int index) {
        this.task = task;
        this.index = index;
    }

    /** A worker is there. */
    synchronized void fill(HandedSocket handed, ReceiverCounts ofWorker, boolean isZeroCopy) {
        socket = handed;
        counts = ofWorker;
        zeroCopy = isZeroCopy;
    }

    /**
     * The worker has died, and nothing is redirected into the socket any more. What is in its ring, and what the worker
     * had in hand, nobody will handle: it counts as handled, and the handler has not counted it.
     */
    synchronized void vacate() {
        takenBefore += takenOfWorker() + waitingInRing();
        try {
            statisticsBefore = plus(statisticsBefore, socket.statistics());
        } catch (KernelException e) {
            // of an open socket the kernel always tells; if not, its drops are unexplained, and so seen
        }
        longestAbsenceNs = longestAbsenceNs();
        firstPacketNs = firstPacketNs();
        counts = null;
        socket.close();
        socket = null;
    }

    /**
     * A worker that is killed between taking packets and saying so has not counted them; the ring has. (A packet of
     * several buffers is several descriptors there, but one for the worker: then only what it said is known.)
     */
    private long takenOfWorker() {
        long said = counts.taken(index);
        int more = socket.consumed() - (int) said;
        return task.settings().multiBuffer() ? said : said + Math.min(Math.max(more, 0), task.batch());
    }

    /** The worker can write the ring's indices: no more than the ring holds is believed. */
    private int waitingInRing() {
        return Math.min(Math.max(socket.waiting(), 0), task.settings().rxRing());
    }

    synchronized HandedSocket handed() {
        return socket;
    }

    private static XdpStatistics plus(XdpStatistics one, XdpStatistics other) {
        return new XdpStatistics(
                one.rxDropped() + other.rxDropped(),
                one.rxInvalidDescriptors() + other.rxInvalidDescriptors(),
                one.rxRingFull() + other.rxRingFull(),
                one.rxFillRingEmpty() + other.rxFillRingEmpty());
    }

    @Override
    public int queue() {
        return task.queue();
    }

    @Override
    public int fillRing() {
        return task.settings().fillRing();
    }

    @Override
    public int rxRing() {
        return task.settings().rxRing();
    }

    @Override
    public int frameSize() {
        return task.settings().frameSize();
    }

    @Override
    public int longestPacket() {
        return task.settings().longestPacket();
    }

    @Override
    public synchronized boolean zeroCopy() {
        return zeroCopy;
    }

    @Override
    public synchronized XdpStatistics statistics() throws KernelException {
        return socket == null ? statisticsBefore : plus(statisticsBefore, socket.statistics());
    }

    @Override
    public synchronized int waiting() {
        return socket == null ? 0 : waitingInRing();
    }

    @Override
    public synchronized long taken() {
        return takenBefore + (counts == null ? 0 : counts.taken(index));
    }

    @Override
    public synchronized long handled() {
        return takenBefore + (counts == null ? 0 : counts.handled(index));
    }

    @Override
    public synchronized long looks() {
        return counts == null ? 0 : counts.looks(index);
    }

    /** Another worker will come. */
    @Override
    public boolean hasEnded() {
        return false;
    }

    @Override
    public synchronized long longestAbsenceNs() {
        return Math.max(longestAbsenceNs, counts == null ? 0 : counts.longestAbsenceNs());
    }

    /** Of the first worker that had one; 0 until then. */
    synchronized long firstPacketNs() {
        return firstPacketNs != 0 || counts == null ? firstPacketNs : counts.firstPacketNs();
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.empty();
    }

    /** Of all the sockets of a queue. */
    static long taken(List<WorkerSocket> sockets) {
        return sockets.stream().mapToLong(WorkerSocket::taken).sum();
    }

    /** Of all the sockets of a queue together. */
    static XdpStatistics statistics(List<WorkerSocket> sockets) throws KernelException {
        List<XdpStatistics> statistics = new ArrayList<>();
        for (WorkerSocket socket : sockets) {
            statistics.add(socket.statistics());
        }
        return QueueSockets.sum(statistics);
    }

    synchronized void close() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
