// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.source;

import io.xdp4j.jni.Errors;
import io.xdp4j.jni.FlowKey;
import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.SourceNative;
import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends RTP multicast whose losses are known: exactly so many packets of each flow, with some left out, doubled or
 * out of order on purpose. The RTP timestamp is CLOCK_MONOTONIC at 90 kHz; the payload is zeros, of dynamic type 96.
 *
 * <pre>{@code
 * try (var source = RtpSource.on("eth1").flow(Flow.parse("239.1.2.3:5004")).positions(1_000_000).open()) {
 *     var sender = new PacedSender(source, 390_000);
 *     while (sender.step()) {}
 * }
 * }</pre>
 *
 * <p>Ownership: what is loaded and opened is gone when it is closed, or when the process ends. Nothing is attached
 * to an interface of the caller's.
 *
 * <p>Threads: any; calls exclude each other, in the order they come. Packets go out in the network namespace of the
 * thread that calls.
 */
public final class RtpSource implements AutoCloseable {
    private static final int EOPNOTSUPP = 95;
    private static final int PAYLOAD_TYPE = 96; // the first dynamic one, RFC 3551 §3
    private static final int LONGS_PER_FLOW = 3;
    private static final int LONGS_PER_RANGE = 3;

    private final String name;
    private final List<SourceFlow> flows;
    private final SourceEngine engine;
    private final Optional<String> fallbackReason;
    // Fair: a thread that sends without a pause would keep those out that ask for its counters.
    private final ReentrantLock lock = new ReentrantLock(true);
    private long handle; // 0 when closed; guarded by lock

    private RtpSource(RtpSourceBuilder wanted, List<SourceFlow> flows) throws KernelException {
        this.name = "RTP source on " + wanted.interfaceName;
        this.flows = flows;
        SourceEngine used = SourceEngine.LIVE_FRAMES;
        String reason = null;
        try {
            handle = open(wanted, flows, used);
        } catch (KernelException e) {
            if (e.errno() != EOPNOTSUPP) {
                throw e;
            }
            used = SourceEngine.SENDMMSG;
            reason = e.getMessage();
            handle = open(wanted, flows, used);
        }
        this.engine = used;
        this.fallbackReason = Optional.ofNullable(reason);
    }

    /**
     * Begins to describe a source.
     *
     * @param interfaceName where the packets leave, for example {@code eth1}
     * @return a description, to be completed and opened
     */
    public static RtpSourceBuilder on(String interfaceName) {
        return new RtpSourceBuilder(interfaceName);
    }

    static RtpSource open(RtpSourceBuilder wanted) throws KernelException {
        if (wanted.flows.isEmpty() || wanted.positions == 0) {
            throw new IllegalStateException("a source needs a flow and a number of positions");
        }
        NativeLibrary.require();
        SecureRandom random = new SecureRandom(); // RFC 3550 §8: an SSRC is chosen at random
        List<SourceFlow> flows = new ArrayList<>();
        for (Flow flow : wanted.flows) {
            Flow resolved = SourceAddress.resolve(flow, wanted.interfaceName);
            flows.add(new SourceFlow(resolved, random.nextInt(), wanted.firstSequence));
        }
        return new RtpSource(wanted, List.copyOf(flows));
    }

    private static long open(RtpSourceBuilder wanted, List<SourceFlow> flows, SourceEngine engine)
            throws KernelException {
        ByteBuffer keys = ByteBuffer.allocate(flows.size() * FlowKey.BYTES);
        long[] numbers = new long[flows.size() * LONGS_PER_FLOW];
        for (int i = 0; i < flows.size(); i++) {
            keys.put(FlowKey.of(flows.get(i).flow()));
            numbers[i * LONGS_PER_FLOW] = Integer.toUnsignedLong(flows.get(i).ssrc());
            numbers[i * LONGS_PER_FLOW + 1] = flows.get(i).firstSequence();
            numbers[i * LONGS_PER_FLOW + 2] = PAYLOAD_TYPE;
        }
        return SourceNative.open(
                wanted.interfaceName,
                engine.ordinal(),
                keys.array(),
                numbers,
                wanted.sizeBytes,
                wanted.positions,
                ranges(wanted.lose, wanted.duplicate, wanted.swap));
    }

    /** As many numbers for each pattern; ranges not used have from 1 and to 0. */
    @SafeVarargs
    private static long[] ranges(List<PositionRange>... patterns) {
        long[] numbers = new long[patterns.length * PositionRange.MAX_RANGES * LONGS_PER_RANGE];
        for (int pattern = 0; pattern < patterns.length; pattern++) {
            for (int i = 0; i < PositionRange.MAX_RANGES; i++) {
                int at = (pattern * PositionRange.MAX_RANGES + i) * LONGS_PER_RANGE;
                boolean used = i < patterns[pattern].size();
                numbers[at] = used ? patterns[pattern].get(i).from() : 1;
                numbers[at + 1] = used ? patterns[pattern].get(i).to() : 0;
                numbers[at + 2] = used ? patterns[pattern].get(i).every() : 1;
            }
        }
        return numbers;
    }

    /**
     * Sends the next packets at once.
     *
     * @param turns how many at most; a position left out takes a turn, one sent twice takes two
     * @return turns taken; 0 when all positions of all flows are done
     * @throws KernelException when the kernel refused, for example ENETDOWN
     */
    public int send(int turns) throws KernelException {
        return send(turns, 0, 0, 0);
    }

    /** The same, each packet when it is due: {@code struct xdp4j_source_schedule}. */
    int send(int turns, long originNs, long turn, long ratePps) throws KernelException {
        lock.lock();
        try {
            return Errors.ioResult(SourceNative.send(requireOpen(), turns, originNs, turn, ratePps), name);
        } finally {
            lock.unlock();
        }
    }

    /**
     * {@return what was sent of one flow up to now, by its index in {@link #flows()}}
     *
     * @param flow from 0
     */
    public SourceCounters counters(int flow) {
        long[] counters = new long[5];
        lock.lock();
        try {
            SourceNative.counters(requireOpen(), Objects.checkIndex(flow, flows.size()), counters);
        } finally {
            lock.unlock();
        }
        return new SourceCounters(counters[0], counters[1], counters[2], counters[3], counters[4]);
    }

    /**
     * {@return frames that the device refused since open because the ring behind it was full: its {@code tx_dropped},
     * which counts for all its users}
     *
     * @throws KernelException ENODEV, ENETDOWN or EOPNOTSUPP when it cannot be told any more what became of the frames,
     *     since the interface is gone, down, or (a veth) takes no XDP frames any more
     */
    public long refused() throws KernelException {
        long refused;
        lock.lock();
        try {
            refused = SourceNative.refused(requireOpen());
        } finally {
            lock.unlock();
        }
        return refused < 0 ? Errors.ioResult((int) refused, name) : refused;
    }

    /** {@return the flows, in the order of their turns, with their source addresses and SSRCs} */
    public List<SourceFlow> flows() {
        return flows;
    }

    /** {@return how it sends} */
    public SourceEngine engine() {
        return engine;
    }

    /** {@return why it does not send live frames, and the remedy; empty when it does} */
    public Optional<String> fallbackReason() {
        return fallbackReason;
    }

    private long requireOpen() {
        if (handle == 0) {
            throw new IllegalStateException(name + " is closed");
        }
        return handle;
    }

    /** Closes; the second time does nothing. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (handle != 0) {
                SourceNative.close(handle);
                handle = 0;
            }
        } finally {
            lock.unlock();
        }
    }
}
