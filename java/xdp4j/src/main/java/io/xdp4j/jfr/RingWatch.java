// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * Has each new high of an RX ring recorded ({@code io.xdp4j.Ring}) for as long as this is open. The ring's receiver
 * does nothing for it.
 *
 * <p>Threads: any; the level is asked by the Flight Recorder's thread, once a second, and at the end by the one that
 * closes.
 */
public final class RingWatch implements AutoCloseable {
    private static final Set<RingWatch> OPEN = ConcurrentHashMap.newKeySet();

    private final String interfaceName;
    private final int queue;
    private final int room;
    private final IntSupplier fullest;
    private int recorded;

    private RingWatch(String interfaceName, int queue, int room, IntSupplier fullest) {
        this.interfaceName = interfaceName;
        this.queue = queue;
        this.room = room;
        this.fullest = fullest;
    }

    /**
     * Begins to watch.
     *
     * @param interfaceName for example {@code eth1}
     * @param queue from 0
     * @param room how many packets the ring holds
     * @param fullest how many it held at the most, up to the moment that it is asked; not asked once this is closed
     * @return the watch, which lasts until it is closed
     */
    public static RingWatch open(String interfaceName, int queue, int room, IntSupplier fullest) {
        RingWatch watch = new RingWatch(interfaceName, queue, room, fullest);
        OPEN.add(watch);
        return watch;
    }

    /** Asks all that are open. */
    static void lookAtAll() {
        OPEN.forEach(RingWatch::look);
    }

    /** Another recording is to have what there is. */
    static void beginAnew() {
        OPEN.forEach(RingWatch::forget);
    }

    private synchronized void look() {
        if (!OPEN.contains(this)) {
            return; // closed while others were asked
        }
        int level = fullest.getAsInt();
        if (level > recorded) {
            recorded = level;
            JfrEvents.ring(interfaceName, queue, level, room);
        }
    }

    private synchronized void forget() {
        recorded = 0;
    }

    /** Looks a last time. The second time does nothing. */
    @Override
    public synchronized void close() {
        if (JfrEvents.recordsRings()) {
            look();
        }
        OPEN.remove(this);
    }
}
