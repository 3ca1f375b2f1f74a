// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import io.xdp4j.cli.Figures;
import io.xdp4j.udp.SocketSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands between a packet and an ordinary socket, but for the reverse-path filter. */
final class SocketChecks {
    private static final String RMEM_MAX = "/proc/sys/net/core/rmem_max";

    /** In others some settings of the machine are not shown, or cannot be changed. */
    private static final String FIRST_NAMESPACE = "nsenter --net=/proc/1/ns/net ";

    private static final String MODULES = "/proc/modules";

    private final Host host;
    private final Optional<String> interfaceName;
    private final Tool tool;

    /** @param interfaceName where flows are to arrive; empty: anywhere */
    SocketChecks(Host host, Optional<String> interfaceName, Tool tool) {
        this.host = host;
        this.interfaceName = interfaceName;
        this.tool = tool;
    }

    void addTo(Findings findings) {
        findings.add(Check.RECEIVE_BUFFER, this::receiveBuffer);
        findings.add(Check.FIREWALL, this::firewall);
    }

    private Finding receiveBuffer() throws IOException {
        if (!host.files().exists(RMEM_MAX)) {
            return Finding.unknown(
                    Check.RECEIVE_BUFFER,
                    "net.core.rmem_max is shown in the machine's first network namespace only",
                    "",
                    FIRST_NAMESPACE + "sysctl net.core.rmem_max");
        }
        long most = host.files().number(RMEM_MAX);
        String found = "net.core.rmem_max is " + Figures.count(most);
        int wanted = SocketSource.DEFAULT_RECEIVE_BUFFER_BYTES;
        if (most >= wanted) {
            return Finding.ok(Check.RECEIVE_BUFFER, found, "");
        }
        return Finding.warning(
                Check.RECEIVE_BUFFER,
                found,
                "`receive --backend nio` asks for " + Figures.count(wanted) + " bytes and gets no more than that; raw"
                        + " and recvmmsg do when they have no CAP_NET_ADMIN.",
                (host.files().isWritable(RMEM_MAX) ? "" : FIRST_NAMESPACE) + "sysctl -w net.core.rmem_max=" + wanted);
    }

    private Finding firewall() throws IOException {
        if (!host.config().has("CONFIG_NETFILTER").orElse(true)) {
            return Finding.ok(Check.FIREWALL, "none: this kernel has no netfilter", "");
        }
        List<FirewallChain> closed = new ArrayList<>();
        for (IptablesRules.Family family : IptablesRules.Family.values()) {
            if (hasLegacyTable(family)) {
                ToolOutput iptables = tool.run(family.command(), "-S", "INPUT");
                if (iptables.failed()) {
                    return unknown(iptables, "iptables");
                }
                IptablesRules.parse(family, iptables.output()).closed(interfaceName).ifPresent(closed::add);
            }
        }
        if (mayHaveNftables()) {
            ToolOutput nft = tool.run("nft", "--json", "--terse", "list", "ruleset");
            if (nft.failed() && closed.isEmpty()) {
                return unknown(nft, "nftables");
            }
            closed.addAll(nft.failed() ? List.of() : NftRuleset.parse(nft.output()).closed(interfaceName));
        }
        if (closed.isEmpty()) {
            return Finding.ok(Check.FIREWALL, "none that drops multicast by default", "");
        }
        return Finding.warning(
                Check.FIREWALL,
                String.join(", ", closed.stream().map(FirewallChain::name).toList()) + " drops what no rule takes",
                "There is no rule for all multicast. Without one for the flow sockets get nothing; without one for IGMP"
                        + " the network ends the flow after some minutes, for AF_XDP as well.",
                closed.stream().flatMap(chain -> chain.mend().stream()).toArray(String[]::new));
    }

    /** The tables of iptables as it was before it used nftables. */
    private boolean hasLegacyTable(IptablesRules.Family family) throws IOException {
        return host.files().exists(family.tables()) && host.files().lines(family.tables()).contains("filter");
    }

    /** Not so where it is a module that nobody has loaded. */
    private boolean mayHaveNftables() throws IOException {
        return host.config().has("CONFIG_NF_TABLES").orElse(true)
                && !(host.config().hasAsModule("CONFIG_NF_TABLES")
                        && host.files().lines(MODULES).stream().noneMatch(line -> line.startsWith("nf_tables ")));
    }

    private Finding unknown(ToolOutput output, String debianPackage) {
        return Finding.unknown(
                Check.FIREWALL,
                output.complaint(),
                "AF_XDP is in front of it, but not IGMP, by which the network keeps a flow up.",
                output.missing() ? new String[] {"apt-get install " + debianPackage} : host.asRoot());
    }
}
