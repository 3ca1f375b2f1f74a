// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.record.RecordedHandler;
import io.xdp4j.packet.PacketBatch;
import io.xdp4j.packet.PacketHandler;
import io.xdp4j.rtp.RtpFlow;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * Lets the JIT compile the path of a packet before the first real one comes: interpreted code takes microseconds a
 * packet, and at 520,000 packets a second a ring of 32,768 lasts for 63 ms.
 */
public final class WarmUp {
    /** Packets of a batch. */
    public static final int BATCH = 64;

    private static final int ROUNDS = 3_000;
    private static final int SLOT_BYTES = 256;
    private static final int PAYLOAD_OFFSET = 42; // Ethernet, IPv4, UDP
    private static final int PAYLOAD_BYTES = 172;

    private WarmUp() {}

    /**
     * Begins beside what else there is to do before the first packet, which is to wait for it.
     *
     * @param recorded whether packets will be
     */
    static CompletableFuture<Void> begin(boolean recorded) {
        return CompletableFuture.runAsync(() -> run(recorded));
    }

    private static void run(boolean recorded) {
        FlowMeter meter = new FlowMeter();
        meter.expect(0, new RtpFlow());
        run(recorded ? RecordedHandler.toWarmUp(meter) : meter);
    }

    /** @param handler which expects packets of flow 0 */
    public static void run(PacketHandler handler) {
        ByteBuffer area = ByteBuffer.allocateDirect(BATCH * SLOT_BYTES);
        PacketBatch batch =
                new PacketBatch(area, ByteBuffer.allocateDirect(BATCH * PacketBatch.DESCRIPTOR_BYTES));
        int sequence = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < BATCH; i++) {
                int packet = i * SLOT_BYTES + PacketBatch.META_BYTES;
                area.putShort(packet + PAYLOAD_OFFSET, (short) 0x8060); // version 2, payload type 96
                area.putShort(packet + PAYLOAD_OFFSET + 2, (short) sequence++);
                int length = PAYLOAD_OFFSET + PAYLOAD_BYTES;
                batch.describe(i, packet, length, 0, PAYLOAD_OFFSET, PAYLOAD_BYTES, System.nanoTime());
            }
            batch.size(BATCH);
            handler.onBatch(batch);
        }
    }
}
