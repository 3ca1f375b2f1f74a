// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.cli.Signals;
import io.xdp4j.cli.receive.Idle;
import io.xdp4j.cli.receive.QueueSockets;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.WarmUp;
import io.xdp4j.cli.record.RecordedHandler;
import io.xdp4j.cli.record.RingWriter;
import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.process.Capabilities;
import io.xdp4j.process.Channel;
import io.xdp4j.process.SharedMemory;
import io.xdp4j.process.WorkerProcess;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.schedule.Receiver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A worker: receives the packets of one RX queue in a process of its own. It does what the distributor asks and ends
 * with it. Once it receives it has no privilege, and nothing but its sockets and the memory that it counts in.
 */
public final class WorkerMain {
    private static final int FAILED = 1;
    private static final int ESRCH = 3;

    private final Channel channel;
    private final WorkerSamples told = new WorkerSamples();
    private WorkerTask task;
    private WorkerMemory memory;
    private RecordingMeter meter;
    private PacketHandler handler; // the meter, and what records
    private QueueSockets sockets;
    private Receiver receiver;

    private WorkerMain(Channel channel) {
        this.channel = channel;
    }

    /** @param arguments the name of the distributor's channel, its pid, and whether packets will be recorded */
    public static void main(String[] arguments) {
        int exitCode = 0;
        try {
            run(arguments);
        } catch (IOException | RuntimeException e) {
            System.err.println("xdp4j: a worker ended: " + e.getMessage());
            exitCode = FAILED;
        }
        System.exit(exitCode); // the JVM's own threads have nothing to wait for
    }

    private static void run(String[] arguments) throws IOException {
        // Ctrl-C in a terminal and systemd's SIGTERM reach all processes: the distributor ends its workers in order.
        Signals.leaveToParent();
        try {
            WorkerProcess.endWithParent(Long.parseLong(arguments[1]));
        } catch (KernelException e) {
            if (e.errno() == ESRCH) {
                return; // the distributor was killed while this process began
            }
            throw e;
        }
        WarmUp.run(Boolean.parseBoolean(arguments[2]) ? RecordedHandler.toWarmUp(warmedUp()) : warmedUp());
        try (Channel channel = Channel.connect(arguments[0])) {
            new WorkerMain(channel).serve();
        }
    }

    /** Another one of what packets will go through here. */
    private static RecordingMeter warmedUp() {
        WorkerMemory memory = new WorkerMemory(ByteBuffer.allocateDirect(WorkerMemory.bytes(1, 1)), 1);
        RecordingMeter meter = new RecordingMeter(1, WarmUp.BATCH);
        meter.expect(0, new RtpFlow(), memory.record(0));
        return meter;
    }

    private void serve() throws IOException {
        Optional<Channel.Message> message = WorkerTalk.receive(channel);
        while (message.isPresent()) {
            WorkerTalk.Request request = WorkerTalk.read(message.get(), WorkerTalk.Request.class);
            try {
                answer(request, message.get().fds());
            } catch (KernelException e) {
                WorkerTalk.send(channel, WorkerTalk.Answer.failed(e.getMessage(), e.errno()));
            } catch (IOException | RuntimeException e) {
                WorkerTalk.send(channel, WorkerTalk.Answer.failed(e.toString(), null));
            }
            message = WorkerTalk.receive(channel);
        }
    }

    private void answer(WorkerTalk.Request request, int[] descriptors) throws IOException {
        switch (request.kind()) {
            case OPEN -> open(request.task(), descriptors);
            case EXPECT -> {
                request.expected().forEach(flow -> meter.expect(
                        flow.id(), new RtpFlow(flow.clocks(), flow.name()), memory.record(flow.id())));
                WorkerTalk.send(channel, WorkerTalk.Answer.DONE);
            }
            case RECEIVE -> {
                receive();
                WorkerTalk.send(channel, WorkerTalk.Answer.DONE);
            }
            case FORGET -> {
                request.forgotten().forEach(meter::forget);
                WorkerTalk.send(channel, WorkerTalk.Answer.DONE);
            }
            case SAMPLE -> WorkerTalk.send(
                    channel, WorkerTalk.Answer.of(told.next(meter.meter(), sockets)));
            case DRAIN -> drain();
        }
    }

    private void open(WorkerTask asked, int[] memories) throws IOException {
        task = asked;
        memory = new WorkerMemory(SharedMemory.map(memories[0]).buffer(), task.sockets());
        meter = new RecordingMeter(task.flows(), task.batch());
        handler = memories.length == 1
                ? meter
                : new RecordedHandler(meter, RingWriter.in(SharedMemory.map(memories[1]).buffer(), task.flows()));
        sockets = QueueSockets.open(
                task.interfaceName(), task.queue(), task.settings(), task.sockets(), task.batch());
        WorkerTalk.send(
                channel,
                WorkerTalk.Answer.of(
                        new WorkerTalk.Opened(sockets.zeroCopy(), sockets.hugePageRefusal(), sockets.hasNapi())),
                sockets.descriptors());
    }

    private void receive() throws IOException {
        receiver = Receiver.start(
                "receiver-" + task.queue(),
                new Idle.Converter().convert(task.idle()).strategy().get(),
                task.settings().placementOf(task.queue()),
                handler,
                sockets.all(),
                memory.counts());
        endWithReceiver();
        Capabilities.drop();
    }

    /** Nobody would take the packets that come: the distributor is to notice, and start another worker. */
    private void endWithReceiver() {
        Thread watch = new Thread(
                () -> {
                    try {
                        receiver.thread().join();
                    } catch (InterruptedException e) {
                        return;
                    }
                    if (receiver.failure().isPresent()) {
                        Runtime.getRuntime().halt(FAILED);
                    }
                },
                "receiver watch");
        watch.setDaemon(true);
        watch.start();
    }

    private void drain() throws IOException {
        ReceiveReport.CpuReport cpu = ReceiveReport.CpuReport.of(receiver); // while the thread lives
        receiver.close();
        WorkerTalk.send(
                channel,
                WorkerTalk.Answer.of(new WorkerTalk.Closing(sockets.audit(), cpu, sockets.hasNapi())));
    }
}
