// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.status.RunStatus;
import io.xdp4j.ledger.WatchedSocket;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpClocks;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.rtp.RtpReadings;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** One RX queue, received from by a thread of this process. */
final class ThreadQueue implements QueueReceiver {
    private final int queue;
    private final QueueSockets sockets;
    private final FlowMeter meter = new FlowMeter();
    private final int room;
    private final Receiver receiver;
    private ReceiveReport.CpuReport cpu; // when it was drained

    private ThreadQueue(
            ReceiveSettings settings, int queue, QueueSockets sockets, UnaryOperator<PacketHandler> recorded)
            throws KernelException {
        this.queue = queue;
        this.sockets = sockets;
        this.room = settings.xdp().room();
        this.receiver = Receiver.start(
                "receiver-" + queue,
                settings.idle().strategy().get(),
                settings.xdp().placementOf(queue),
                recorded.apply(meter),
                sockets.all());
    }

    /**
     * @param sockets how many
     * @param recorded makes a handler one whose packets are recorded, if they are to be
     * @throws KernelException what the kernel refused: a socket, or the place of the thread
     */
    static ThreadQueue open(
            ReceiveSettings settings, int queue, int sockets, UnaryOperator<PacketHandler> recorded)
            throws KernelException {
        QueueSockets opened =
                QueueSockets.open(settings.interfaceName(), queue, settings.xdp(), sockets, settings.batch());
        try {
            return new ThreadQueue(settings, queue, opened, recorded);
        } catch (KernelException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    @Override
    public int queue() {
        return queue;
    }

    /** They are. */
    @Override
    public void awaitOpen() {}

    /** It does. */
    @Override
    public void receive() {}

    @Override
    public RtpReadings expect(int id, String name, RtpClocks clocks) {
        RtpFlow flow = new RtpFlow(clocks, name);
        meter.expect(id, flow);
        return flow;
    }

    private XdpSocket socketOf(int id) {
        return sockets.all().get(QueueSockets.place(id, sockets.all().size()));
    }

    @Override
    public WatchedSocket socket(int id) {
        return WatchedSocket.of(socketOf(id), receiver);
    }

    @Override
    public boolean hasNapi() {
        return sockets.hasNapi();
    }

    @Override
    public void redirect(XdpProgram program, int id) throws KernelException {
        program.redirect(id, socketOf(id));
    }

    @Override
    public void forget(int id) {
        meter.forget(id);
    }

    @Override
    public Optional<String> failure() {
        return receiver.failure().map(failure -> "the receiver ended: " + failure.getMessage());
    }

    @Override
    public List<String> news() {
        return List.of();
    }

    @Override
    public RunStatus.QueueStatus status() {
        return new RunStatus.QueueStatus(queue, sockets.all().size(), null, null);
    }

    @Override
    public QueueSample sample(FlowMeter.LatencySink sink) throws IOException {
        meter.takeLatencies(sink);
        return new QueueSample(
                queue, sockets.takeFullest(), room, taken(), sockets.statistics(), receiver.longestAbsenceNs(), null);
    }

    private long taken() {
        return IntStream.range(0, sockets.all().size())
                .mapToLong(receiver.counts()::taken)
                .sum();
    }

    @Override
    public void drain() {
        cpu = ReceiveReport.CpuReport.of(receiver); // while the thread lives
        receiver.close();
    }

    @Override
    public QueueReport report() throws IOException {
        return new QueueReport(
                queue,
                taken(),
                sockets.zeroCopy(),
                sockets.hugePageRefusal() == null,
                sockets.hugePageRefusal(),
                sockets.hasNapi(),
                sockets.all().size(),
                sockets.statistics(),
                sockets.audit(),
                cpu,
                receiver.longestAbsenceNs() / 1e6,
                receiver.counts().firstPacketNs(),
                null,
                sockets.fullest());
    }

    @Override
    public void close() {
        receiver.close();
        sockets.close();
    }
}
