// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;

/**
 * A cable for integration tests: packets sent on {@value #TX} arrive on {@value #RX}, both in the throw-away network
 * namespace that the tests run in.
 *
 * <p>Both ends being in one namespace, the receiving end sees packets from an address of its own host, which IPv4 drops
 * as martian unless {@code accept_local} is on; so it is on.
 *
 * <p>Java decides once, early, whether there is IPv6: {@code lo} must be up before it starts.
 */
public final class VethPair implements AutoCloseable {
    /** The receiving end. */
    public static final String RX = "rx0";

    /** The sending end. */
    public static final String TX = "tx0";

    public static final String RX_IPV4 = "10.99.0.1";
    public static final String TX_IPV4 = "10.99.0.2";
    public static final String RX_IPV6 = "fd99::1";
    public static final String TX_IPV6 = "fd99::2";

    private static final String THROW_AWAY = "XDP4J_THROWAWAY_NETNS";
    private static final int RUNNING_WITHIN_MS = 5_000;
    private static final Path ROUTES = Path.of("/proc/net/ipv6_route");

    private VethPair() {}

    /**
     * Makes the pair, up and running, with its addresses and NAPI on the receiving end. Skips the test, with the
     * reason, outside a throw-away network namespace.
     *
     * @param queues RX and TX queues of either end
     */
    public static VethPair create(int queues) throws IOException {
        assumeTrue(
                "yes".equals(System.getenv(THROW_AWAY)),
                "needs a network namespace of its own, with lo up: unshare --net --mount, and " + THROW_AWAY + "=yes");
        String count = Integer.toString(queues);
        run("ip", "link", "add", RX, "numrxqueues", count, "numtxqueues", count, "type", "veth",
                "peer", "name", TX, "numrxqueues", count, "numtxqueues", count);
        VethPair pair = new VethPair();
        try {
            pair.configure();
        } catch (IOException | RuntimeException e) {
            pair.close();
            throw e;
        }
        return pair;
    }

    private void configure() throws IOException {
        // Without an XDP program a veth has NAPI, and with it a ring, only while GRO is on.
        run("ethtool", "-K", RX, "gro", "on");
        run("sysctl", "-q", "-w",
                "net.ipv4.conf.all.rp_filter=0",
                "net.ipv4.conf." + RX + ".rp_filter=0",
                "net.ipv4.conf." + RX + ".accept_local=1");
        run("ip", "addr", "add", RX_IPV4 + "/24", "dev", RX);
        run("ip", "addr", "add", TX_IPV4 + "/24", "dev", TX);
        run("ip", "addr", "add", RX_IPV6 + "/64", "dev", RX, "nodad");
        run("ip", "addr", "add", TX_IPV6 + "/64", "dev", TX, "nodad");
        run("ip", "link", "set", RX, "up");
        run("ip", "link", "set", TX, "up");
        awaitRunning(RX);
        awaitRunning(TX);
    }

    /**
     * Until the kernel knows that the link is up the device drops what is sent, and has no IPv6 route for multicast;
     * that route comes last.
     */
    private static void awaitRunning(String name) throws IOException {
        Pattern multicastRoute = Pattern.compile("^ff0+ 08 .* " + name + "$", Pattern.MULTILINE);
        for (int waitedMs = 0; !multicastRoute.matcher(Files.readString(ROUTES)).find(); waitedMs++) {
            if (waitedMs == RUNNING_WITHIN_MS) {
                throw new IOException(name + " is not running after " + RUNNING_WITHIN_MS + " ms");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Of both ends, in bytes of an IP packet. */
    public void mtu(int bytes) throws IOException {
        for (String end : List.of(RX, TX)) {
            run("ip", "link", "set", end, "mtu", Integer.toString(bytes));
        }
    }

    /** Runs a command of the test's set-up; its output is in the message when it fails. */
    public static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        // Not waitFor, which an interrupt cuts short: its output has ended, so it is ending.
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", List.of(command)) + ": " + output.strip());
        }
    }

    /** Deletes both ends, and with them addresses, memberships and XDP programs. */
    @Override
    public void close() throws IOException {
        run("ip", "link", "del", RX);
    }
}
