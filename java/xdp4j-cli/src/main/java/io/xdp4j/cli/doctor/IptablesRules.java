// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The chain INPUT as {@code iptables -S INPUT} prints it.
 *
 * @param family whose packets it is for
 * @param lines for example {@code -P INPUT DROP} or {@code -A INPUT -i eth1 -d 224.0.0.0/4 -j ACCEPT}
 */
record IptablesRules(Family family, List<String> lines) {
    /** Each has rules of its own, and a command for them. */
    enum Family {
        IPV4("iptables", "/proc/net/ip_tables_names", FirewallChain.IPV4_MULTICAST),
        IPV6("ip6tables", "/proc/net/ip6_tables_names", FirewallChain.IPV6_MULTICAST);

        private final String label;
        private final String tables;
        private final String multicast;

        Family(String label, String tables, String multicast) {
            this.label = label;
            this.tables = tables;
            this.multicast = multicast;
        }

        /** Of iptables as it was before it used nftables. */
        String command() {
            return label + "-legacy";
        }

        /** The file that names its tables, for root to read. */
        String tables() {
            return tables;
        }
    }

    private static final Set<String> CLOSES = Set.of("-A INPUT -j DROP", "-A INPUT -j REJECT");

    static IptablesRules parse(Family family, String output) {
        return new IptablesRules(family, output.lines().toList());
    }

    /**
     * The chain, unless it lets all multicast in.
     *
     * @param interfaceName where; empty: anywhere
     */
    Optional<FirewallChain> closed(Optional<String> interfaceName) {
        String in = interfaceName.map(name -> " -i " + name).orElse("");
        String multicast = " -d " + family.multicast;
        List<String> opens = List.of(
                "-A INPUT -j ACCEPT",
                "-A INPUT" + multicast + " -j ACCEPT",
                "-A INPUT" + in + " -j ACCEPT",
                "-A INPUT" + multicast + in + " -j ACCEPT");
        for (String line : lines) {
            if (opens.contains(line)) {
                return Optional.empty();
            }
            if (CLOSES.contains(line) || line.startsWith("-A INPUT -j REJECT ")) {
                return Optional.of(chain(multicast + in));
            }
        }
        return lines.contains("-P INPUT DROP") ? Optional.of(chain(multicast + in)) : Optional.empty();
    }

    private FirewallChain chain(String match) {
        return new FirewallChain(
                family.label + "' chain INPUT", List.of(family.command() + " -I INPUT" + match + " -j ACCEPT"));
    }
}
