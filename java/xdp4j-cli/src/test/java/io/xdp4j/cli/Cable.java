// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A veth pair for integration tests, both ends in the throw-away namespace that they run in: what is sent on
 * {@value #TX} arrives on {@value #RX}. Its queue is the sender's CPU modulo the queues: {@link PinnedSender}.
 */
public final class Cable implements BeforeEachCallback, AfterEachCallback {
    public static final String RX = "rx0";
    public static final String TX = "tx0";
    public static final String TX_IPV4 = "10.99.0.2";
    public static final String TX_IPV6 = "fd99::2";

    private static final Path ROUTES = Path.of("/proc/net/ipv6_route");
    private static final int WITHIN_MS = 20_000;

    private final String count; // of queues
    private boolean plugged;

    private Cable(int queues) {
        this.count = Integer.toString(queues);
    }

    /** For {@code @RegisterExtension}: each test has one of its own. */
    public static Cable ofQueues(int queues) {
        return new Cable(queues);
    }

    /** Plugs it; skips the test, with the reason, outside a throw-away namespace. */
    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Program.assumeThrowAwayNamespace();
        plugged = true;
        plug();
    }

    /** For a test that has unplugged it. */
    public void plug() throws IOException {
        run("ip", "link", "add", RX, "numrxqueues", count, "numtxqueues", count, "type", "veth",
                "peer", "name", TX, "numrxqueues", count, "numtxqueues", count);
        run("ethtool", "-K", RX, "gro", "on"); // then it polls, and has a ring, also without an XDP program
        run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.rx0.rp_filter=0",
                "net.ipv4.conf.rx0.accept_local=1");
        run("ip", "addr", "add", "10.99.0.1/24", "dev", RX);
        run("ip", "addr", "add", TX_IPV4 + "/24", "dev", TX);
        run("ip", "addr", "add", "fd99::1/64", "dev", RX, "nodad");
        run("ip", "addr", "add", TX_IPV6 + "/64", "dev", TX, "nodad");
        run("ip", "link", "set", RX, "up");
        run("ip", "link", "set", TX, "up");
        // The route for multicast comes last: until then what is sent is dropped.
        Pattern route = Pattern.compile("^ff0+ 08 .* " + TX + "$", Pattern.MULTILINE);
        await("a route for multicast", () -> route.matcher(Files.readString(ROUTES)).find());
    }

    /** A command that has to succeed; what it wrote. */
    public static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.onExit().join().exitValue(), () -> String.join(" ", command) + ": " + output);
        return output;
    }

    /** Waits until it holds, for no longer than anything may take. */
    public static void await(String what, Program.Condition condition) throws IOException {
        for (int waitedMs = 0; !condition.holds(); waitedMs += 10) {
            if (waitedMs > WITHIN_MS) {
                throw new AssertionError(what + " did not come");
            }
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** Packets that the receiving end has taken from the wire: {@code /proc/net/dev}. */
    public static long arrived() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/net/dev"))) {
            String[] parts = line.strip().split(":\\s*", 2);
            if (parts[0].equals(RX)) {
                return Long.parseLong(parts[1].split("\\s+")[1]);
            }
        }
        throw new IOException("no " + RX + " in /proc/net/dev");
    }

    /** No XDP program is attached, and none of the groups is joined; the kernel may need a moment. */
    public static void holdsNothing(String... groups) throws IOException {
        await("an interface without an XDP program", () -> !run("ip", "link", "show", "dev", RX).contains("xdp"));
        for (String group : groups) {
            await("an end of the membership of " + group, () -> !isJoined(group));
        }
    }

    public static boolean isJoined(String group) throws IOException {
        return List.of(run("ip", "maddr", "show", "dev", RX).split("\\s+")).contains(group);
    }

    /** Unplugs it, unless the test has. */
    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        if (plugged) {
            new ProcessBuilder("ip", "link", "del", RX).start().onExit().join();
        }
    }
}
