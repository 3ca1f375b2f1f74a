// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The layouts of {@code struct xdp_desc} (linux/if_xdp.h) and {@code struct packet_meta} (bpf/flow.h), by hand. */
class PacketBatchTest {
    private final ByteBuffer area = ByteBuffer.allocateDirect(4096).order(ByteOrder.nativeOrder());
    private final ByteBuffer descriptors = ByteBuffer.allocateDirect(32).order(ByteOrder.nativeOrder());
    private final PacketBatch batch = new PacketBatch(area, descriptors);

    @Test
    void readsWhatTheKernelAndTheXdpProgramWrite() {
        descriptors.putLong(16, 2304); // struct xdp_desc: u64 addr, u32 len, u32 options
        descriptors.putInt(24, 214);
        area.putInt(2304 - 16, 7); // struct packet_meta: u32 flow, two u16 of the payload, u64 arrival_ns
        area.putShort(2304 - 12, (short) 42);
        area.putShort(2304 - 10, (short) 40_000);
        area.putLong(2304 - 8, 123_456_789_012L);
        assertEquals(2, batch.capacity());
        assertEquals(2304, batch.packetOffset(1));
        assertEquals(214, batch.packetLength(1));
        assertEquals(7, batch.flow(1));
        assertEquals(2346, batch.payloadOffset(1));
        assertEquals(40_000, batch.payloadLength(1));
        assertEquals(123_456_789_012L, batch.arrivalNs(1));
    }

    @Test
    void dataIsInNetworkOrder() {
        area.put(100, (byte) 0x12).put(101, (byte) 0x34);
        assertEquals(0x1234, batch.data().getShort(100));
    }

    @Test
    void describesAsItReads() {
        batch.describe(0, 64, 1472, 3, 28, 60_000, 5L);
        batch.size(1);
        assertEquals(1, batch.size());
        assertEquals(64, batch.packetOffset(0));
        assertEquals(1472, batch.packetLength(0));
        assertEquals(3, batch.flow(0));
        assertEquals(92, batch.payloadOffset(0));
        assertEquals(60_000, batch.payloadLength(0));
        assertEquals(5L, batch.arrivalNs(0));
    }

    @Test
    void refusesBuffersThatCCannotUse() {
        assertThrows(IllegalArgumentException.class, () -> new PacketBatch(ByteBuffer.allocate(64), descriptors));
        assertThrows(IllegalArgumentException.class, () -> new PacketBatch(area, ByteBuffer.allocate(16)));
    }
}
