// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.cli.receive.FlowMeter;
import io.xdp4j.packet.KernelException;
import io.xdp4j.process.Channel;
import io.xdp4j.process.SharedMemory;
import io.xdp4j.xdp.HandedSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

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
    private volatile String killedFor; // null unless it was for what it answered

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
        return channel.receive(withinMs).orElseThrow(() -> killed("did not answer within " + withinMs / 1_000 + " s"));
    }

    /** Kills it: it has no privilege and may say what it likes, which must harm no queue but its own. */
    private IOException killed(String why) {
        killedFor = why;
        kill();
        return new IOException("the worker of queue " + task.queue() + " " + why + ", and was killed");
    }

    private WorkerTalk.Answer understand(Channel.Message message) throws IOException {
        WorkerTalk.Answer answer;
        try {
            answer = WorkerTalk.read(message, WorkerTalk.Answer.class);
        } catch (IOException e) {
            throw killed("answered what cannot be read");
        }
        if (answer == null) {
            throw killed("answered nothing");
        }
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

    /** Hands over what it has recorded of the flow since it was sampled. */
    void forget(int flow, FlowMeter.LatencySink sink) throws IOException {
        hand(sampledBy(WorkerTalk.Request.forget(List.of(flow))), sink);
    }

    /** From when this returns it receives, and has no privilege any more. The second time does nothing. */
    void receive() throws IOException {
        if (!receives) {
            ask(WorkerTalk.Request.of(WorkerTalk.Kind.RECEIVE));
            receives = true;
        }
    }

    /**
     * Takes what it has recorded since the last call. A worker that cannot tell, or tells what cannot be, is killed.
     *
     * @return how full its RX rings were: {@link io.xdp4j.xdp.XdpSocket#takeFullest()}
     */
    int sample(FlowMeter.LatencySink sink) throws IOException {
        int fullest = 0;
        int flows = 0;
        boolean more = true;
        while (more) {
            WorkerTalk.Sampled sampled = sampledBy(WorkerTalk.Request.of(WorkerTalk.Kind.SAMPLE));
            flows += hand(sampled, sink);
            fullest = Math.max(fullest, sampled.fullest());
            more = sampled.more();
            if (flows > task.flows() || more && sampled.latencies().isEmpty()) {
                throw killed("told of more flows than there are");
            }
        }
        return fullest;
    }

    private WorkerTalk.Sampled sampledBy(WorkerTalk.Request request) throws IOException {
        WorkerTalk.Answer answer;
        try {
            answer = ask(request);
        } catch (IOException e) {
            kill(); // if it lives at all
            throw e;
        }
        if (answer.sampled() == null || answer.sampled().latencies() == null) {
            throw killed("answered another question");
        }
        return answer.sampled();
    }

    /** How many flows there were. */
    private int hand(WorkerTalk.Sampled sampled, FlowMeter.LatencySink sink) throws IOException {
        for (WorkerTalk.Latencies latencies : sampled.latencies()) {
            if (latencies == null) {
                throw killed("told of no flow");
            }
            sink.add(
                    latencies.flow(),
                    WorkerSamples.decoded(latencies.latencyNs())
                            .orElseThrow(() -> killed("told latencies that cannot be read")));
        }
        return sampled.latencies().size();
    }

    /** It receives what is still there, and ends receiving. */
    WorkerTalk.Closing drain() throws IOException {
        WorkerTalk.Closing closing =
                ask(WorkerTalk.Request.of(WorkerTalk.Kind.DRAIN)).closing();
        if (closing == null || closing.frames() == null || closing.cpu() == null) {
            throw killed("answered another question");
        }
        return closing;
    }

    /** Waits for the process to end; how it did. */
    String awaitEnd() throws InterruptedException {
        int code = process.waitFor();
        String how = code > SIGNALLED ? "was killed by signal " + (code - SIGNALLED) : "ended with exit code " + code;
        return "(pid " + process.pid() + ") " + how + (killedFor == null ? "" : ", for it " + killedFor);
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
