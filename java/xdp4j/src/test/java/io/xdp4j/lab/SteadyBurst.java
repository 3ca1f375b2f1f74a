// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.source.RtpSource;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Sends as fast as the other end of the cable takes packets, and no faster: the ring between the ends never overruns,
 * whatever else the machine does.
 */
public final class SteadyBurst {
    private static final int STEP = 64; // a quarter of the ring
    private static final long WITHIN_NS = TimeUnit.SECONDS.toNanos(20);

    private SteadyBurst() {}

    /**
     * On return the receiving end's NAPI has taken every packet, and a program in native mode has run on all of them.
     *
     * <p>With a {@link CpuPin} more is certain: each packet is in its socket's ring or buffer, or dropped. The kernel
     * polls on the sender's CPU, and lets no thread run there before that poll has ended.
     *
     * @param turns as {@link RtpSource#send(int)} counts them
     * @return packets sent
     */
    public static long send(RtpSource source, int turns) throws IOException {
        long before = sent(source);
        long polledBefore = LinkCounters.of(VethPair.RX).rxPackets();
        for (int left = turns; left > 0; ) {
            int taken = source.send(Math.min(left, STEP));
            if (taken == 0) {
                throw new IllegalStateException("the source is done, " + left + " turns before the end");
            }
            left -= taken;
            awaitPolled(polledBefore + sent(source) - before);
        }
        return sent(source) - before;
    }

    private static long sent(RtpSource source) {
        long sent = 0;
        for (int flow = 0; flow < source.flows().size(); flow++) {
            sent += source.counters(flow).sent();
        }
        return sent;
    }

    /** Waits until the receiving end has taken so many in all, by {@link LinkCounters#rxPackets}. */
    public static void awaitPolled(long packets) throws IOException {
        long deadline = System.nanoTime() + WITHIN_NS;
        while (LinkCounters.of(VethPair.RX).rxPackets() < packets) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException(
                        VethPair.RX + ": " + LinkCounters.of(VethPair.RX) + ", and not " + packets + " packets");
            }
            Thread.yield();
        }
    }
}
