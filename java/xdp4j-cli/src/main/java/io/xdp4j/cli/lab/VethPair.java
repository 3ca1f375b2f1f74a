// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import java.io.IOException;

/**
 * The cable of a lab: what is sent on {@value #TX} in one network namespace arrives on {@value #RX} in another.
 *
 * <p>Both ends have the same number of RX and TX queues, for a veth takes an XDP program only if its peer has no more
 * TX queues than it has RX queues. Both have GRO on: without an XDP program a veth has NAPI, which live frames of an
 * XDP program need, only while GRO is on; and backends with and without a program are to be compared alike.
 */
public final class VethPair {
    /** The sending end. */
    public static final String TX = "tx0";

    /** The receiving end. */
    public static final String RX = "rx0";

    public static final String TX_IPV4 = "10.99.0.2";
    public static final String RX_IPV4 = "10.99.0.1";
    public static final String TX_IPV6 = "fd99::2";
    public static final String RX_IPV6 = "fd99::1";

    /** As many queues as a veth can be asked for without taking up much memory. */
    static final int MOST_QUEUES = 64;

    private static final int RUNNING_WITHIN_MS = 5_000;

    private VethPair() {}

    /**
     * Makes the pair and returns when it carries packets. What it made vanishes with either namespace.
     *
     * @param queues RX and TX queues of either end
     * @throws IOException naming the command that failed
     * @throws InterruptedException when asked to stop half way
     */
    public static void lay(Namespace tx, Namespace rx, int queues) throws IOException, InterruptedException {
        String count = Integer.toString(queues);
        tx.run("ip", "link", "add", TX, "numrxqueues", count, "numtxqueues", count, "type", "veth",
                "peer", "name", RX, "numrxqueues", count, "numtxqueues", count, "netns", rx.path());
        // Of the two values the kernel takes the larger one (ip-sysctl: rp_filter).
        rx.run("sh", "-c", "cd /proc/sys/net/ipv4/conf && echo 0 >all/rp_filter && echo 0 >" + RX + "/rp_filter");
        // Before either is up: a veth that comes up looks at its peer's GRO to tell whether it transmits XDP frames.
        tx.run("ethtool", "-K", TX, "gro", "on");
        rx.run("ethtool", "-K", RX, "gro", "on");
        configure(tx, TX, TX_IPV4, TX_IPV6);
        configure(rx, RX, RX_IPV4, RX_IPV6);
        awaitRunning(tx, TX);
        awaitRunning(rx, RX);
    }

    private static void configure(Namespace namespace, String name, String ipv4, String ipv6)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        namespace.run("ip", "addr", "add", ipv4 + "/24", "dev", name);
        // Duplicate address detection would keep the address from being used for a second or two.
        namespace.run("ip", "addr", "add", ipv6 + "/64", "dev", name, "nodad");
        namespace.run("ip", "link", "set", "lo", "up");
        namespace.run("ip", "link", "set", name, "up");
    }

    /** Until the carrier is seen, the device has no queueing discipline and drops what is sent. */
    private static void awaitRunning(Namespace namespace, String name) throws IOException, InterruptedException {
        for (int waitedMs = 0; !namespace.run("ip", "link", "show", "dev", name).contains("state UP"); waitedMs += 20) {
            if (waitedMs >= RUNNING_WITHIN_MS) {
                throw new IOException(name + " is not up after " + RUNNING_WITHIN_MS + " ms");
            }
            Thread.sleep(20);
        }
    }
}
