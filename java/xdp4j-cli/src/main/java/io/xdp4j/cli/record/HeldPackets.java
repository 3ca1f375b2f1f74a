// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Packets around gaps on their way to the file: each waits until it is known that there is a gap, and the packet behind
 * a gap until its cause has settled. They leave in the order in which they came.
 *
 * <p>When there is no more room, the oldest gap's cause must do as it is.
 *
 * <p>Threads: one.
 */
final class HeldPackets {
    private static final int FIRST_BYTES = 1 << 20;
    private static final Object NO_GAP = new Object();

    private final RecordFile file;
    private PacketQueue packets;
    private final int mostBytes;
    private final Deque<GapWindow> windows = new ArrayDeque<>(); // of each packet, like the next one
    private final Deque<Object> gaps = new ArrayDeque<>(); // in front of each: a Gap, or NO_GAP
    private long gapsWritten;
    private long written;
    private long crowdedOut;

    /** @param mostBytes for them */
    HeldPackets(RecordFile file, int mostBytes) {
        this.file = file;
        this.mostBytes = mostBytes;
        this.packets = new PacketQueue(Math.min(FIRST_BYTES, mostBytes));
    }

    /** @param gap in front of the packet; null for none */
    void add(ByteBuffer memory, int at, int recordBytes, int interfaceIndex, GapWindow window, Gap gap) {
        while (!packets.add(memory, at, recordBytes, interfaceIndex)) {
            if (packets.room() <= mostBytes / 2) {
                packets.grow();
            } else if (packets.size() > 0) {
                settleFirst();
                release();
            } else {
                crowdedOut++; // longer than all there is
                return;
            }
        }
        windows.add(window);
        gaps.add(gap == null ? NO_GAP : gap);
    }

    /** Whatever the first packet waits for. */
    private void settleFirst() {
        GapWindow window = windows.element();
        for (Object each : gaps) {
            if (each instanceof Gap gap && gap.window() == window && !gap.isSettled()) {
                gap.settle(FlowGaps.NOT_KNOWN);
                return;
            }
        }
        window.confirm(); // its gap is the packet that there is no room for
    }

    /** Writes those that wait for nothing any more, up to the first one that does. */
    void release() {
        while (packets.size() > 0) {
            GapWindow window = windows.element();
            Gap gap = gaps.element() == NO_GAP ? null : (Gap) gaps.element();
            if (!window.isCancelled()) {
                if (gap == null ? !window.isConfirmed() : !gap.isSettled()) {
                    return;
                }
                write(gap);
            }
            packets.removeFirst();
            windows.remove();
            gaps.remove();
        }
    }

    /** Writes all. What no look has settled will not be settled. */
    void finish() {
        release();
        while (packets.size() > 0) {
            settleFirst();
            release();
        }
    }

    /** Forgets all; how many there were. */
    int giveUp() {
        int all = packets.size();
        packets = new PacketQueue(0);
        windows.clear();
        gaps.clear();
        return all;
    }

    private void write(Gap gap) {
        int entry = packets.first();
        byte[] comment = gap == null || file.stopped().isPresent() ? null : gap.comment();
        file.add(packets.interfaceIndex(entry), packets.memory(), packets.recordAt(entry), comment);
        gapsWritten += gap == null ? 0 : 1;
        written++;
    }

    /** Packets given to the file. */
    long written() {
        return written;
    }

    long gapsWritten() {
        return gapsWritten;
    }

    long crowdedOut() {
        return crowdedOut;
    }
}
