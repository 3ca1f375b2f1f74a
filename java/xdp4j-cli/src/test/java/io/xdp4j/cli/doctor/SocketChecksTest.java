// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static io.xdp4j.cli.doctor.HandMadeHost.verdict;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketChecksTest {
    private static final String RMEM_MAX = "/proc/sys/net/core/rmem_max";
    private static final String NO_RULES = "{\"nftables\": [{\"metainfo\": {\"json_schema_version\": 1}}]}";
    private static final String MEND_IPTABLES = "iptables-legacy -I INPUT -d 224.0.0.0/4 -i eth1 -j ACCEPT";

    @TempDir
    private Path root;

    private HandMadeHost host;
    private final Map<String, ToolOutput> tools = new HashMap<>();

    @BeforeEach
    void make() throws IOException {
        host = new HandMadeHost(root).with(RMEM_MAX, "67108864\n");
        tools.put("nft", new ToolOutput(0, NO_RULES));
    }

    private Finding finding(Check check) {
        return host.finding(
                check,
                new SocketChecks(host.host(), Optional.of("eth1"), command -> tools.get(command[0]))::addTo);
    }

    @Test
    void theReceiveBuffer() throws IOException {
        assertEquals(List.of("ok"), verdict(finding(Check.RECEIVE_BUFFER)));
        host.with(RMEM_MAX, "212992\n");
        assertEquals(
                List.of("warning", "sysctl -w net.core.rmem_max=67108864"), verdict(finding(Check.RECEIVE_BUFFER)));
    }

    @Test
    void theReceiveBufferInANetworkNamespace(@TempDir Path other) throws IOException {
        host.with(RMEM_MAX, "212992\n");
        Path file = root.resolve(RMEM_MAX.substring(1));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        assertEquals(
                List.of("warning", "nsenter --net=/proc/1/ns/net sysctl -w net.core.rmem_max=67108864"),
                verdict(finding(Check.RECEIVE_BUFFER)));
        host = new HandMadeHost(other); // as before Linux 6.10
        assertEquals(
                List.of("unknown", "nsenter --net=/proc/1/ns/net sysctl net.core.rmem_max"),
                verdict(finding(Check.RECEIVE_BUFFER)));
    }

    @Test
    void noFirewall() {
        assertEquals(List.of("ok"), verdict(finding(Check.FIREWALL)));
        host.config = "# CONFIG_NETFILTER is not set";
        tools.clear();
        assertEquals(List.of("ok"), verdict(finding(Check.FIREWALL)));
    }

    @Test
    void withoutTheTool() {
        tools.put("nft", ToolOutput.of("no-such-program-anywhere"));
        Finding unknown = finding(Check.FIREWALL);
        assertEquals(List.of("unknown", "apt-get install nftables"), verdict(unknown));
        assertEquals("no-such-program-anywhere is not installed", unknown.found());
    }

    @Test
    void withoutTheRight() {
        host.isRoot = false;
        tools.put("nft", new ToolOutput(1, "Operation not permitted (you must be root)\nmore"));
        Finding unknown = finding(Check.FIREWALL);
        assertEquals(List.of("unknown", HandMadeHost.AGAIN), verdict(unknown));
        assertEquals("Operation not permitted (you must be root)", unknown.found());
    }

    /** A module that nobody has loaded has no rules, and needs no tool to say so. */
    @Test
    void nftablesAsAModule() throws IOException {
        tools.clear();
        host.config = "CONFIG_NETFILTER=y\nCONFIG_NF_TABLES=m";
        host.with("/proc/modules", "nf_conntrack 200704 1 nf_nat, Live 0x0000000000000000\n");
        assertEquals(List.of("ok"), verdict(finding(Check.FIREWALL)));
        host.with("/proc/modules", "nf_tables 372736 0 - Live 0x0000000000000000\n");
        tools.put("nft", ToolOutput.of("no-such-program-anywhere"));
        assertEquals(Verdict.UNKNOWN, finding(Check.FIREWALL).verdict());
    }

    @Test
    void iptablesAsItWas() throws IOException {
        host.with("/proc/net/ip_tables_names", "nat\nfilter\n");
        tools.put("iptables-legacy", new ToolOutput(0, "-P INPUT DROP\n-A INPUT -i lo -j ACCEPT"));
        assertEquals(List.of("warning", MEND_IPTABLES), verdict(finding(Check.FIREWALL)));
        tools.put("nft", ToolOutput.of("no-such-program-anywhere"));
        assertEquals(List.of("warning", MEND_IPTABLES), verdict(finding(Check.FIREWALL)));
        tools.put("iptables-legacy", ToolOutput.of("no-such-program-anywhere"));
        assertEquals(List.of("unknown", "apt-get install iptables"), verdict(finding(Check.FIREWALL)));
        tools.put("iptables-legacy", new ToolOutput(0, "-P INPUT ACCEPT"));
        host.with("/proc/net/ip6_tables_names", "filter\n");
        tools.put("ip6tables-legacy", new ToolOutput(0, "-P INPUT DROP"));
        assertEquals(
                List.of("warning", "ip6tables-legacy -I INPUT -d ff00::/8 -i eth1 -j ACCEPT"),
                verdict(finding(Check.FIREWALL)));
        host.with("/proc/net/ip6_tables_names", "");
        host.with("/proc/net/ip_tables_names", "nat\n"); // no table that could drop
        tools.put("nft", new ToolOutput(0, NO_RULES));
        assertEquals(List.of("ok"), verdict(finding(Check.FIREWALL)));
    }
}
