// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.packet.PacketBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Hand-made RTP packets (RFC 3550, 5.1), from a UDP socket's batch into a ring and out of it. */
final class Wire {
    static final int SSRC = 0xCAFE;
    static final int RTP_BYTES = 12;

    private static final int MOST = 64;
    private static final int SLOT_BYTES = 65_536;

    // Of all wires: what is in a batch goes into a ring at once.
    private static final ByteBuffer AREA = ByteBuffer.allocateDirect(MOST * SLOT_BYTES);
    private static final PacketBatch BATCH =
            new PacketBatch(AREA, ByteBuffer.allocateDirect(MOST * PacketBatch.DESCRIPTOR_BYTES));

    private final RingMemory ring;
    final RingWriter writer;
    final RingReader reader;
    int payloadBytes = 100;
    long nowNs = 1_000_000;

    /**
     * @param index of the receiver
     * @param room of the ring
     */
    Wire(int index, int flows, int room) {
        ring = new RingMemory(ByteBuffer.allocateDirect(RingMemory.bytes(flows, room)), flows);
        writer = new RingWriter(ring);
        reader = new RingReader(index, ring);
    }

    ByteBuffer memory() {
        return ring.memory();
    }

    /** A batch of one flow's packets, a microsecond after each other; its first bytes tell the sequence number. */
    PacketBatch batch(int flow, int... sequences) {
        for (int i = 0; i < sequences.length; i++) {
            int packet = i * SLOT_BYTES + 64;
            int length = RTP_BYTES + payloadBytes;
            AREA.putShort(packet, (short) 0x8060); // version 2, payload type 96
            AREA.putShort(packet + 2, (short) sequences[i]);
            AREA.putInt(packet + 4, 90 * sequences[i]);
            AREA.putInt(packet + 8, SSRC + flow);
            AREA.put(packet + length - 1, (byte) sequences[i]);
            nowNs += 1_000;
            BATCH.describe(i, packet, length, flow, 0, length, nowNs);
        }
        BATCH.size(sequences.length);
        return BATCH;
    }

    /** Into the ring. */
    Wire send(int flow, int... sequences) {
        writer.add(batch(flow, sequences));
        return this;
    }

    /** The sequence number of the packet that the reader has. */
    int sequence() {
        return Short.toUnsignedInt(
                Short.reverseBytes(reader.memory().getShort(RecordedPacket.start(reader.at()) + 2)));
    }

    /** Takes all that is there; their sequence numbers. */
    List<Integer> take() {
        List<Integer> taken = new ArrayList<>();
        while (reader.hasPacket()) {
            taken.add(sequence());
            reader.take();
        }
        return taken;
    }
}
