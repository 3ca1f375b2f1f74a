// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.rtp.RtpFlow;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the RTP check costs a packet: sequence, loss, reordering, duplicates, jitter. Beside it the least that any check
 * must do: find the packet and read its sequence number. Packets stand in memory as an AF_XDP socket leaves them there.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(RtpFlowBenchmark.PACKETS)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class RtpFlowBenchmark {
    static final int PACKETS = 64;
    private static final int FRAME_BYTES = 2048;
    private static final int HEADROOM = 256;
    private static final int PAYLOAD_OFFSET = 42;
    private static final int PAYLOAD_BYTES = 172;
    private static final long PACKET_NS = 2_000;
    private static final int PACKET_TICKS = 180; // of 90 kHz

    /** Flows that the packets of a batch belong to, in turn. */
    @Param({"1", "8", "64"})
    public int flows;

    private final ByteBuffer area = ByteBuffer.allocateDirect(PACKETS * FRAME_BYTES);
    private final PacketBatch batch =
            new PacketBatch(area, ByteBuffer.allocateDirect(PACKETS * PacketBatch.DESCRIPTOR_BYTES));
    private RtpFlow[] rtp;
    private int[] sequence;
    private int timestamp;
    private long arrivalNs;

    @Setup(Level.Trial)
    public void makeFlows() {
        rtp = new RtpFlow[flows];
        sequence = new int[flows];
        for (int i = 0; i < flows; i++) {
            rtp[i] = new RtpFlow();
        }
        batch.size(PACKETS);
    }

    /** The next 64 packets: both benchmarks pay for it, alike. */
    private void nextBatch() {
        for (int i = 0; i < PACKETS; i++) {
            int flow = i % flows;
            int packet = i * FRAME_BYTES + HEADROOM;
            int payload = packet + PAYLOAD_OFFSET;
            batch.describe(i, packet, PAYLOAD_OFFSET + PAYLOAD_BYTES, flow, PAYLOAD_OFFSET, PAYLOAD_BYTES, arrivalNs);
            area.putInt(payload, 0x8060_0000 | (sequence[flow]++ & 0xffff));
            area.putInt(payload + 4, timestamp);
            area.putInt(payload + 8, flow);
            timestamp += PACKET_TICKS;
            arrivalNs += PACKET_NS;
        }
    }

    /** The least that a check must do. */
    @Benchmark
    public int readSequence() {
        nextBatch();
        int sum = 0;
        for (int i = 0; i < batch.size(); i++) {
            sum += batch.flow(i) + batch.data().getShort(batch.payloadOffset(i) + 2);
        }
        return sum;
    }

    /** The whole check. */
    @Benchmark
    public void rtpCheck() {
        nextBatch();
        for (int i = 0; i < batch.size(); i++) {
            rtp[batch.flow(i)].onPacket(batch, i);
        }
    }
}
