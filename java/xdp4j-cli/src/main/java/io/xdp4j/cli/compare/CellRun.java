// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.JavaProgram;
import io.xdp4j.cli.lab.AnonymousLab;
import io.xdp4j.cli.lab.VethPair;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Runs one plan: fresh receivers, ready before the first packet; a sender; a pause for what is under way; then the
 * receivers end and report.
 */
final class CellRun {
    private static final int READY_WITHIN_SECONDS = 30;
    private static final int ENDED_WITHIN_MS = 20_000;

    /** A sender that falls behind its schedule is given this much longer than it was asked to send. */
    private static final int SENDER_LATE_BY_MS = 30_000;

    /** Of a JVM that ended in order on SIGTERM, and of a program that did so. */
    private static final Set<Integer> ENDED_IN_ORDER = Set.of(128 + 15, 0);

    private static final int LOOK_EVERY_MS = 200;

    /** Packets that a call brings at most: the default of both programs, and said so that it is one. */
    static final int BATCH = 64;

    /** Longer than any receiver sleeps and than any ring takes to be emptied. */
    private static final int DRAINED_WITHIN_MS = 300;

    private final AnonymousLab lab;
    private final int sizeBytes;
    private final Cpus cpus;
    private final PeerProgram peer;
    private final Progress progress;

    CellRun(AnonymousLab lab, int sizeBytes, Cpus cpus, PeerProgram peer, Progress progress) {
        this.lab = lab;
        this.sizeBytes = sizeBytes;
        this.cpus = cpus;
        this.peer = peer;
        this.progress = progress;
    }

    /**
     * When it returns or throws, no process of it is left.
     *
     * @param position which of how many it is, for people
     */
    Cell run(String position, Plan plan) throws IOException, InterruptedException, CellFailed {
        progress.start(position + ": " + plan);
        List<Child> receivers = new ArrayList<>();
        try {
            startReceivers(plan, receivers);
            for (Child receiver : receivers) {
                if (!receiver.awaitReady(READY_WITHIN_SECONDS)) {
                    throw failed(plan, "receiver", receiver);
                }
            }
            long softirqBeforeNs = SoftirqTime.ns();
            JsonNode sent = send(plan, receivers);
            Thread.sleep(DRAINED_WITHIN_MS);
            long softirqNs = SoftirqTime.ns() - softirqBeforeNs;
            return new Reports(plan, sent, end(plan, receivers), softirqNs).cell();
        } finally {
            receivers.forEach(Child::close);
        }
    }

    private void startReceivers(Plan plan, List<Child> receivers) throws IOException {
        List<List<Flow>> shares = plan.backend().isXdp()
                ? List.of(plan.flows())
                : plan.flows().stream().map(List::of).toList();
        for (List<Flow> share : shares) {
            List<String> options = whichFlows(VethPair.RX, share);
            options.addAll(plan.backend().options());
            options.addAll(List.of("--batch", Integer.toString(BATCH), "--idle", plan.idle().text()));
            receivers.add(Child.start(
                    lab.rx(),
                    cpus.receiver(receivers.size()),
                    plan.backend().isPeer() ? peer.command(options) : java("receive", options)));
        }
    }

    private JsonNode send(Plan plan, List<Child> receivers) throws IOException, InterruptedException, CellFailed {
        List<String> options = whichFlows(VethPair.TX, plan.flows());
        options.addAll(List.of(
                "--rate", Long.toString(plan.offeredPps()),
                "--seconds", Integer.toString(plan.seconds()),
                "--size", Integer.toString(sizeBytes)));
        try (Child sender = Child.start(lab.tx(), cpus.sender(), java("send", options))) {
            awaitSender(plan, sender, receivers);
            return sender.report();
        }
    }

    private static List<String> whichFlows(String interfaceName, List<Flow> flows) {
        List<String> options = new ArrayList<>(List.of("--interface", interfaceName));
        flows.forEach(flow -> options.addAll(List.of("--flow", flow.toString())));
        return options;
    }

    /** This program, with its report on standard output. */
    private static List<String> java(String command, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(options);
        arguments.addAll(List.of("--json", "-"));
        return JavaProgram.command(arguments);
    }

    private void awaitSender(Plan plan, Child sender, List<Child> receivers) throws InterruptedException, CellFailed {
        long givenMs = 1_000L * plan.seconds();
        long sentMs = 0;
        for (long waitedMs = 0; !sender.awaitEnd(LOOK_EVERY_MS); waitedMs += LOOK_EVERY_MS) {
            for (Child receiver : receivers) {
                if (!receiver.isAlive()) {
                    throw failed(plan, "receiver", receiver);
                }
            }
            if (waitedMs > givenMs + SENDER_LATE_BY_MS) {
                throw failed(plan, "sender", sender);
            }
            if (plan.saturates() && sender.hasSpoken()) { // which it does when it has sent for a second
                sentMs += LOOK_EVERY_MS;
                if (sentMs == givenMs) {
                    sender.terminate();
                }
            }
            progress.sending((givenMs - waitedMs) / 1_000);
        }
        if (plan.saturates() ? !ENDED_IN_ORDER.contains(sender.exitCode()) : sender.exitCode() != 0) {
            throw failed(plan, "sender", sender);
        }
    }

    private static List<JsonNode> end(Plan plan, List<Child> receivers)
            throws IOException, InterruptedException, CellFailed {
        receivers.forEach(Child::terminate);
        List<JsonNode> reports = new ArrayList<>();
        for (Child receiver : receivers) {
            if (!receiver.awaitEnd(ENDED_WITHIN_MS) || !ENDED_IN_ORDER.contains(receiver.exitCode())) {
                throw failed(plan, "receiver", receiver);
            }
            reports.add(receiver.report());
        }
        return reports;
    }

    private static CellFailed failed(Plan plan, String role, Child child) throws InterruptedException {
        String complaint = child.complaint();
        return new CellFailed(child.isAlive() ? 1 : child.exitCode(), plan + ": " + role + ": " + complaint);
    }
}
