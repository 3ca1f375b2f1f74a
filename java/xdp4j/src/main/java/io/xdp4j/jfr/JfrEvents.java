// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jfr;

/**
 * What a recording of the JDK's Flight Recorder can have of this library. All are off unless a recording asks for them
 * by name: {@code io.xdp4j.Gap}, {@code io.xdp4j.Loss}, {@code io.xdp4j.Mode}, {@code io.xdp4j.Ring}.
 *
 * <p>The library commits gaps, its own modes and the highs of its sockets' rings itself; the rest is for who builds a
 * receiver on it, so that what he notices is on the same time line.
 *
 * <p>Where no recording asks, each of these methods looks at a flag or two and allocates nothing; where a runtime image
 * was made without the module {@code jdk.jfr} as well.
 *
 * <p>Threads: any.
 */
public final class JfrEvents {
    private static volatile boolean begun; // until then the classes of the events are not even loaded

    static {
        if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
            EventTypes.registerWhenRecorderBegins();
        }
    }

    private JfrEvents() {}

    /** To be called where it does no harm when that takes some milliseconds: before the first event. */
    public static void prepare() {
        // the class is initialized now
    }

    static void recorderHasBegun() {
        begun = true;
    }

    /**
     * A packet came ahead of its turn.
     *
     * @param flow its name; may be null
     * @param ssrc its 32 bits
     * @param expected sequence number of the first packet that is missing, 0 to 65,535
     * @param sequence that of the packet that came
     * @param missing packets between
     */
    public static void gap(String flow, int ssrc, int expected, int sequence, int missing) {
        if (!begun || !GapEvent.isRecorded()) {
            return;
        }
        try {
            GapEvent event = new GapEvent();
            event.flow = flow;
            event.ssrc = Integer.toUnsignedLong(ssrc);
            event.expected = expected;
            event.sequence = sequence;
            event.missing = missing;
            event.commit();
        } catch (OutOfMemoryError e) {
            // The packet is to be counted to the end all the same.
        }
    }

    /** {@return whether {@link #loss} has any effect} */
    public static boolean recordsLosses() {
        return begun && LossEvent.isRecorded();
    }

    /**
     * The ledger has charged packets to a cause.
     *
     * @param flow its name
     * @param cause its name
     * @param packets since the previous time; below 0 when some were taken back
     */
    public static void loss(String flow, String cause, long packets) {
        if (!recordsLosses()) {
            return;
        }
        LossEvent event = new LossEvent();
        event.flow = flow;
        event.cause = cause;
        event.packets = packets;
        event.commit();
    }

    /** {@return whether {@link #mode} has any effect: for who would have to ask the kernel first} */
    public static boolean recordsModes() {
        return begun && ModeEvent.isRecorded();
    }

    /**
     * Something works in another way from now on.
     *
     * @param what for example {@code XDP program on eth1}
     * @param asked what was asked for, for example {@code auto}
     * @param inForce what is in force
     * @param reason why, if there is more to say; may be null
     */
    public static void mode(String what, String asked, String inForce, String reason) {
        if (!recordsModes()) {
            return;
        }
        ModeEvent event = new ModeEvent();
        event.what = what;
        event.asked = asked;
        event.inForce = inForce;
        event.reason = reason;
        event.commit();
    }

    /** {@return whether {@link #ring} has any effect} */
    public static boolean recordsRings() {
        return begun && RingEvent.isRecorded();
    }

    /**
     * An RX ring was fuller than before. For a ring of this process a {@link RingWatch} says so.
     *
     * @param interfaceName for example {@code eth1}
     * @param queue from 0
     * @param level packets in it
     * @param room how many it holds
     */
    public static void ring(String interfaceName, int queue, int level, int room) {
        if (!recordsRings()) {
            return;
        }
        RingEvent event = new RingEvent();
        event.interfaceName = interfaceName;
        event.queue = queue;
        event.level = level;
        event.room = room;
        event.commit();
    }
}
