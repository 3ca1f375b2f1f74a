// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.cli.receive.FlowMeter;
import io.xdp4j.cli.receive.QueueReceiver;
import io.xdp4j.cli.receive.QueueReport;
import io.xdp4j.cli.receive.QueueSample;
import io.xdp4j.cli.receive.QueueSockets;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.cli.status.RunStatus;
import io.xdp4j.jfr.JfrEvents;
import io.xdp4j.ledger.WatchedSocket;
import io.xdp4j.process.SharedMemory;
import io.xdp4j.rtp.RtpClocks;
import io.xdp4j.rtp.RtpReadings;
import io.xdp4j.xdp.HandedSocket;
import io.xdp4j.xdp.UmemAudit;
import io.xdp4j.xdp.XdpProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One RX queue, received from by a process, the worker. When the worker dies it is started again, with back-off; until
 * then the packets of its queue pass to the kernel's stack.
 *
 * <p>Threads: the supervisor's, which waits for workers to end, and the one that asks; all state is changed under this
 * object's monitor.
 */
public final class WorkerQueue implements QueueReceiver {
    private static final long FIRST_BACK_OFF_MS = 100;
    private static final long LONGEST_BACK_OFF_MS = 10_000;
    private static final long ENDED_WITHIN_MS = 5_000;

    /** A worker that lived for so long did not die of how it was started. */
    private static final long SOUND_NS = TimeUnit.SECONDS.toNanos(10);

    private final WorkerTask task;
    private final XdpProgram program;
    private final Standby standby;
    private final Optional<SharedMemory> recorded;
    private final List<WorkerSocket> sockets = new ArrayList<>();
    private final Map<Integer, FlowOfWorkers> flows = new TreeMap<>(); // by id; those expected
    private final ConcurrentLinkedQueue<String> news = new ConcurrentLinkedQueue<>();
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread supervisor;
    private Worker worker; // null while there is none
    private IOException failedAtFirst;
    private WorkerTalk.Closing closing;
    private int restarts;
    private int fullest; // of the RX rings, as far as workers have told
    private int fullestLately;

    private WorkerQueue(
            WorkerTask task, XdpProgram program, Standby standby, Optional<SharedMemory> recorded) {
        this.task = task;
        this.program = program;
        this.standby = standby;
        this.recorded = recorded;
        for (int i = 0; i < task.sockets(); i++) {
            sockets.add(new WorkerSocket(task, i));
        }
        supervisor = new Thread(this::supervise, "supervisor-" + task.queue());
        supervisor.setDaemon(true);
    }

    /**
     * Starts the first worker, and does not wait for it.
     *
     * @param sockets how many
     * @param flows for ids below this
     * @param standby where workers come from
     * @param recorded into which they copy their packets, one after the other; the caller's
     */
    public static WorkerQueue start(
            ReceiveSettings settings,
            int queue,
            int sockets,
            int flows,
            XdpProgram program,
            Standby standby,
            Optional<SharedMemory> recorded) {
        WorkerTask task = new WorkerTask(
                settings.interfaceName(),
                queue,
                settings.xdp(),
                sockets,
                settings.batch(),
                settings.idle().text(),
                flows);
        WorkerQueue started = new WorkerQueue(task, program, standby, recorded);
        started.supervisor.start();
        return started;
    }

    /** Waits until the first worker has opened its sockets. */
    @Override
    public void awaitOpen() throws IOException {
        try {
            started.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (failedAtFirst != null) {
            throw failedAtFirst;
        }
    }

    private void supervise() {
        try {
            open(Worker.start(task, standby.take(), recorded));
        } catch (IOException e) {
            failedAtFirst = e;
            return;
        } catch (RuntimeException e) {
            failedAtFirst = new IOException("starting a worker: " + e, e);
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
            return;
        } finally {
            started.countDown();
        }
        long backOffMs = FIRST_BACK_OFF_MS;
        try {
            for (Worker serving = serving(); serving != null; serving = serving()) {
                long sinceNs = System.nanoTime();
                String end = serving.awaitEnd();
                if (isStopping()) {
                    return;
                }
                long diedNs = System.nanoTime();
                bury();
                backOffMs = diedNs - sinceNs > SOUND_NS ? FIRST_BACK_OFF_MS : backOffMs;
                record("none", end);
                news.add("the worker of queue " + task.queue() + " " + end + ": its packets pass to the kernel's stack"
                        + " until there is another");
                while (!startAgain()) {
                    if (stopping.await(backOffMs, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                    backOffMs = Math.min(2 * backOffMs, LONGEST_BACK_OFF_MS);
                }
                String after = "after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - diedNs) + " ms";
                record("running", after);
                news.add("queue " + task.queue() + " has a worker again, " + after);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private void record(String inForce, String reason) {
        JfrEvents.mode("worker of queue " + task.queue(), "running", inForce, reason);
    }

    /** Null when the queue is being drained or closed. */
    private synchronized Worker serving() {
        return isStopping() ? null : worker;
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    /** Whether it is this queue's worker now; not when it has come too late. */
    private synchronized boolean open(Worker opened) {
        if (isStopping()) {
            opened.discard();
            return false;
        }
        worker = opened;
        for (int i = 0; i < sockets.size(); i++) {
            sockets.get(i).fill(opened.sockets().get(i), opened.memory().counts(), opened.opened().zeroCopy());
        }
        return true;
    }

    /** Nothing goes to a worker that has died; what it counted is kept. */
    private synchronized void bury() {
        if (worker == null) {
            return; // drain() has come first
        }
        for (WorkerSocket socket : sockets) {
            program.withdraw(socket.handed());
            socket.vacate();
        }
        flows.values().forEach(FlowOfWorkers::keep);
        worker.close();
        worker = null;
    }

    private boolean startAgain() throws InterruptedException {
        Worker next = null;
        try {
            next = Worker.start(task, standby.take(), recorded);
            synchronized (this) {
                if (!open(next)) {
                    return true;
                }
                flows.keySet().forEach(this::countInWorker);
                next.expect(flows.values().stream().map(FlowOfWorkers::expected).toList());
                next.receive();
                redirectAll();
                restarts++;
            }
            return true;
        } catch (IOException | RuntimeException e) {
            record("none", e.getMessage());
            news.add("no worker for queue " + task.queue() + ": " + e.getMessage());
            if (next != null) {
                next.kill();
            }
            bury();
            return false;
        }
    }

    private void countInWorker(int id) {
        worker.memory().clear(id);
        flows.get(id).countIn(worker.memory().record(id));
    }

    private void redirectAll() throws IOException {
        for (int id : flows.keySet()) {
            try {
                redirect(program, id);
            } catch (IllegalArgumentException e) {
                // the flow is just being removed: the program has done so, and this queue is not told yet
            }
        }
    }

    @Override
    public synchronized void receive() throws IOException {
        ask(() -> worker.receive());
    }

    @Override
    public int queue() {
        return task.queue();
    }

    @Override
    public synchronized RtpReadings expect(int id, String name, RtpClocks clocks) throws IOException {
        FlowOfWorkers flow = new FlowOfWorkers(new WorkerTalk.ExpectedFlow(id, name, clocks));
        flows.put(id, flow);
        ask(() -> {
            countInWorker(id);
            worker.expect(List.of(flow.expected()));
        });
        return flow;
    }

    @Override
    public WatchedSocket socket(int id) {
        return socketOf(id);
    }

    private WorkerSocket socketOf(int id) {
        return sockets.get(QueueSockets.place(id, sockets.size()));
    }

    @Override
    public synchronized boolean hasNapi() {
        return worker != null && worker.opened().napi();
    }

    @Override
    public synchronized void redirect(XdpProgram into, int id) throws IOException {
        HandedSocket socket = socketOf(id).handed();
        if (socket != null) {
            into.redirect(id, socket);
        }
    }

    @Override
    public synchronized void forget(int id) throws IOException {
        flows.remove(id);
        ask(() -> worker.forget(id));
    }

    @FunctionalInterface
    private interface Question {
        void ask() throws IOException;
    }

    /** A worker that has died is not asked: the next one will be told all there is. */
    private void ask(Question question) throws IOException {
        if (worker == null) {
            return;
        }
        try {
            question.ask();
        } catch (IOException e) {
            if (!worker.hasDied()) {
                throw e;
            }
        }
    }

    /** A worker that dies is started again. */
    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }

    @Override
    public List<String> news() {
        List<String> since = new ArrayList<>();
        for (String text = news.poll(); text != null; text = news.poll()) {
            since.add(text);
        }
        return since;
    }

    @Override
    public synchronized RunStatus.QueueStatus status() {
        return new RunStatus.QueueStatus(
                task.queue(), sockets.size(), worker == null ? null : worker.pid(), restarts);
    }

    /** What a worker had recorded when it died, and not told yet, is not known. */
    @Override
    public synchronized QueueSample sample(FlowMeter.LatencySink sink) throws IOException {
        fullestLately = 0;
        ask(() -> fullestLately = worker.sample(sink));
        fullest = Math.max(fullest, fullestLately);
        return new QueueSample(
                task.queue(),
                fullestLately,
                task.settings().room(),
                WorkerSocket.taken(sockets),
                WorkerSocket.statistics(sockets),
                sockets.get(0).longestAbsenceNs(),
                restarts);
    }

    @Override
    public void drain() throws IOException {
        stopping.countDown();
        synchronized (this) {
            try {
                closing = worker == null ? null : worker.drain();
            } catch (IOException e) {
                if (!worker.hasDied()) {
                    throw e;
                }
                news.add("the worker of queue " + task.queue() + " has died before it had taken all");
                bury();
            }
        }
    }

    @Override
    public synchronized QueueReport report() throws IOException {
        return new QueueReport(
                task.queue(),
                WorkerSocket.taken(sockets),
                sockets.get(0).zeroCopy(),
                worker != null && worker.opened().hugePageRefusal() == null,
                worker == null ? null : worker.opened().hugePageRefusal(),
                closing != null && closing.napi(),
                sockets.size(),
                WorkerSocket.statistics(sockets),
                closing == null ? new UmemAudit(0, 0, 0, 0, 0, 0, 0, 0) : closing.frames(),
                closing == null ? new ReceiveReport.CpuReport(0, 0, 0) : closing.cpu(),
                sockets.get(0).longestAbsenceNs() / 1e6,
                sockets.get(0).firstPacketNs(),
                restarts,
                fullest);
    }

    @Override
    public void close() {
        stopping.countDown();
        supervisor.interrupt(); // it may wait for a process that will not come any more
        try {
            supervisor.join(ENDED_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            sockets.forEach(WorkerSocket::close);
            if (worker != null) {
                worker.close();
                worker = null;
            }
        }
    }
}
