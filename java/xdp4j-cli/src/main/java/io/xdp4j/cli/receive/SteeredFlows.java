// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.record.Recording;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.ledger.LossLedger;
import io.xdp4j.ledger.SteeredFlow;
import io.xdp4j.ledger.WatchedFlow;
import io.xdp4j.ledger.WatchedSocket;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpClocks;
import io.xdp4j.rtp.RtpReadings;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.udp.Membership;
import io.xdp4j.xdp.FlowCounters;
import io.xdp4j.xdp.XdpProgram;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The flows of an XDP program: which queues receive them, what counts them, the groups that were joined for them, and
 * their ledger. They may come and go while others are received.
 *
 * <p>Threads: any; calls wait for each other.
 */
final class SteeredFlows implements AutoCloseable {
    private final String interfaceName;
    private final XdpProgram program;
    private final List<? extends QueueReceiver> queues;
    private final HardwareSteering steering;
    private final Optional<Recording> recording;
    private final Map<Flow, Member> members = new LinkedHashMap<>();
    private final Map<Flow, FlowLedger> removed = new LinkedHashMap<>();
    private LossLedger ledger;

    private record Member(int id, WatchedFlow watched, Membership joined) {}

    SteeredFlows(
            String interfaceName,
            XdpProgram program,
            List<? extends QueueReceiver> queues,
            HardwareSteering steering,
            Optional<Recording> recording) {
        this.interfaceName = interfaceName;
        this.program = program;
        this.queues = queues;
        this.steering = steering;
        this.recording = recording;
    }

    /** The first flows, to which nothing can come yet, for the program is not attached. */
    synchronized void open(WantedFlows wanted) throws IOException {
        List<SteeredFlow> steered = new ArrayList<>();
        for (Flow flow : wanted.flows()) {
            steered.add(prepare(flow, wanted.clocks(flow)));
        }
        for (QueueReceiver queue : queues) {
            queue.receive();
        }
        ledger = LossLedger.open(interfaceName, program, steered);
        for (SteeredFlow flow : steered) {
            admit(flow);
        }
    }

    private SteeredFlow prepare(Flow flow, RtpClocks clocks) throws IOException {
        int id = program.prepare(flow);
        recording.ifPresent(wanted -> wanted.name(id, flow));
        try {
            List<RtpReadings> rtp = new ArrayList<>();
            List<WatchedSocket> sockets = new ArrayList<>();
            for (QueueReceiver queue : queues) {
                rtp.add(queue.expect(id, flow.toString(), clocks));
                sockets.add(queue.socket(id));
                queue.redirect(program, id);
            }
            return new SteeredFlow(id, new WatchedFlow(flow, rtp), sockets);
        } catch (IOException | RuntimeException e) {
            takeBack(id);
            throw e;
        }
    }

    private void takeBack(int id) throws IOException {
        program.remove(id);
        forget(id);
    }

    private void forget(int id) throws IOException {
        for (QueueReceiver queue : queues) {
            queue.forget(id);
        }
    }

    private void admit(SteeredFlow flow) throws IOException {
        Membership joined = Membership.join(interfaceName, flow.flow().flow());
        try {
            program.admit(flow.id());
            steering.assign(flow.flow().flow());
        } catch (IOException | RuntimeException e) {
            joined.close();
            throw e;
        }
        members.put(flow.flow().flow(), new Member(flow.id(), flow.flow(), joined));
    }

    /**
     * Adds a flow; from when it returns every packet of it is received, and in the ledger. If it throws, none is.
     *
     * @param clocks of its payload types
     */
    synchronized void add(Flow flow, RtpClocks clocks) throws IOException {
        SteeredFlow steered = prepare(flow, clocks);
        try {
            ledger.add(steered);
        } catch (IOException | RuntimeException e) {
            takeBack(steered.id());
            throw e;
        }
        try {
            admit(steered);
        } catch (IOException | RuntimeException e) {
            program.remove(steered.id());
            ledger.remove(steered.id());
            forget(steered.id());
            throw e;
        }
    }

    /** Ends a flow when the receivers have taken what is on its way; also when the card would not drop its rule. */
    synchronized void remove(Flow flow) throws IOException {
        Member member = members.get(flow);
        try {
            steering.release(flow);
        } finally {
            program.remove(member.id());
            members.remove(flow);
            removed.merge(flow, ledger.remove(member.id()), FlowLedger::plus);
            forget(member.id());
            member.joined().close();
        }
    }

    /** In the order of adding. */
    synchronized List<Flow> flows() {
        return List.copyOf(members.keySet());
    }

    /** What has been counted of each flow. */
    synchronized Map<Flow, RtpStatistics> snapshots() {
        Map<Flow, RtpStatistics> snapshots = new LinkedHashMap<>();
        members.forEach((flow, member) -> snapshots.put(flow, member.watched().snapshot()));
        return snapshots;
    }

    /** Takes what the queues have recorded since the last call. */
    synchronized List<QueueSample> sample(FlowLatencies latencies) throws IOException {
        Map<Integer, Flow> byId = new HashMap<>();
        members.forEach((flow, member) -> byId.put(member.id(), flow));
        latencies.begin();
        List<QueueSample> samples = new ArrayList<>();
        for (QueueReceiver queue : queues) {
            samples.add(queue.sample((id, latencyNs) -> {
                if (byId.containsKey(id)) {
                    latencies.add(byId.get(id), queue.queue(), latencyNs);
                }
            }));
        }
        return samples;
    }

    /** Whether no receiver of a flow has seen its whole sequence. */
    synchronized boolean isSplit(Flow flow) {
        return members.get(flow).watched().isSplit();
    }

    synchronized FlowCounters kernelCounters(Flow flow) throws IOException {
        return program.counters(members.get(flow).id());
    }

    synchronized LedgerSnapshot ledger() throws IOException {
        return ledger.snapshot();
    }

    /** What became of the flows that were removed; a flow that came several times has one account. */
    synchronized List<FlowLedger> removed() {
        return List.copyOf(removed.values());
    }

    @Override
    public synchronized void close() {
        for (Member member : members.values()) {
            member.joined().close();
        }
        if (ledger != null) {
            ledger.close();
        }
    }
}
