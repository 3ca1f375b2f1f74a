// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps {@link VethPair#RX}, of one queue, from taking packets: the ring between the ends keeps a known number of
 * frames, and what comes behind them is dropped.
 *
 * <p>With {@code napi_defer_hard_irqs} a poll that brought something does not end NAPI but leaves the next poll to a
 * timer of {@code gro_flush_timeout} (Documentation/networking/napi.rst). Nothing else polls meanwhile, and nothing but
 * that timer ends the hold: the kernel has no way to let it expire early.
 *
 * <p>Ordinary sockets send through the ring only while the receiving end has an XDP program in native mode; live
 * frames always do.
 *
 * <p>Threads: one.
 */
public final class HeldNapi {
    /** VETH_RING_SIZE of the kernel's drivers/net/veth.c. */
    private static final int RING = 256;

    /**
     * Places that were emptied are free again by so many, a batch of the kernel's include/linux/ptr_ring.h: two cache
     * lines of pointers.
     */
    private static final int FREED_TOGETHER = 16;

    private static final Pattern POLLED = Pattern.compile("rx_queue_0_xdp_packets: (\\d+)");
    private static final Path DEVICE = Path.of("/sys/class/net", VethPair.RX);
    private static final Path DEFER = DEVICE.resolve("napi_defer_hard_irqs");
    private static final Path TIMEOUT = DEVICE.resolve("gro_flush_timeout");
    private static final long HOLD_NS = 500_000_000;
    private static final long WITHIN_NS = 20 * HOLD_NS;

    /** Sends packets. */
    public interface Send {
        void run() throws IOException;
    }

    private HeldNapi() {}

    /**
     * Runs {@code burst} while the receiving end is held, lets it go and waits until it has taken what the ring kept.
     *
     * <p>Nothing may be on its way before, and nobody else may send. What the ring keeps follows from how many packets
     * have gone through it since it was made, when the end came up or GRO was turned on.
     *
     * @param primer sends one packet, which arrives: the poll that takes it begins the hold
     * @param burst sends more packets than the ring keeps, at most {@value #RING}
     * @return how many packets the ring kept: the first ones of the burst
     * @throws IOException when the machine stood still for so long that the hold ended within the burst
     */
    public static int during(Send primer, Send burst) throws IOException {
        long polled = LinkCounters.of(VethPair.RX).rxPackets() + 1;
        int kept = RING - (int) ((throughRing() + 1) % FREED_TOGETHER);
        Files.writeString(TIMEOUT, Long.toString(HOLD_NS));
        Files.writeString(DEFER, "1");
        try {
            primer.run();
            await(polled);
            burst.run();
            if (LinkCounters.of(VethPair.RX).rxPackets() != polled) {
                throw new IOException(VethPair.RX + " went on within the burst");
            }
        } finally {
            Files.writeString(DEFER, "0");
            Files.writeString(TIMEOUT, "0");
        }
        await(polled + kept);
        return kept;
    }

    /** How many packets have gone through the ring; not all do, and the link's counter has the others too. */
    private static long throughRing() throws IOException {
        Process ethtool = new ProcessBuilder("ethtool", "-S", VethPair.RX).start();
        String statistics = new String(ethtool.getInputStream().readAllBytes());
        Matcher packets = POLLED.matcher(statistics);
        if (!packets.find()) {
            throw new IOException("no " + POLLED + " in the statistics of " + VethPair.RX + ": " + statistics);
        }
        return Long.parseLong(packets.group(1));
    }

    private static void await(long polled) throws IOException {
        long deadline = System.nanoTime() + WITHIN_NS;
        while (LinkCounters.of(VethPair.RX).rxPackets() < polled) {
            if (System.nanoTime() - deadline > 0) {
                throw new IOException(VethPair.RX + " has taken " + LinkCounters.of(VethPair.RX).rxPackets()
                        + " packets, not " + polled);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }
}
