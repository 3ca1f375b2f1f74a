// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import io.xdp4j.packet.Flow;
import io.xdp4j.udp.NioSource;
import io.xdp4j.udp.SocketSource;
import io.xdp4j.udp.UdpSource;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a packet costs that waits in a socket's buffer. Before each call that is measured, and outside of the
 * measurement, a burst is sent through the loopback interface; the call receives all of it. The burst has just been
 * written by the same CPU and is in its caches, which favours the sockets.
 *
 * <p>Run it in a network namespace of its own (benchmarks/jmh does): another one on the same interface would send to
 * this one as well. {@code RAW} needs CAP_NET_RAW.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(SocketBenchmark.BURST)
@Fork(1)
@Warmup(iterations = 2, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 4, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class SocketBenchmark {
    /** Four batches, and not more than the receive buffer has room for that Linux gives without being asked. */
    static final int BURST = 4 * SocketSource.DEFAULT_BATCH;

    private static final String LOOPBACK = "lo";
    private static final Flow FLOW = Flow.parse("239.255.90.1:5004");
    private static final int EMPTY_CALLS_MAX = 1_000_000; // about a second

    /** How a program receives without AF_XDP. */
    public enum Way {
        /** {@code recvmsg} on a raw socket. */
        RAW,
        /** {@code recvmmsg} on a UDP socket. */
        RECVMMSG,
        /** A {@link DatagramChannel}. */
        NIO;

        private UdpSource open() throws IOException {
            return switch (this) {
                case RAW -> SocketSource.open(SocketSource.Kind.RAW, LOOPBACK, FLOW, 0);
                case RECVMMSG -> SocketSource.open(SocketSource.Kind.RECVMMSG, LOOPBACK, FLOW, 0);
                case NIO -> NioSource.open(LOOPBACK, FLOW, 0);
            };
        }
    }

    @Param
    public Way way;

    private final ByteBuffer packet = ByteBuffer.allocateDirect(Rings.PAYLOAD_BYTES);
    private DatagramChannel sender;
    private UdpSource source;
    private int sequence;

    @Setup(Level.Trial)
    public void open() throws IOException {
        source = way.open();
        sender = DatagramChannel.open(StandardProtocolFamily.INET)
                .setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName(LOOPBACK))
                .bind(new InetSocketAddress("127.0.0.1", 0))
                .connect(new InetSocketAddress(FLOW.group(), FLOW.port()));
        packet.put(0, (byte) 0x80).put(1, (byte) RtpPackets.PAYLOAD_TYPE);
    }

    @Setup(Level.Invocation)
    public void sendBurst() throws IOException {
        for (int i = 0; i < BURST; i++) {
            packet.putShort(2, (short) sequence++).rewind();
            sender.write(packet);
        }
    }

    @TearDown(Level.Trial)
    public void close() throws IOException {
        sender.close();
        source.close();
    }

    @Benchmark
    public int receive() throws IOException {
        int received = 0;
        int emptyCalls = 0;
        while (received < BURST) {
            int packets = source.receive().size();
            received += packets;
            if (packets == 0 && ++emptyCalls > EMPTY_CALLS_MAX) {
                throw new IllegalStateException(received + " packets of " + BURST + " arrived; " + source.statistics());
            }
        }
        if (received > BURST) {
            throw new IllegalStateException("somebody else sends to " + FLOW + " on " + LOOPBACK);
        }
        return received;
    }
}
