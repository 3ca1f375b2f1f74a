// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.record;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import java.nio.ByteBuffer;

/**
 * Hands each batch to a receiver's handler, and then copies it for the recording: what is in the file has been counted.
 *
 * <p>Threads: the receiver's.
 */
public final class RecordedHandler implements PacketHandler {
    private static final int WARM_UP_ROOM = 1 << 20;

    private final PacketHandler handler;
    private final RingWriter writer;

    /** @param handler which a receiver without a recording would have */
    public RecordedHandler(PacketHandler handler, RingWriter writer) {
        this.handler = handler;
        this.writer = writer;
    }

    /**
     * One that does the same and records nothing, for the JIT to compile all this before the first packet comes.
     *
     * @param handler which expects packets of flow 0
     */
    public static PacketHandler toWarmUp(PacketHandler handler) {
        RingMemory ring = new RingMemory(ByteBuffer.allocateDirect(RingMemory.bytes(1, WARM_UP_ROOM)), 1);
        RingReader reader = new RingReader(0, ring);
        PacketHandler recorded = new RecordedHandler(handler, new RingWriter(ring));
        return batch -> {
            recorded.onBatch(batch);
            while (reader.hasPacket()) {
                reader.take();
            }
        };
    }

    @Override
    public void onBatch(PacketBatch batch) {
        handler.onBatch(batch);
        writer.add(batch);
    }
}
