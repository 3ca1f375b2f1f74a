// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import io.xdp4j.packet.PacketBatch;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.rtp.RtpHeader;
import io.xdp4j.rtp.SequenceTracking;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What Java costs a packet, once it is received. {@link #batch} is the baseline, and in all the others: it takes the
 * packets from the ring and numbers them. What a method takes more than that is the cost of what it does.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(RtpPackets.BATCH)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 10, time = 60, timeUnit = TimeUnit.MILLISECONDS)
public class RtpPacketBenchmark {
    /** What packets are counted in, by flow id. */
    @State(Scope.Thread)
    public static class Flows {
        private SequenceTracking[] tracking;
        private RtpFlow[] rtp;

        @Setup(Level.Trial)
        public void make(RtpPackets packets) {
            tracking = new SequenceTracking[packets.flows];
            for (int i = 0; i < tracking.length; i++) {
                tracking[i] = new SequenceTracking();
                tracking[i].start(i, 0, 0, RtpPackets.PAYLOAD_TYPE, 0);
            }
            rtp = new RtpFlow[packets.flows];
            Arrays.setAll(rtp, i -> new RtpFlow());
        }
    }

    /** The baseline. */
    @Benchmark
    public int batch(RtpPackets packets) {
        return packets.receive().size();
    }

    /** The header alone: whether it is RTP, and every field that the accounting needs. */
    @Benchmark
    public int header(RtpPackets packets) {
        PacketBatch batch = packets.receive();
        ByteBuffer data = batch.data();
        int sum = 0;
        for (int i = 0; i < batch.size(); i++) {
            int offset = batch.payloadOffset(i);
            int payloadBytes = RtpHeader.payloadLength(data, offset, batch.payloadLength(i));
            if (payloadBytes != RtpHeader.NOT_RTP) {
                sum += payloadBytes
                        + RtpHeader.payloadType(data, offset)
                        + RtpHeader.sequence(data, offset)
                        + RtpHeader.timestamp(data, offset)
                        + RtpHeader.ssrc(data, offset);
            }
        }
        return sum;
    }

    /** Sequence tracking alone, of numbers read without a look at what else is in the packet. */
    @Benchmark
    public void sequence(RtpPackets packets, Flows flows) {
        PacketBatch batch = packets.receive();
        ByteBuffer data = batch.data();
        for (int i = 0; i < batch.size(); i++) {
            int offset = batch.payloadOffset(i);
            flows.tracking[batch.flow(i)].onPacket(
                    RtpHeader.sequence(data, offset),
                    RtpHeader.timestamp(data, offset),
                    RtpPackets.PAYLOAD_TYPE,
                    Rings.PAYLOAD_BYTES,
                    batch.arrivalNs(i));
        }
    }

    /** The full path from the batch to the counters of its flows, as a {@code PacketHandler} has it. */
    @Benchmark
    public void path(RtpPackets packets, Flows flows) {
        PacketBatch batch = packets.receive();
        for (int i = 0; i < batch.size(); i++) {
            flows.rtp[batch.flow(i)].onPacket(batch, i);
        }
    }
}
