// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.packet.PacketBatch;
import java.nio.ByteBuffer;

/** Batches of hand-made RTP packets (RFC 3550, 5.1) whose sequence numbers rise in each flow. */
final class Packets {
    private static final int SLOT_BYTES = 256;
    private static final int PAYLOAD_OFFSET = 42; // Ethernet, IPv4, UDP
    private static final int PAYLOAD_BYTES = 172;

    private final ByteBuffer area;
    private final PacketBatch batch;
    private final int[] sequence = new int[64]; // by flow

    /** @param most packets of a batch */
    Packets(int most) {
        area = ByteBuffer.allocateDirect(most * SLOT_BYTES);
        batch = new PacketBatch(area, ByteBuffer.allocateDirect(most * PacketBatch.DESCRIPTOR_BYTES));
    }

    /** @param flows that of each packet */
    PacketBatch of(int... flows) {
        for (int i = 0; i < flows.length; i++) {
            int packet = i * SLOT_BYTES + PacketBatch.META_BYTES;
            area.putShort(packet + PAYLOAD_OFFSET, (short) 0x8060); // version 2, payload type 96
            area.putShort(packet + PAYLOAD_OFFSET + 2, (short) sequence[flows[i]]++);
            area.putInt(packet + PAYLOAD_OFFSET + 8, 1 + flows[i]); // SSRC
            batch.describe(i, packet, PAYLOAD_OFFSET + PAYLOAD_BYTES, flows[i], PAYLOAD_OFFSET, PAYLOAD_BYTES, 1);
        }
        batch.size(flows.length);
        return batch;
    }
}
