// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.cli.receive.FlowMeter;
import io.xdp4j.packet.KernelException;
import io.xdp4j.process.Channel;
import io.xdp4j.process.SharedMemory;
import io.xdp4j.xdp.HandedSocket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/** A worker's process as the distributor has it: asks it, holds its sockets, and reads the memory it counts in. */
final class Worker implements AutoCloseable {
    private static final int ENDED_WITHIN_S = 5;
    private static final int OPENED_WITHIN_MS = 30_000; // a UMEM of 2 GiB takes seconds
    private static final int ANSWERED_WITHIN_MS = 5_000;

    /** How Java tells an end by a signal: its number is added to this. */
    private static final int SIGNALLED = 128;

    private final WorkerTask task;
    private final Process process;
    private final Channel channel;
    private final SharedMemory shared;
    private final List<HandedSocket> sockets = new ArrayList<>();
    private WorkerTalk.Opened opened;
    private boolean receives;

    private Worker(WorkerTask task, Standby.Recruit recruit, SharedMemory shared) {
        this.task = task;
        this.process = recruit.process();
        this.channel = recruit.channel();
        this.shared = shared;
    }

    /**
     * Gives a process its task: it opens its sockets, and hands them over.
     *
     * @param recorded into which it copies its packets; the caller's
     * @throws IOException when it could not
     */
    static Worker start(WorkerTask task, Standby.Recruit recruit, Optional<SharedMemory> recorded)
            throws IOException {
        SharedMemory shared;
        try {
            shared = SharedMemory.create("xdp4j-counts", WorkerMemory.bytes(task.sockets(), task.flows()));
        } catch (IOException e) {
            recruit.dismiss();
            throw e;
        }
        Worker worker = new Worker(task, recruit, shared);
        try {
            worker.open(recorded);
            return worker;
        } catch (IOException | RuntimeException e) {
            worker.discard();
            throw e;
        }
    }

    private void open(Optional<SharedMemory> recorded) throws IOException {
        int[] memories = recorded.isPresent()
                ? new int[] {shared.fd(), recorded.get().fd()}
                : new int[] {shared.fd()};
        WorkerTalk.send(channel, WorkerTalk.Request.open(task), memories);
        Channel.Message message = answer(OPENED_WITHIN_MS);
        take(message.fds());
        opened = understand(message).opened();
        if (opened == null || sockets.size() != task.sockets()) {
            throw new IOException("the worker of queue " + task.queue() + " handed over " + sockets.size()
                    + " sockets, not " + task.sockets());
        }
    }

    /** Of each socket a descriptor; those that are none are closed. */
    private void take(int[] descriptors) throws IOException {
        int taken = 0;
        try {
            for (; taken < descriptors.length; taken++) {
                sockets.add(HandedSocket.of(
                        descriptors[taken],
                        task.interfaceName(),
                        task.queue(),
                        task.settings().rxRing(),
                        task.settings().longestPacket()));
            }
        } finally {
            Arrays.stream(descriptors, taken, descriptors.length).forEach(Channel::closeDescriptor);
        }
    }

    /** A worker that hangs is of no use: it is killed, and the supervisor starts another. */
    private Channel.Message answer(int withinMs) throws IOException {
        return channel.receive(withinMs).orElseThrow(() -> {
            kill();
            return new IOException("the worker of queue " + task.queue() + " did not answer within "
                    + withinMs / 1_000 + " s, and was killed");
        });
    }

    private static WorkerTalk.Answer understand(Channel.Message message) throws IOException {
        WorkerTalk.Answer answer = WorkerTalk.read(message, WorkerTalk.Answer.class);
        if (answer.failure() != null) {
            throw answer.errno() == null
                    ? new IOException(answer.failure())
                    : new KernelException(answer.errno(), answer.failure());
        }
        return answer;
    }

    private WorkerTalk.Answer ask(WorkerTalk.Request request) throws IOException {
        WorkerTalk.send(channel, request);
        Channel.Message message = answer(ANSWERED_WITHIN_MS);
        Arrays.stream(message.fds()).forEach(Channel::closeDescriptor); // none is expected
        return understand(message);
    }

    long pid() {
        return process.pid();
    }

    /** What it really opened. */
    WorkerTalk.Opened opened() {
        return opened;
    }

    /** As many as the task says; whoever takes them out closes them. */
    List<HandedSocket> sockets() {
        return sockets;
    }

    WorkerMemory memory() {
        return new WorkerMemory(shared.buffer(), task.sockets());
    }

    /** The packets of flows may come from when this returns. */
    void expect(List<WorkerTalk.ExpectedFlow> flows) throws IOException {
        for (WorkerTalk.Request request : WorkerTalk.Request.expect(flows)) {
            ask(request);
        }
    }

    void forget(int flow) throws IOException {
        ask(WorkerTalk.Request.forget(List.of(flow)));
    }

    /** From when this returns it receives, and has no privilege any more. The second time does nothing. */
    void receive() throws IOException {
        if (!receives) {
            ask(WorkerTalk.Request.of(WorkerTalk.Kind.RECEIVE));
            receives = true;
        }
    }

    /**
     * Takes what it has recorded since the last call.
     *
     * @return how full its RX rings were: {@link io.xdp4j.xdp.XdpSocket#takeFullest()}
     */
    int sample(FlowMeter.LatencySink sink) throws IOException {
        int fullest = 0;
        boolean more = true;
        for (int messages = 0; more && messages <= task.flows(); messages++) { // each brings one flow or more
            WorkerTalk.Sampled sampled = ask(WorkerTalk.Request.of(WorkerTalk.Kind.SAMPLE)).sampled();
            if (sampled == null || sampled.latencies() == null) {
                throw new IOException("the worker of queue " + task.queue() + " answered another question");
            }
            for (WorkerTalk.Latencies latencies : sampled.latencies()) {
                sink.add(latencies.flow(), decoded(latencies.latencyNs()));
            }
            fullest = Math.max(fullest, sampled.fullest());
            more = sampled.more();
        }
        return fullest;
    }

    /** The worker has no privilege and may say what it likes: no more than fits is believed. */
    private static Histogram decoded(byte[] latencyNs) throws IOException {
        Histogram fitting = FlowMeter.newHistogram();
        try {
            fitting.add(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(latencyNs), 0));
            return fitting;
        } catch (DataFormatException | RuntimeException e) {
            throw new IOException("a worker's latencies cannot be read", e);
        }
    }

    /** It receives what is still there, and ends receiving. */
    WorkerTalk.Closing drain() throws IOException {
        return ask(WorkerTalk.Request.of(WorkerTalk.Kind.DRAIN)).closing();
    }

    /** Waits for the process to end; how it did. */
    String awaitEnd() throws InterruptedException {
        int code = process.waitFor();
        String how = code > SIGNALLED ? "was killed by signal " + (code - SIGNALLED) : "ended with exit code " + code;
        return "(pid " + process.pid() + ") " + how;
    }

    /**
     * Whether it has ended, or does so within seconds: then it could not do what it was asked. One that was killed
     * closes its channel first, and then gives its UMEM back, which takes a moment.
     */
    boolean hasDied() {
        try {
            return process.waitFor(ENDED_WITHIN_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void kill() {
        process.destroyForcibly();
    }

    /** Ends one whose sockets nobody has taken, and closes these. */
    void discard() {
        sockets.forEach(HandedSocket::close);
        kill();
        close();
    }

    /** Gives it a moment to end by itself when it was drained; its sockets are for others to close. */
    @Override
    public void close() {
        channel.close();
        try {
            if (!process.waitFor(ENDED_WITHIN_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        shared.close();
    }
}
