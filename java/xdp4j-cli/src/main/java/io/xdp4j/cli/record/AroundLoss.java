// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.rtp.RtpHeader;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The packets around gaps in a flow's RTP sequence: so many before and as many behind each. The packet behind the gap
 * has a comment that says what is missing and why.
 *
 * <p>Gaps are found as {@code receive} counts losses, by {@link RtpFlow}; a gap that stragglers fill before its cause
 * is known was none. What was only not recorded is no gap.
 *
 * <p>Memory is bounded: for the last packets of all flows, and for those that wait for the cause of a gap.
 *
 * <p>Threads: one; {@link FlowNames} come from others.
 */
final class AroundLoss implements Selection {
    private static final int FIRST_HISTORY_BYTES = 1 << 12;
    private static final int SEQUENCE_MASK = 0xffff;

    private final int around;
    private final FlowNames names;
    private final HeldPackets held;
    private final int historyBytesMost; // of all flows
    private final LongSupplier clock;
    private int historyBytes;
    private OfFlow[] flows = {}; // by flow id
    private LedgerLook latest = LedgerLook.NOTHING;
    private long seen;
    private long shortened;
    private final LongConsumer crowdedOut = packets -> shortened += packets;
    private long givenUp;

    private static final class OfFlow {
        final FlowGaps gaps;
        final RtpFlow rtp = RtpFlow.ofCopies();
        final PacketQueue history = new PacketQueue(FIRST_HISTORY_BYTES);
        long packets; // so far
        long keptUpTo; // the number of the last one that is held or written
        int toKeep; // of those that come next
        int highest; // sequence number, of the SSRC that the last packet has
        int ssrc;
        GapWindow window; // the last one; null before there was any

        OfFlow(Flow flow) {
            gaps = new FlowGaps(flow);
        }
    }

    /**
     * @param around packets before and behind a gap
     * @param memoryBytes for both kinds of packets that it keeps, half of it each
     * @param clock {@link System#nanoTime()}
     */
    AroundLoss(int around, RecordFile file, FlowNames names, int memoryBytes, LongSupplier clock) {
        this.around = around;
        this.names = names;
        this.held = new HeldPackets(file, memoryBytes / 2);
        this.historyBytesMost = memoryBytes / 2;
        this.clock = clock;
    }

    @Override
    public void add(RingReader packet) {
        ByteBuffer memory = packet.memory();
        int at = packet.at();
        OfFlow flow = flow(RecordedPacket.flow(memory, at));
        flow.packets++;
        Gap gap = count(flow, memory, at, packet.arrivalNs());
        if (gap != null) {
            keepHistory(flow);
            flow.toKeep = around;
        }
        if (flow.toKeep > 0) {
            flow.toKeep--;
            flow.keptUpTo = flow.packets;
            held.add(memory, at, packet.recordBytes(), packet.index(), flow.window, gap);
        }
        remember(flow, packet);
        seen++;
    }

    private OfFlow flow(int id) {
        if (id >= flows.length) {
            flows = Arrays.copyOf(flows, Math.max(id + 1, 2 * flows.length));
        }
        Flow named = names.of(id);
        if (flows[id] == null || flows[id].gaps.flow() != named) { // the first packet, or the id is another flow's now
            historyBytes += FIRST_HISTORY_BYTES - (flows[id] == null ? 0 : flows[id].history.room());
            flows[id] = new OfFlow(named);
        }
        return flows[id];
    }

    /** The gap in front of the packet; null if there is none. */
    private Gap count(OfFlow flow, ByteBuffer memory, int at, long arrivalNs) {
        int payload = RecordedPacket.payloadStart(memory, at);
        int bytes = RecordedPacket.payloadBytes(memory, at);
        long before = flow.rtp.lost();
        flow.rtp.onPacket(memory, payload, bytes, arrivalNs);
        int numbers = (int) (flow.rtp.lost() - before);
        int missing = numbers - RecordedPacket.missed(memory, at);
        Gap gap = null;
        if (RtpHeader.isRtp(memory, payload, bytes)) {
            int sequence = RtpHeader.sequence(memory, payload);
            boolean isAhead = isAhead(flow, sequence, RtpHeader.ssrc(memory, payload));
            if (missing > 0) {
                int first = isAhead ? sequence - numbers : sequence + 1;
                gap = flow.gaps.open(window(flow), first & SEQUENCE_MASK, numbers, missing, clock.getAsLong());
            } else if (numbers < 0) {
                heal(flow, sequence);
            }
        }
        flow.gaps.arrived(arrivalNs, latest);
        return gap;
    }

    /** Not so is one that was sent before the first that came: what it shows to be missing is behind it. */
    private static boolean isAhead(OfFlow flow, int sequence, int ssrc) {
        boolean isAhead = ssrc != flow.ssrc || flow.packets == 1 || (short) (sequence - flow.highest) > 0;
        if (isAhead) {
            flow.highest = sequence;
            flow.ssrc = ssrc;
        }
        return isAhead;
    }

    /** That of the gap before, if the packets around the two meet. */
    private GapWindow window(OfFlow flow) {
        boolean meet = flow.window != null && !flow.window.isCancelled()
                && flow.packets - around <= flow.keptUpTo + 1;
        if (!meet) {
            flow.window = new GapWindow(flow.keptUpTo, crowdedOut);
        }
        return flow.window;
    }

    private static void heal(OfFlow flow, int sequence) {
        Gap gap = flow.gaps.heal(sequence);
        if (gap != null && gap.window().heal() && gap.window() == flow.window) {
            flow.toKeep = 0;
            flow.keptUpTo = flow.window.keptBefore; // for the next gap they are as if they had not been kept
        }
    }

    /** The packets before the one at hand, as far as they are not kept yet. */
    private void keepHistory(OfFlow flow) {
        PacketQueue history = flow.history;
        long number = flow.packets - history.size();
        flow.window.addTooFew(
                Math.max(number - 1 - Math.max(flow.keptUpTo, flow.packets - 1 - around), 0));
        int entry = history.size() > 0 ? history.first() : 0;
        for (int left = history.size(); left > 0; left--, number++) {
            if (number > flow.keptUpTo) {
                held.add(
                        history.memory(), history.recordAt(entry), history.recordBytes(entry),
                        history.interfaceIndex(entry), flow.window, null);
            }
            entry = left > 1 ? history.next(entry) : entry;
        }
        flow.keptUpTo = Math.max(flow.keptUpTo, flow.packets - 1);
    }

    /** Should there be another gap soon. */
    private void remember(OfFlow flow, RingReader packet) {
        PacketQueue history = flow.history;
        if (history.size() == around) {
            history.removeFirst();
        }
        while (!history.add(packet.memory(), packet.at(), packet.recordBytes(), packet.index())) {
            if (historyBytes + history.room() <= historyBytesMost) {
                historyBytes += history.room();
                history.grow();
            } else if (history.size() > 0) {
                history.removeFirst();
            } else {
                return;
            }
        }
    }

    @Override
    public void look(LedgerLook look) {
        latest = look;
        for (OfFlow flow : flows) {
            if (flow != null) {
                flow.gaps.look(look);
            }
        }
    }

    @Override
    public void release() {
        held.release();
    }

    @Override
    public void finish() {
        held.finish();
    }

    @Override
    public long crowdedOut() {
        return held.crowdedOut() + shortened + givenUp;
    }

    /**
     * After a failure, in whatever state that has left it: nothing more goes into the file, and all memory is free. A
     * packet whose adding has failed is as if it had not come.
     */
    void giveUp() {
        flows = new OfFlow[0];
        givenUp = Math.min(held.giveUp(), leftOut());
    }

    /** Packets that were not near a gap, when there will be no more. */
    long leftOut() {
        return seen - held.written() - crowdedOut();
    }

    /** Gaps whose packets were given to the file. */
    long gaps() {
        return held.gapsWritten();
    }
}
