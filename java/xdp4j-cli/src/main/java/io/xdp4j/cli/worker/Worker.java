// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.packet.KernelException;
import io.xdp4j.process.Channel;
import io.xdp4j.process.SharedMemory;
import io.xdp4j.xdp.HandedSocket;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A worker's process as the distributor has it: asks it, holds its sockets, and reads the memory it counts in. */
final class Worker implements AutoCloseable {
    private static final int ENDED_WITHIN_S = 5;

    /** Opening fills a ring of any size, and waits for a queue that was let go a moment ago. */
    private static final int OPEN_WITHIN_MS = 60_000;

    private static final int ANSWER_WITHIN_MS = 5_000;

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
     * @throws IOException when it could not
     */
    static Worker start(WorkerTask task, Standby.Recruit recruit) throws IOException {
        SharedMemory shared;
        try {
            shared = SharedMemory.create("xdp4j-counts", WorkerMemory.bytes(task.sockets(), task.flows()));
        } catch (IOException e) {
            recruit.dismiss();
            throw e;
        }
        Worker worker = new Worker(task, recruit, shared);
        try {
            worker.open();
            return worker;
        } catch (IOException | RuntimeException e) {
            worker.discard();
            throw e;
        }
    }

    private void open() throws IOException {
        WorkerTalk.send(channel, new WorkerTalk.Request(WorkerTalk.Kind.OPEN, task, null), shared.fd());
        Channel.Message message = answer(OPEN_WITHIN_MS);
        for (int descriptor : message.fds()) {
            sockets.add(HandedSocket.of(
                    descriptor,
                    task.interfaceName(),
                    task.queue(),
                    task.settings().rxRing(),
                    task.settings().longestPacket()));
        }
        opened = WorkerTalk.read(message, WorkerTalk.Answer.class).opened();
    }

    /** A worker that does not answer does not receive either: it is killed, and taken for one that died. */
    private Channel.Message answer(int withinMs) throws IOException {
        Channel.Message message = channel.receive(withinMs).orElseThrow(() -> {
            kill();
            return new IOException(
                    "the worker (pid " + pid() + ") did not answer within " + withinMs / 1_000 + " s, and was killed");
        });
        WorkerTalk.Answer answer = WorkerTalk.read(message, WorkerTalk.Answer.class);
        if (answer.failure() != null) {
            throw answer.errno() == null
                    ? new IOException(answer.failure())
                    : new KernelException(answer.errno(), answer.failure());
        }
        return message;
    }

    private WorkerTalk.Answer ask(WorkerTalk.Kind kind, List<Integer> flows) throws IOException {
        WorkerTalk.send(channel, new WorkerTalk.Request(kind, null, flows));
        return WorkerTalk.read(answer(ANSWER_WITHIN_MS), WorkerTalk.Answer.class);
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

    /** The packets of a flow may come from when this returns. */
    void expect(int flow) throws IOException {
        ask(WorkerTalk.Kind.EXPECT, List.of(flow));
    }

    void forget(int flow) throws IOException {
        ask(WorkerTalk.Kind.FORGET, List.of(flow));
    }

    /** From when this returns it receives, and has no privilege any more. The second time does nothing. */
    void receive() throws IOException {
        if (!receives) {
            ask(WorkerTalk.Kind.RECEIVE, null);
            receives = true;
        }
    }

    /** It receives what is still there, and ends. */
    WorkerTalk.Closing drain() throws IOException {
        return ask(WorkerTalk.Kind.DRAIN, null).closing();
    }

    /** Waits for the process to end; how it did. */
    String awaitEnd() throws InterruptedException {
        int code = process.waitFor();
        String how = code > SIGNALLED ? "was killed by signal " + (code - SIGNALLED) : "ended with exit code " + code;
        return "(pid " + process.pid() + ") " + how;
    }

    /** Whether it has ended, or does so within a second: then it could not do what it was asked. */
    boolean hasDied() {
        try {
            return process.waitFor(1, TimeUnit.SECONDS);
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
