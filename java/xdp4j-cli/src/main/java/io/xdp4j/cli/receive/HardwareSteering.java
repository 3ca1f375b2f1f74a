// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.guard.Guard;
import io.xdp4j.cli.guard.Undo;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.SteeringRules;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Spreads flows over the queues that are received from, by rules in the network card, where its driver has them. Where
 * not, packets come to whichever queue the card or the sender chose, and are received there: each queue takes all
 * flows.
 *
 * <p>Threads: one at a time.
 */
final class HardwareSteering implements AutoCloseable {
    private static final int ENODEV = 19;

    private final String interfaceName;
    private final List<Integer> queues;
    private final Guard guard;
    private final SteeringRules rules; // null where there are none, or nothing to choose
    private final Map<Flow, Undo> undos = new HashMap<>();
    private String refusal; // the latest
    private int next;

    private HardwareSteering(String interfaceName, List<Integer> queues, Guard guard, SteeringRules rules) {
        this.interfaceName = interfaceName;
        this.queues = queues;
        this.guard = guard;
        this.rules = rules;
    }

    /** @param queues that are received from */
    static HardwareSteering open(NetDevice device, List<Integer> queues, Guard guard) throws IOException {
        boolean choice = device.rxQueues() > 1 && SteeringRules.supported(device.name());
        if (choice) {
            guard.getReady(); // a rule is protected the moment it is there
        }
        return new HardwareSteering(
                device.name(), queues, guard, choice ? SteeringRules.open(device.name()) : null);
    }

    /** Puts a flow on the next of the queues in turn. A card that refuses loses nothing: see the class. */
    void assign(Flow flow) throws IOException {
        if (rules == null) {
            return;
        }
        int queue = queues.get(next++ % queues.size());
        Optional<SteeringRules.Rule> added;
        try {
            added = rules.steer(flow, queue);
        } catch (KernelException e) {
            refusal = e.getMessage();
            return;
        }
        if (added.isEmpty()) {
            return;
        }
        Undo undo = Undo.of(interfaceName, added.get());
        undos.put(flow, undo);
        guard.protect(undo);
    }

    void release(Flow flow) throws IOException {
        Undo undo = undos.remove(flow);
        if (undo == null) {
            return;
        }
        try {
            rules.remove(flow);
        } catch (KernelException e) {
            if (e.errno() != ENODEV) { // it has taken its rules with it
                throw e;
            }
        }
        guard.release(undo);
    }

    /** In force now. */
    List<SteeringRules.Rule> rules() {
        return rules == null ? List.of() : rules.rules();
    }

    /** Why the card did not take the latest rule that it refused. */
    Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    @Override
    public void close() throws IOException {
        for (Flow flow : List.copyOf(undos.keySet())) {
            release(flow);
        }
    }
}
