// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.Flow;
import io.xdp4j.udp.SocketSource;
import io.xdp4j.xdp.Umem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reckons what would have saved the packets that a flow lost. */
final class Adviser {
    /**
     * What a packet is charged to a socket's buffer, at most, in the drivers in common use: a page and its struct
     * sk_buff. SO_RCVBUF is half of what the kernel allows (socket(7)).
     */
    private static final int CHARGE_BYTES = 4_096 + 256;

    private static final int DESCRIPTOR_BYTES = 16;
    private static final int LARGEST_FRAME = 4_096;
    private static final Advice.Settings NONE = Advice.Settings.NONE;

    private static final String AS_DEEP_AS_CAN_BE =
            "No ring can be deeper: the receiver must not be away for so long. Let it spin on a CPU of its own,"
                    + " or share the flows out among more queues.";

    /** What a receiver loses that does not come any more. */
    private static final Set<Cause> OF_A_FAILED_RECEIVER =
            EnumSet.of(Cause.APPLICATION, Cause.FILL_RING_EMPTY, Cause.RX_RING_FULL, Cause.SOCKET_BUFFER);

    private static final String MEND_THE_HANDLER =
            "Mend what failed; a handler must not throw. These packets are what came until the receiver was closed.";

    private final Flow flow;
    private final FlowLedger ledger;
    private final FlowSetup setup;
    private final Supplier<String> driverCounters;
    private final String driverRemedy;
    private final Supplier<String> stackCounters;

    Adviser(FlowLedger ledger, FlowSetup setup, HostCounters host) {
        this(ledger, setup, host::driverCounters, host.driverRemedy(), host::stackCounters);
    }

    /**
     * @param driverCounters of the interface, those that have risen and by how much; may be empty
     * @param driverRemedy what its driver can be told; may be empty
     * @param stackCounters of the network stack, like the driver's
     */
    Adviser(
            FlowLedger ledger,
            FlowSetup setup,
            Supplier<String> driverCounters,
            String driverRemedy,
            Supplier<String> stackCounters) {
        this.flow = ledger.flow();
        this.ledger = ledger;
        this.setup = setup;
        this.driverCounters = driverCounters;
        this.driverRemedy = driverRemedy;
        this.stackCounters = stackCounters;
    }

    /** On each cause that the flow lost packets to, in the order of the causes. */
    List<Advice> advice() {
        List<Advice> advice = new ArrayList<>();
        ledger.causes().forEach((cause, packets) -> advice.add(on(cause, packets)));
        return advice;
    }

    /** What the queue or socket of the flow had to bridge. */
    static Demand demand(FlowSetup setup) {
        return new Demand(setup.queuePps(), setup.longestAbsenceNs(), setup.framesPerPacket());
    }

    private Advice on(Cause cause, long packets) {
        if (setup.failure().isPresent() && OF_A_FAILED_RECEIVER.contains(cause)) {
            return advice(
                    cause, packets, "The handler ended the receiver: " + setup.failure().get() + ".", MEND_THE_HANDLER,
                    NONE);
        }
        return switch (cause) {
            case FILL_RING_EMPTY -> fillRing(packets);
            case RX_RING_FULL -> rxRing(packets);
            case SOCKET_BUFFER -> socketBuffer(packets);
            case NO_SOCKET_ON_QUEUE -> queue(packets);
            case TOO_LARGE -> frameSize(packets);
            case NO_METADATA -> advice(
                    cause, packets, cause.happened(), cause.change(),
                    new Advice.Settings(null, null, null, null, null, true, false));
            case NIC -> advice(
                    cause, packets, with(cause.happened(), driverCounters.get()), cause.change() + driverRemedy, NONE);
            case STACK -> advice(cause, packets, with(cause.happened(), stackCounters.get()), cause.change(), NONE);
            default -> advice(cause, packets, cause.happened(), cause.change(), NONE);
        };
    }

    private Advice advice(Cause cause, long packets, String finding, String change, Advice.Settings settings) {
        return new Advice(flow, cause, packets, finding, change, settings);
    }

    private static String with(String sentence, String counters) {
        return counters.isEmpty() ? sentence : sentence + " Its counters: " + counters + ".";
    }

    private Advice fillRing(long packets) {
        return ring(
                Cause.FILL_RING_EMPTY,
                packets,
                demand(setup),
                "A fill ring",
                setup.fillRing(),
                "an RX ring",
                setup.rxRing());
    }

    private Advice rxRing(long packets) {
        return ring(
                Cause.RX_RING_FULL,
                packets,
                new Demand(setup.socketPps(), setup.longestAbsenceNs(), setup.framesPerPacket()),
                "An RX ring",
                setup.rxRing(),
                "a fill ring",
                setup.fillRing());
    }

    /** @param other the ring that is full or empty next, unless it becomes as deep */
    private Advice ring(
            Cause cause, long packets, Demand demand, String ring, int depth, String other, int otherDepth) {
        String finding = held(ring + " of " + count(depth), depth, demand);
        if (tooSlow(demand, depth)) {
            return advice(cause, packets, finding, keepUp(), spin());
        }
        int deeper = demand.ring(Umem.DEFAULT_RING);
        if (deeper <= depth) {
            return advice(cause, packets, finding, AS_DEEP_AS_CAN_BE, spin());
        }
        boolean both = otherDepth < deeper;
        boolean fill = both || cause == Cause.FILL_RING_EMPTY;
        boolean rx = both || cause == Cause.RX_RING_FULL;
        return advice(
                cause,
                packets,
                finding,
                String.format(
                        Locale.ROOT,
                        "At least %s descriptors (rate times absence%s). %s of %s would last for %s, and cost %s of"
                                + " memory.",
                        count(demand.descriptors()),
                        demand.framesPerPacket() == 1 ? "" : ", " + demand.framesPerPacket() + " frames a packet",
                        both ? ring + " and " + other : ring,
                        count(deeper),
                        milliseconds(demand.lastsNs(deeper)),
                        mebibytes((long) deeper * ((fill ? setup.frameSize() : 0) + (rx ? DESCRIPTOR_BYTES : 0)))),
                new Advice.Settings(fill ? deeper : null, rx ? deeper : null, null, null, null, false, false));
    }

    private Advice socketBuffer(long packets) {
        Demand demand = demand(setup);
        long capacity = 2 * setup.receiveBufferBytes() / CHARGE_BYTES;
        String finding = held(
                "A receive buffer of " + count(setup.receiveBufferBytes()) + " bytes, " + count(capacity)
                        + " packets or more,",
                capacity,
                demand);
        long atLeast = demand.packets() * CHARGE_BYTES / 2;
        long wanted = Math.max(Demand.MARGIN * atLeast, SocketSource.DEFAULT_RECEIVE_BUFFER_BYTES);
        int bytes = (int) Math.min(Long.highestOneBit(wanted - 1) << 1, 1 << 30);
        if (tooSlow(demand, capacity) || bytes <= setup.receiveBufferBytes()) {
            return advice(
                    Cause.SOCKET_BUFFER,
                    packets,
                    finding,
                    "A larger buffer does not help a receiver that does not keep up: use AF_XDP, or a socket that takes"
                            + " many packets a call, or share the flows out among more CPUs.",
                    NONE);
        }
        return advice(
                Cause.SOCKET_BUFFER,
                packets,
                finding,
                String.format(
                        Locale.ROOT,
                        "At least %s bytes (rate times absence, at a page for each packet). A buffer of %s would last"
                                + " for %s or more. For a DatagramChannel, and without CAP_NET_ADMIN: sysctl -w"
                                + " net.core.rmem_max=%d as well.",
                        count(atLeast),
                        mebibytes(bytes),
                        milliseconds(demand.lastsNs(2L * bytes / CHARGE_BYTES)),
                        bytes),
                new Advice.Settings(null, null, null, null, bytes, false, false));
    }

    private Advice queue(long packets) {
        long[] strays = setup.strays();
        List<Integer> queues = IntStream.range(0, strays.length)
                .filter(queue -> strays[queue] > 0)
                .boxed()
                .toList();
        String sockets = setup.queues().isEmpty()
                ? "The flow has no socket"
                : setup.queues().size() == 1
                        ? "The flow's socket is on queue " + setup.queues().get(0)
                        : "The flow's sockets are on queues " + list(setup.queues());
        String arrived = queues.isEmpty()
                ? "on queues beyond those of the program."
                : setup.queues().containsAll(queues)
                        ? "while there was no receiver: "
                        : "elsewhere: ";
        String counts = queues.stream()
                .map(queue -> count(strays[queue]) + " on queue " + queue)
                .collect(Collectors.joining(", "));
        return advice(
                Cause.NO_SOCKET_ON_QUEUE,
                packets,
                sockets + ", and packets arrived " + arrived + (queues.isEmpty() ? "" : counts + "."),
                change(queues),
                queues.isEmpty() || setup.queues().containsAll(queues)
                        ? NONE
                        : new Advice.Settings(null, null, null, queues, null, false, false));
    }

    private String change(List<Integer> strayed) {
        if (!strayed.isEmpty() && setup.queues().containsAll(strayed)) {
            return "Find out why the receiver was not there: it had ended, or had not begun.";
        }
        if (ledger.delivered() == 0 && strayed.size() == 1) {
            return "The flow arrives on queue " + strayed.get(0) + " alone: open its socket there.";
        }
        return "Open a socket on each of these queues, or steer the flow to one: ethtool -N, or ethtool -X.";
    }

    private static String list(List<Integer> queues) {
        return queues.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private Advice frameSize(long packets) {
        long needed = setup.largestRefusedBytes() + Umem.HEADROOM;
        boolean severalFrames = setup.longestPacket() > setup.frameSize() - Umem.HEADROOM;
        String finding = String.format(
                Locale.ROOT,
                "%s holds a packet of %s; the longest that came has %s.",
                severalFrames
                        ? "The UMEM's room for long packets"
                        : "A frame of " + count(setup.frameSize()) + " bytes",
                count(setup.longestPacket()),
                count(setup.largestRefusedBytes()));
        if (severalFrames || needed > LARGEST_FRAME) {
            return advice(
                    Cause.TOO_LARGE,
                    packets,
                    finding,
                    "Open the UMEM for packets of that length (UmemOptions.longestPacket; the command line goes by"
                            + " the interface's MTU), or lower the MTU at the sender to "
                            + count(Math.max(setup.longestPacket(), LARGEST_FRAME - Umem.HEADROOM) - 22) + ".",
                    NONE);
        }
        return advice(
                Cause.TOO_LARGE,
                packets,
                finding,
                "Frames of " + count(LARGEST_FRAME) + " bytes hold it. They cost "
                        + mebibytes((long) setup.fillRing() * LARGEST_FRAME) + " for the fill ring there is.",
                new Advice.Settings(null, null, LARGEST_FRAME, null, null, false, false));
    }

    /** The depth would have done, with a margin: so it is not the depth. */
    private static boolean tooSlow(Demand demand, long capacity) {
        return Demand.MARGIN * demand.descriptors() <= capacity;
    }

    private static Advice.Settings spin() {
        return new Advice.Settings(null, null, null, null, null, false, true);
    }

    private static String keepUp() {
        return "The depth would have been enough for that absence: the receiver does not keep up. Let it spin"
                + " on a CPU of its own, make its handler cheaper, or share the flows out among more queues.";
    }

    private static String held(String what, long packets, Demand demand) {
        return String.format(
                Locale.ROOT,
                "%s holds %s of %s packets a second; the receiver was away for %s at the longest, in which %s arrive.",
                what,
                milliseconds(demand.lastsNs(packets)),
                count(Math.round(demand.pps())),
                milliseconds(demand.absenceNs()),
                count(demand.packets()));
    }

    private static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String milliseconds(double nanoseconds) {
        return String.format(Locale.ROOT, "%,.1f ms", nanoseconds / 1e6);
    }

    private static String mebibytes(long bytes) {
        return bytes < 1 << 20
                ? count(Math.max(bytes >> 10, 1)) + " KiB"
                : count(bytes >> 20) + " MiB";
    }
}
