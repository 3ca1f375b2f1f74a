// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.packet.Flow;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Ways to lose packets of {@link #FLOW} on purpose. {@code provoke} returns how many were lost, which is known at the
 * source, and not before all others have been received. No counter of losses goes into that number.
 */
public final class Fault {
    public static final Flow FLOW = Flow.parse("239.1.2.3:5004");

    private Fault() {}

    /** Packets that are nowhere behind the source's interface: by the source, which leaves them out. */
    public record SkippedAtSource(int packets) {
        public RtpSource source(long positions) throws IOException {
            return RtpSource.on(VethPair.TX)
                    .flow(FLOW)
                    .positions(positions)
                    .lose(List.of(new PositionRange(100, 99 + packets, 1)))
                    .open();
        }

        public int provoke(Reception reception, RtpSource source) throws IOException {
            long before = reception.received();
            long sent = SteadyBurst.send(source, packets + 200);
            reception.await(before + sent);
            return packets;
        }
    }

    /** A receiver held away for so long that a ring fills or the frames are used up. */
    public record HeldAway(int beyond) {
        public int provoke(XdpReception xdp, RtpSource source) throws Exception {
            long before = xdp.reception.received();
            xdp.reception.held.hold();
            try (CpuPin pin = CpuPin.to(0)) {
                SteadyBurst.send(source, xdp.capacity + beyond);
            }
            xdp.reception.held.release();
            xdp.reception.await(before + xdp.capacity);
            return beyond;
        }
    }

    /** A receiver held away for so long that the socket's buffer fills; the last {@code beyond} are lost in a row. */
    public record BufferFull(int beyond) {
        public int provoke(SocketReception socket, RtpSource source) throws Exception {
            long before = socket.reception.received();
            try (CpuPin pin = CpuPin.to(0)) {
                socket.reception.held.hold();
                int sent = fill(socket, source);
                socket.reception.held.release();
                socket.reception.held.hold(); // it has found nothing more

                // The kernel charges each packet's overhead to the buffer: how many it takes has now been tried.
                int capacity = (int) (socket.reception.received() - before);
                SteadyBurst.send(source, capacity + beyond);
                socket.reception.held.release();
                socket.reception.await(before + 2L * capacity);
                return sent - capacity + beyond;
            }
        }

        /** Sends until a packet is dropped; how many that were. */
        private static int fill(SocketReception socket, RtpSource source) throws IOException {
            long drops = socket.drops();
            int sent = 0;
            while (socket.drops() == drops) {
                sent += SteadyBurst.send(source, 1);
            }
            return sent;
        }
    }

    /** More frames in a row than the driver's ring keeps. */
    public record DriverOverrun(int burst) {
        public int provoke(Reception reception, RtpSource source) throws IOException {
            long before = reception.received();
            int kept = HeldNapi.during(() -> source.send(1), () -> source.send(burst));
            reception.await(before + 1 + kept);
            return burst - kept;
        }
    }

    /**
     * Every other packet as {@code odd} makes it, which is lost. The first and the last are sound, so that each loss is
     * a gap, and has been counted when the last has come.
     *
     * @param first sequence number
     * @param packets that are lost; at most 127, so that the ring between the ends holds all
     */
    public record EveryOther(long first, int packets, UnaryOperator<RtpFrame> odd) {
        public int provoke(Reception reception, WireFrames wire) throws IOException {
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i <= 2 * packets; i++) {
                RtpFrame frame = RtpFrame.of(FLOW).sequence(first + i);
                frames.add((i % 2 == 0 ? frame : odd.apply(frame)).bytes());
            }
            long before = reception.received();
            wire.send(frames);
            reception.await(before + packets + 1);
            return packets;
        }
    }

    /**
     * Between the packets of a sound stream as many that are no RTP.
     *
     * @param first sequence number
     * @param packets at most 128, so that the ring between the ends holds all
     */
    public record NotRtp(long first, int packets) {
        public int provoke(Reception reception, WireFrames wire) throws IOException {
            List<byte[]> frames = new ArrayList<>();
            for (int i = 0; i < packets; i++) {
                frames.add(RtpFrame.of(FLOW).sequence(first + i).bytes());
                frames.add(RtpFrame.of(FLOW).sequence(first + i).notRtp().bytes());
            }
            long before = reception.received();
            wire.send(frames);
            reception.await(before + 2L * packets);
            return packets;
        }
    }

    /** A handler that throws when it has counted so many of the packets sent. */
    public record HandlerGivesUp(int counted, int packets) {
        public int provoke(Reception reception, RtpSource source) throws Exception {
            reception.held.hold();
            reception.givesUpAfter = counted;
            SteadyBurst.send(source, packets);
            reception.held.release();
            reception.receiver.thread().join();
            return packets - counted;
        }
    }

    /**
     * Every other packet longer than the receiving end's MTU allows, which its driver drops. The sending end's MTU must
     * be larger. Unlike {@link DriverOverrun} it takes no time, and loses single packets.
     *
     * @param first sequence number
     * @param packets that are lost
     */
    public record TooLargeForTheInterface(long first, int packets) {
        private static final int SIZE_BYTES = 1519; // MTU of 1,500, Ethernet header, and a VLAN tag that may be there

        public int provoke(Reception reception, WireFrames wire) throws IOException {
            long before = reception.received();
            for (long sequence = first; sequence < first + 2L * packets; sequence += 2) {
                wire.send(RtpFrame.of(FLOW).sequence(sequence));
                wire.sendRefused(RtpFrame.of(FLOW).sequence(sequence + 1).sizeBytes(SIZE_BYTES));
            }
            reception.await(before + packets);
            return packets;
        }
    }
}
