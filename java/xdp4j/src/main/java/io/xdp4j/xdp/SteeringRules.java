// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.FlowKey;
import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.NtupleNative;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Flows that the network card itself puts on RX queues, so that all packets of one arrive on the queue that its AF_XDP
 * socket serves: the rules of {@code ethtool -N} (ntuple filters), where the driver has them.
 *
 * <p>A rule belongs to the interface and outlives this process unless {@link #close} removes it: {@link #remove(String,
 * Rule)} is for the process that cleans up behind one that was killed. Rules of others are never changed or removed.
 *
 * <p>Threads: any thread may call anything; calls wait for each other.
 */
public final class SteeringRules implements AutoCloseable {
    private static final int ENOENT = 2;
    private static final int EOPNOTSUPP = 95;

    private final String interfaceName;
    private final Map<Flow, Rule> rules = new LinkedHashMap<>(); // ours

    private SteeringRules(String interfaceName) {
        this.interfaceName = interfaceName;
    }

    /**
     * A rule in the network card.
     *
     * @param flow whose packets it is for
     * @param queue that they are put on, from 0
     * @param location in the card's table, by which {@code ethtool -n} names the rule
     */
    public record Rule(Flow flow, int queue, int location) {}

    /**
     * {@return whether the driver has such rules, be they switched on or not} Needs no privilege.
     *
     * @param interfaceName for example {@code eth1}
     * @throws KernelException ENODEV
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static boolean supported(String interfaceName) throws KernelException {
        return reasonAgainst(interfaceName) == null;
    }

    /** Null where there are rules. */
    private static String reasonAgainst(String interfaceName) throws KernelException {
        NativeLibrary.require();
        String[] reason = new String[1];
        NtupleNative.supported(Objects.requireNonNull(interfaceName, "interfaceName"), reason);
        return reason[0];
    }

    /**
     * Opens the interface's rules; adds none yet.
     *
     * @param interfaceName for example {@code eth1}
     * @return the rules, of which {@link #close()} removes those that were added through it
     * @throws KernelException EOPNOTSUPP (the driver has no such rules), ENODEV
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static SteeringRules open(String interfaceName) throws KernelException {
        String reason = reasonAgainst(interfaceName);
        if (reason != null) {
            throw new KernelException(EOPNOTSUPP, reason);
        }
        return new SteeringRules(interfaceName);
    }

    /**
     * Has the card put a flow on a queue from now on. A flow that names its source goes before one on the same group
     * and port that takes any, where the card heeds an order.
     *
     * @param flow group, port and source
     * @param queue from 0
     * @return the rule that was added; empty when there is one already that puts the flow on this queue
     * @throws KernelException EBUSY (a rule puts the flow elsewhere), EINVAL (no such queue, or the card cannot match
     *     this), ENOSPC (its table is full), EOPNOTSUPP (switched off: the message says how to switch it on), EPERM
     *     (needs CAP_NET_ADMIN)
     */
    public synchronized Optional<Rule> steer(Flow flow, int queue) throws KernelException {
        int location = NtupleNative.add(interfaceName, FlowKey.of(flow), queue);
        if (location == NtupleNative.THERE_ALREADY) {
            return Optional.empty();
        }
        Rule added = new Rule(flow, queue, location);
        rules.put(flow, added);
        return Optional.of(added);
    }

    /**
     * Removes the rule that {@link #steer} added for a flow, if it is there still. Does nothing when it added none.
     *
     * @param flow group, port and source
     * @throws KernelException when the kernel refused
     */
    public synchronized void remove(Flow flow) throws KernelException {
        Rule rule = rules.get(flow);
        if (rule != null) {
            remove(interfaceName, rule);
            rules.remove(flow);
        }
    }

    /** {@return what {@link #steer} added and nothing removed since, in that order} */
    public synchronized List<Rule> rules() {
        return List.copyOf(rules.values());
    }

    /**
     * Removes what another process added, if the rule at its location is still the same.
     *
     * @param interfaceName where it was added
     * @param rule as the other process had it from {@link #steer}
     * @return whether it was there
     * @throws KernelException EPERM (needs CAP_NET_ADMIN), ENODEV, EOPNOTSUPP
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static boolean remove(String interfaceName, Rule rule) throws KernelException {
        NativeLibrary.require();
        int result = NtupleNative.remove(
                Objects.requireNonNull(interfaceName, "interfaceName"),
                rule.location(),
                FlowKey.of(rule.flow()),
                rule.queue());
        if (result < 0 && result != -ENOENT) {
            throw new KernelException(
                    -result, "removing rule " + rule.location() + " of " + interfaceName + ": errno " + -result);
        }
        return result == 0;
    }

    /**
     * Removes all that {@link #steer} added. The second time it does nothing, or tries again what failed.
     *
     * @throws KernelException the first failure, after all have been tried
     */
    @Override
    public synchronized void close() throws KernelException {
        KernelException first = null;
        for (Rule rule : rules()) {
            try {
                remove(rule.flow());
            } catch (KernelException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
