// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.schedule;

import io.xdp4j.packet.KernelException;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketSource;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/** Brings batches of one packet while it has any. */
final class Stock implements PacketSource {
    final PacketBatch batch =
            new PacketBatch(ByteBuffer.allocateDirect(64), ByteBuffer.allocateDirect(PacketBatch.DESCRIPTOR_BYTES));
    private final AtomicInteger packets;
    volatile boolean broken;

    Stock(int packets) {
        this.packets = new AtomicInteger(packets);
    }

    @Override
    public PacketBatch receive() throws KernelException {
        if (broken) {
            throw new KernelException(100, "down");
        }
        batch.size(packets.getAndUpdate(n -> Math.max(n - 1, 0)) > 0 ? 1 : 0);
        return batch;
    }

    @Override
    public void await(int timeoutMs) {}

    @Override
    public void close() {}
}
