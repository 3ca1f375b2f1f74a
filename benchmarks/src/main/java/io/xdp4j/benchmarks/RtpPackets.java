// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import io.xdp4j.jni.XskNative;
import io.xdp4j.packet.PacketBatch;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * RTP packets as an AF_XDP socket brings them, metadata in front and frame by frame, received through {@link
 * XskNative#receive}. Each packet's sequence number follows the one before it of its flow, forever.
 */
@State(Scope.Thread)
public class RtpPackets extends FilledRings {
    /** Packets of a batch. */
    static final int BATCH = 64;

    static final int PAYLOAD_TYPE = 96;

    private static final long PACKET_NS = 2_000_000;
    private static final int PACKET_TICKS = 180; // of 90 kHz

    /**
     * Descriptors of the rings, all of whose frames are in use in turn: the question's 2,048, and what a program gets
     * that asks for nothing ({@link io.xdp4j.xdp.Umem#DEFAULT_RING}), with frames of 64 MiB, more than the caches hold.
     */
    @Param({"2048", "32768"})
    public int depth;

    /** Flows that the packets belong to, in turn. */
    @Param({"1", "8", "64"})
    public int flows;

    private long xsk;
    private PacketBatch batch;
    private int[] sequence;

    @Setup(Level.Trial)
    public void open() {
        rings = new Rings(depth, BATCH);
        xsk = rings.xsk();
        batch = new PacketBatch(rings.area(), rings.descriptors());
        sequence = new int[flows];
        writePackets();
    }

    /** All but the sequence numbers. */
    private void writePackets() {
        ByteBuffer elsewhere = ByteBuffer.allocateDirect(depth * PacketBatch.DESCRIPTOR_BYTES);
        PacketBatch packets = new PacketBatch(rings.area(), elsewhere);
        ByteBuffer data = packets.data();
        for (int i = 0; i < depth; i++) {
            int packet = Rings.packetOffset(i);
            int payload = packet + Rings.PAYLOAD_OFFSET;
            int bytes = Rings.PAYLOAD_OFFSET + Rings.PAYLOAD_BYTES;
            packets.describe(
                    i, packet, bytes, i % flows, Rings.PAYLOAD_OFFSET, Rings.PAYLOAD_BYTES, i * PACKET_NS);
            data.put(payload, (byte) 0x80);
            data.put(payload + 1, (byte) PAYLOAD_TYPE);
            data.putInt(payload + 4, i * PACKET_TICKS);
            data.putInt(payload + 8, i % flows); // the SSRC
        }
    }

    /** The next 64 packets; writing their sequence numbers is the benchmark's own work, not a receiver's. */
    PacketBatch receive() {
        batch.size(XskNative.receive(xsk));
        for (int i = 0; i < batch.size(); i++) {
            batch.data().putShort(batch.payloadOffset(i) + 2, (short) sequence[batch.flow(i)]++);
        }
        return batch;
    }
}
