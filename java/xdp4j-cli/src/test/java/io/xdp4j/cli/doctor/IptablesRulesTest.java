// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules are as iptables-legacy 1.8.9 prints them. */
class IptablesRulesTest {
    private static boolean isClosed(String rules) {
        IptablesRules of = IptablesRules.parse(IptablesRules.Family.IPV4, rules.replace("; ", "\n"));
        return of.closed(Optional.of("eth1")).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-P INPUT ACCEPT | false",
                "-P INPUT DROP | true",
                "-P INPUT DROP; -A INPUT -d 224.0.0.0/4 -i eth1 -j ACCEPT | false",
                "-P INPUT DROP; -A INPUT -d 224.0.0.0/4 -j ACCEPT | false",
                "-P INPUT DROP; -A INPUT -i eth1 -j ACCEPT | false",
                "-P INPUT DROP; -A INPUT -i eth2 -j ACCEPT | true",
                "-P INPUT DROP; -A INPUT -d 239.0.0.0/8 -j ACCEPT | true",
                "-P INPUT DROP; -A INPUT -p udp -j ACCEPT | true",
                "-P INPUT ACCEPT; -A INPUT -j DROP | true",
                "-P INPUT ACCEPT; -A INPUT -j REJECT --reject-with icmp-host-prohibited | true",
                "-P INPUT ACCEPT; -A INPUT -i eth1 -j ACCEPT; -A INPUT -j DROP | false",
                "-P INPUT ACCEPT; -A INPUT -j DROP; -A INPUT -i eth1 -j ACCEPT | true",
                "-P INPUT ACCEPT; -A INPUT -s 10.0.0.0/8 -j DROP | false",
            })
    void tellsWhetherMulticastComesIn(String rules, boolean closed) {
        assertEquals(closed, isClosed(rules));
    }

    @Test
    void ofAnyInterface() {
        IptablesRules rules =
                IptablesRules.parse(IptablesRules.Family.IPV4, "-P INPUT DROP\n-A INPUT -i eth1 -j ACCEPT");
        assertEquals(
                List.of("iptables-legacy -I INPUT -d 224.0.0.0/4 -j ACCEPT"),
                rules.closed(Optional.empty()).orElseThrow().mend());
    }

    @Test
    void ofIpv6() {
        String rule = "-A INPUT -d ff00::/8 -i eth1 -j ACCEPT";
        IptablesRules closed = IptablesRules.parse(IptablesRules.Family.IPV6, "-P INPUT DROP");
        assertEquals(
                List.of("ip6tables-legacy -I INPUT -d ff00::/8 -i eth1 -j ACCEPT"),
                closed.closed(Optional.of("eth1")).orElseThrow().mend());
        assertTrue(IptablesRules.parse(IptablesRules.Family.IPV6, "-P INPUT DROP\n" + rule)
                .closed(Optional.of("eth1"))
                .isEmpty());
    }
}
