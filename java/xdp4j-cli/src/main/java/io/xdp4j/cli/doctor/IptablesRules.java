// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The chain INPUT as {@code iptables -S INPUT} prints it.
 *
 * @param lines for example {@code -P INPUT DROP} or {@code -A INPUT -i eth1 -d 224.0.0.0/4 -j ACCEPT}
 */
record IptablesRules(List<String> lines) {
    static final String COMMAND = "iptables-legacy";
    private static final Set<String> CLOSES = Set.of("-A INPUT -j DROP", "-A INPUT -j REJECT");

    static IptablesRules parse(String output) {
        return new IptablesRules(output.lines().toList());
    }

    /**
     * The chain, unless it lets all multicast in.
     *
     * @param interfaceName where; empty: anywhere
     */
    Optional<FirewallChain> closed(Optional<String> interfaceName) {
        String in = interfaceName.map(name -> " -i " + name).orElse("");
        String multicast = " -d " + FirewallChain.IPV4_MULTICAST;
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

    private static FirewallChain chain(String match) {
        return new FirewallChain("iptables' chain INPUT", COMMAND + " -I INPUT" + match + " -j ACCEPT");
    }
}
