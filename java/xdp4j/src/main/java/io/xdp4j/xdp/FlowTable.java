// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The flows of an {@link XdpProgram}, by id, and the socket that each has on each queue: what the maps in the kernel
 * are told.
 *
 * <p>Threads: used under the program's monitor.
 */
final class FlowTable {
    private static final int EEXIST = 17;
    private static final int EINVAL = 22;

    private final int capacity;
    private final SortedMap<Integer, Entry> flows = new TreeMap<>(); // by id
    private final Set<Integer> given = new HashSet<>(); // ids, to flows now or before
    private int lastId = -1;

    record Slot(Object socket, String interfaceName) {}

    static final class Entry {
        final int id;
        final Flow flow;
        final SortedMap<Integer, Slot> slots = new TreeMap<>(); // by queue
        boolean admitted;

        private Entry(int id, Flow flow) {
            this.id = id;
            this.flow = flow;
        }

        /**
         * Takes the place of another socket, if there was one.
         *
         * @param socket an XdpSocket or a HandedSocket
         */
        void put(int queue, Object socket, String interfaceName) {
            slots.put(queue, new Slot(socket, interfaceName));
        }

        /** Those of this process. */
        List<XdpSocket> sockets() {
            return slots.values().stream()
                    .map(Slot::socket)
                    .filter(XdpSocket.class::isInstance)
                    .map(XdpSocket.class::cast)
                    .toList();
        }

        /** On which queues they were: a socket that took such a slot meanwhile keeps it. */
        List<Integer> removeSlotsOf(Object socket) {
            List<Integer> queues = slots.entrySet().stream()
                    .filter(slot -> slot.getValue().socket() == socket)
                    .map(Map.Entry::getKey)
                    .toList();
            queues.forEach(slots::remove);
            return queues;
        }
    }

    /** @param capacity how many flows at a time */
    FlowTable(int capacity) {
        this.capacity = capacity;
    }

    /** Which id a flow would get: the longest unused, so that what still has it in hand is as old as can be. */
    int idFor(Flow flow) throws KernelException {
        if (flows.values().stream().anyMatch(other -> other.flow.equals(flow))) {
            throw new KernelException(EEXIST, "flow " + flow + " is there already");
        }
        for (int step = 1; step <= capacity; step++) {
            int id = (lastId + step) % capacity;
            if (!flows.containsKey(id)) {
                return id;
            }
        }
        throw new KernelException(
                EINVAL, "the XDP program is full: it was loaded for " + capacity + " flows; load it for more");
    }

    /** @param id that {@link #idFor} told */
    void add(int id, Flow flow) {
        lastId = id;
        given.add(id);
        flows.put(id, new Entry(id, flow));
    }

    void remove(int id) {
        flows.remove(id);
    }

    int size() {
        return flows.size();
    }

    Collection<Entry> all() {
        return flows.values();
    }

    /** @throws IllegalArgumentException when there is no such flow */
    Entry require(int id) {
        Entry entry = flows.get(id);
        if (entry == null) {
            throw new IllegalArgumentException("there is no flow " + id + ": the flows are " + flows.keySet());
        }
        return entry;
    }

    /** @throws IllegalArgumentException when a socket is on another interface than the program is to be on */
    void requireOn(String interfaceName) {
        flows.values().forEach(
                flow -> flow.slots.values().forEach(slot -> requireSame(interfaceName, slot.interfaceName())));
    }

    /** @param program null when it is attached to none */
    static void requireSame(String program, String socket) {
        if (program != null && !program.equals(socket)) {
            throw new IllegalArgumentException("the program is for " + program + " and the socket is on " + socket
                    + ": a packet is redirected within an interface only");
        }
    }

    /** Of a flow, or one that has been removed. */
    void requireGiven(int id) {
        if (!given.contains(id)) {
            throw new IllegalArgumentException("there is no flow " + id + " and has been none");
        }
    }
}
