// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.udp;

import io.xdp4j.packet.PacketBatch;
import java.nio.ByteBuffer;

/**
 * The memory of a socket source: one slot for each packet of a batch, and the descriptors.
 *
 * <pre>
 *   | headroom (64), metadata at its end | packet: the MTU and at least one byte more |   a multiple of 64
 * </pre>
 *
 * @param mtuBytes what fits, so that a byte more tells of a packet cut short
 */
record Slots(ByteBuffer area, ByteBuffer descriptors, int slotBytes, int mtuBytes) {
    /** A cache line, so that no two slots share one. */
    static final int HEADROOM_BYTES = 64;

    static Slots allocate(int mtu, int batchSize) {
        if (batchSize < 1) {
            throw new IllegalArgumentException("batch of " + batchSize + ": use 1 or more");
        }
        int slot = HEADROOM_BYTES + (mtu / HEADROOM_BYTES + 1) * HEADROOM_BYTES;
        return new Slots(
                ByteBuffer.allocateDirect(Math.multiplyExact(batchSize, slot)),
                ByteBuffer.allocateDirect(batchSize * PacketBatch.DESCRIPTOR_BYTES),
                slot,
                mtu);
    }
}
