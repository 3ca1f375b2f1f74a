// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.Figures;
import io.xdp4j.cli.guard.Guard;
import io.xdp4j.cli.guard.Undo;
import io.xdp4j.cli.record.Recording;
import io.xdp4j.cli.status.RunStatus;
import io.xdp4j.cli.worker.Standby;
import io.xdp4j.cli.worker.WorkerQueue;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.process.SharedMemory;
import io.xdp4j.rtp.RtpClocks;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.xdp.Attachment;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.XdpProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** AF_XDP: a receiver for each RX queue, and the XDP program in front of them, which this process alone holds. */
final class XdpReception implements Reception {
    /** Room for flows that are added later; each takes 4.6 KiB of kernel memory, and a slot for each queue. */
    private static final int LEAST_FLOWS = 1_024;

    private static final int MOST_FLOWS = 16_384;

    private ReceiveSettings settings; // with the flows that are wanted now
    private final Optional<Recording> recording;
    private final List<QueueReceiver> queues = new ArrayList<>();
    private final Guard guard = new Guard();
    private Standby standby; // null when threads receive
    private HardwareSteering steering;
    private BusyPoll busyPoll; // null without
    private Undo dispatched; // null unless the program is in a dispatcher
    private XdpProgram program;
    private SteeredFlows flows;
    private final FlowLatencies latencies = new FlowLatencies();
    private int capacity; // flows
    private Mode mode;
    private long startNs;

    XdpReception(ReceiveSettings settings, Optional<Recording> recording) {
        this.settings = settings;
        this.recording = recording;
    }

    @Override
    public void open() throws IOException {
        String name = settings.interfaceName();
        CompletableFuture<Void> warmUp = settings.xdp().workers() == Workers.THREADS
                ? WarmUp.begin(recording.isPresent())
                : CompletableFuture.completedFuture(null); // processes have their own
        int room = Math.min(Math.max(2 * settings.flows().size(), LEAST_FLOWS), MOST_FLOWS);
        capacity = Math.max(room, settings.flows().size());
        program = XdpProgram.load(
                capacity, settings.device().rxQueues(), settings.xdp().multiBuffer());
        int sockets = settings.xdp().socketsPer() == SocketsPer.FLOW ? settings.flows().size() : 1;
        steering = HardwareSteering.open(settings.device(), settings.xdp().queues(), guard);
        flows = new SteeredFlows(name, program, queues, steering, recording);
        if (settings.xdp().busyPollBudget() > 0) {
            busyPoll = BusyPoll.open(name, guard);
        }
        if (settings.xdp().workers() == Workers.PROCESSES) {
            standby = Standby.start(settings.xdp().queues().size(), recording.isPresent());
        }
        for (int queue : settings.xdp().queues()) {
            queues.add(settings.xdp().workers() == Workers.THREADS ? thread(queue, sockets) : worker(queue, sockets));
        }
        for (QueueReceiver queue : queues) {
            queue.awaitOpen();
        }
        flows.open(settings.wanted());
        warmUp.join();
        // Until now no packet could come, so that none waited for a receiver or escaped the ledger.
        boolean inDispatcher = settings.xdp().attachment() == Attachment.DISPATCHER;
        if (inDispatcher) {
            guard.getReady(); // the program's id there is known only when it is attached
        }
        mode = program.attach(name, settings.xdp().mode(), settings.xdp().attachment());
        if (inDispatcher) {
            dispatched = Undo.dispatched(name, program.programId());
            guard.protect(dispatched);
        }
        startNs = System.nanoTime();
    }

    private QueueReceiver thread(int queue, int sockets) throws IOException {
        return ThreadQueue.open(
                settings,
                queue,
                sockets,
                handler -> recording.map(wanted -> wanted.ofQueue(queue, capacity, handler)).orElse(handler));
    }

    private QueueReceiver worker(int queue, int sockets) throws IOException {
        SharedMemory recorded = recording.isPresent() ? recording.get().memoryOfQueue(queue, capacity) : null;
        return WorkerQueue.start(settings, queue, sockets, capacity, program, standby, Optional.ofNullable(recorded));
    }

    @Override
    public String inForce() {
        XdpSettings xdp = settings.xdp();
        return mode.name().toLowerCase(Locale.ROOT) + " XDP, " + (zeroCopy() ? "zero-copy" : "copy mode") + ", "
                + workers() + ", "
                + (xdp.socketsPer() == SocketsPer.FLOW ? "a socket for each flow" : "a socket for each queue") + ", "
                + rings()
                + longPackets()
                + steering()
                + BusyPoll.words(xdp.busyPollBudget(), queues.stream().allMatch(QueueReceiver::hasNapi))
                + program.fallbackReason().map(reason -> "; not native: " + reason).orElse("");
    }

    private String workers() {
        String numbers = NumberList.text(settings.xdp().queues());
        return (queues.size() == 1
                        ? "queue " + numbers
                        : "queues " + numbers + " by " + queues.size() + " " + settings.xdp().workers())
                + settings.xdp().placement().words();
    }

    private String rings() {
        String fillRing = Figures.count(settings.xdp().fillRing());
        return settings.xdp().fillRing() == settings.xdp().rxRing()
                ? "rings of " + fillRing
                : "fill ring " + fillRing + ", RX ring " + Figures.count(settings.xdp().rxRing());
    }

    private String longPackets() {
        return settings.xdp().multiBuffer()
                ? ", packets of up to " + Figures.count(settings.xdp().longestPacket()) + " bytes in frames of "
                        + Figures.count(settings.xdp().frameSize())
                : "";
    }

    private String steering() {
        int rules = steering.rules().size();
        return (rules == 0 ? "" : ", " + Figures.count(rules) + " flows steered by the network card")
                + steering.refusal().map(reason -> "; the network card does not steer: " + reason).orElse("");
    }

    private boolean zeroCopy() {
        return queues.stream().allMatch(queue -> queue.socket(0).zeroCopy());
    }

    @Override
    public RunStatus.XdpStatus status() throws IOException {
        return new RunStatus.XdpStatus(
                mode.name().toLowerCase(Locale.ROOT),
                settings.xdp().attachment().name().toLowerCase(Locale.ROOT),
                program.programId(),
                settings.xdp().workers().toString(),
                queues.stream().map(QueueReceiver::status).toList(),
                orNull(standby == null ? OptionalLong.empty() : standby.pid()),
                orNull(guard.pid()),
                steering.rules().stream()
                        .map(rule -> new RunStatus.RuleStatus(
                                rule.flow().toString(), rule.queue(), rule.location()))
                        .toList());
    }

    private static Long orNull(OptionalLong pid) {
        return pid.isPresent() ? pid.getAsLong() : null;
    }

    @Override
    public Map<Flow, RtpStatistics> snapshots() {
        return flows.snapshots();
    }

    @Override
    public boolean isSplit(Flow flow) {
        return flows.isSplit(flow);
    }

    @Override
    public LedgerSnapshot ledger() throws IOException {
        return flows.ledger();
    }

    @Override
    public List<QueueSample> sample() throws IOException {
        return flows.sample(latencies);
    }

    @Override
    public FlowLatencies latencies() {
        return latencies;
    }

    @Override
    public Optional<String> failure() {
        return queues.stream().map(QueueReceiver::failure).flatMap(Optional::stream).findFirst();
    }

    @Override
    public List<String> news() {
        return queues.stream().flatMap(queue -> queue.news().stream()).toList();
    }

    @Override
    public FlowChange change(WantedFlows wanted) {
        if (wanted.flows().size() > capacity) {
            throw new BadInput(Figures.count(wanted.flows().size()) + " flows are more than the "
                    + Figures.count(capacity) + " that there is room for since the start: start again with these");
        }
        List<Flow> before = flows.flows();
        List<Flow> added = new ArrayList<>();
        List<Flow> removed = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (Flow flow : before) {
            if (!wanted.keeps(flow, settings.wanted())) {
                attempt(() -> flows.remove(flow), "flow " + flow + " was removed, but", failures);
                removed.add(flow);
            }
        }
        for (Flow flow : wanted.flows()) {
            boolean isNew = !before.contains(flow) || removed.contains(flow);
            RtpClocks clocks = wanted.clocks(flow);
            if (isNew && attempt(() -> flows.add(flow, clocks), "flow " + flow + " was not added:", failures)) {
                added.add(flow);
            }
        }
        settings = settings.with(wanted);
        return new FlowChange(added, removed, failures);
    }

    @FunctionalInterface
    private interface Step {
        void take() throws IOException;
    }

    private static boolean attempt(Step step, String otherwise, List<String> failures) {
        try {
            step.take();
            return true;
        } catch (IOException e) {
            failures.add(otherwise + " " + e.getMessage());
            return false;
        }
    }

    @Override
    public Received finish(Optional<String> mishap) throws IOException {
        List<String> failures = new ArrayList<>();
        attempt(this::detach, "the XDP program is still attached:", failures);
        double seconds = (System.nanoTime() - startNs) / 1e9;
        for (QueueReceiver queue : queues) {
            attempt(queue::drain, "queue " + queue.queue() + " could not be drained:", failures);
        }
        List<QueueSample> lastQueues = sample();
        LedgerSnapshot closing = flows.ledger();
        List<ReceiveReport.FlowReport> flowReports = new ArrayList<>();
        Map<Flow, RtpStatistics> snapshots = flows.snapshots();
        for (var ledger : closing.flows()) {
            Flow flow = ledger.flow();
            flowReports.add(ReceiveReport.FlowReport.of(
                    ledger,
                    closing.advice(),
                    settings,
                    snapshots.get(flow),
                    flows.isSplit(flow),
                    latencies.total(flow),
                    flows.kernelCounters(flow)));
        }
        List<QueueReport> queueReports = new ArrayList<>();
        for (QueueReceiver queue : queues) {
            queueReports.add(queue.report());
        }
        ReceiveReport.XdpReport xdp = ReceiveReport.XdpReport.of(
                mode, program.fallbackReason().orElse(null), settings.xdp(), queueReports, program.counters());
        return new Received(
                ReceiveReport.ofXdp(
                        settings, seconds, flowReports, flows.removed(), closing, queueReports, xdp, latencies),
                closing,
                lastQueues,
                mishap.or(() -> failures.stream().findFirst()));
    }

    private void detach() throws IOException {
        program.detach();
        if (dispatched != null) {
            guard.release(dispatched);
            dispatched = null;
        }
    }

    /**
     * Receivers, memberships, program: a packet never finds less than it needs. What fails keeps none of the others
     * from being closed.
     *
     * @throws IOException the first failure
     */
    @Override
    public void close() throws IOException {
        List<AutoCloseable> all = new ArrayList<>(queues);
        Collections.addAll(all, standby, busyPoll, steering, flows);
        all.add(() -> {
            if (dispatched != null) {
                detach();
            }
        });
        Collections.addAll(all, program, guard);
        IOException first = null;
        for (AutoCloseable each : all) {
            try {
                if (each != null) {
                    each.close();
                }
            } catch (Exception e) {
                IOException failure = e instanceof IOException known ? known : new IOException(e);
                first = first == null ? failure : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
