// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules are as nft 1.0.6 prints them ({@code nft --json list ruleset}). */
class NftRulesetTest {
    private static final String ACCEPT = "{\"accept\": null}";
    private static final String COUNTER = "{\"counter\": {\"packets\": 0, \"bytes\": 0}}";
    private static final String ESTABLISHED = "{\"match\": {\"op\": \"in\", \"left\": {\"ct\": {\"key\": \"state\"}},"
            + " \"right\": [\"established\", \"related\"]}}";
    private static final String FIVE_THOUSAND_AND_FOUR =
            "{\"match\": {\"op\": \"==\", \"left\": {\"payload\": {\"protocol\": \"udp\", \"field\": \"dport\"}},"
                    + " \"right\": 5004}}";
    private static final String ONE_OF_TWO =
            "{\"match\": {\"op\": \"==\", \"left\": {\"meta\": {\"key\": \"iifname\"}},"
                    + " \"right\": {\"set\": [\"lo\", \"eth1\"]}}}";
    private static final String REJECT = "{\"reject\": {\"type\": \"icmpx\", \"expr\": \"port-unreachable\"}}";

    private static String chain(String family, String hook, String policy) {
        return "{\"chain\": {\"family\": \"" + family + "\", \"table\": \"filter\", \"name\": \"in\", \"handle\": 1,"
                + " \"type\": \"filter\", \"hook\": \"" + hook + "\", \"prio\": 0, \"policy\": \"" + policy + "\"}}";
    }

    private static String rule(String... expressions) {
        return "{\"rule\": {\"family\": \"inet\", \"table\": \"filter\", \"chain\": \"in\", \"handle\": 2, \"expr\": ["
                + String.join(", ", expressions) + "]}}";
    }

    private static String meta(String key, String value) {
        return "{\"match\": {\"op\": \"==\", \"left\": {\"meta\": {\"key\": \"" + key + "\"}}, \"right\": \"" + value
                + "\"}}";
    }

    private static String destination(String address, int length) {
        return "{\"match\": {\"op\": \"==\", \"left\": {\"payload\": {\"protocol\": \"ip\", \"field\": \"daddr\"}},"
                + " \"right\": {\"prefix\": {\"addr\": \"" + address + "\", \"len\": " + length + "}}}}";
    }

    private static List<FirewallChain> closed(String... objects) throws IOException {
        String json = "{\"nftables\": [{\"metainfo\": {\"version\": \"1.0.6\"}}, " + String.join(", ", objects) + "]}";
        return NftRuleset.parse(json).closed(Optional.of("eth1"));
    }

    private static boolean isClosed(String policy, String... rules) throws IOException {
        String[] objects = new String[rules.length + 1];
        objects[0] = chain("inet", "input", policy);
        System.arraycopy(rules, 0, objects, 1, rules.length);
        return !closed(objects).isEmpty();
    }

    @Test
    void aChainThatDropsByDefault() throws IOException {
        assertFalse(isClosed("accept"));
        assertEquals(
                List.of(new FirewallChain(
                        "nft's chain inet filter in",
                        List.of(
                                "nft insert rule inet filter in iifname eth1 ip daddr 224.0.0.0/4 accept",
                                "nft insert rule inet filter in iifname eth1 ip6 daddr ff00::/8 accept"))),
                closed(chain("inet", "input", "drop")));
    }

    @Test
    void rulesThatLetAllMulticastIn() throws IOException {
        assertFalse(isClosed("drop", rule(ACCEPT)));
        assertFalse(isClosed("drop", rule(COUNTER, ACCEPT)));
        assertFalse(isClosed(
                "drop", rule(destination("224.0.0.0", 4), ACCEPT), rule(destination("ff00::", 8), ACCEPT)));
        assertFalse(isClosed(
                "drop",
                rule(meta("iifname", "eth1"), destination("224.0.0.0", 4), COUNTER, ACCEPT),
                rule(meta("iifname", "eth1"), destination("ff00::", 8), COUNTER, ACCEPT)));
        assertFalse(isClosed("drop", rule(meta("iifname", "eth1"), ACCEPT)));
        assertFalse(isClosed("drop", rule(meta("pkttype", "multicast"), ACCEPT)));
        assertFalse(isClosed("drop", rule(ONE_OF_TWO, ACCEPT)));
    }

    /** An inet chain sees both. */
    @Test
    void oneOfTheProtocolsIsMissing() throws IOException {
        assertEquals(
                List.of("nft insert rule inet filter in iifname eth1 ip6 daddr ff00::/8 accept"),
                closed(chain("inet", "input", "drop"), rule(destination("224.0.0.0", 4), ACCEPT)).get(0).mend());
        assertEquals(
                List.of("nft insert rule inet filter in iifname eth1 ip daddr 224.0.0.0/4 accept"),
                closed(chain("inet", "input", "drop"), rule(destination("ff00::", 8), ACCEPT)).get(0).mend());
    }

    @Test
    void rulesThatDoNot() throws IOException {
        assertTrue(isClosed("drop", rule(ESTABLISHED, ACCEPT)));
        assertTrue(isClosed("drop", rule(meta("iifname", "lo"), ACCEPT)));
        assertTrue(isClosed("drop", rule(ONE_OF_TWO.replace("eth1", "eth2"), ACCEPT)));
        assertTrue(isClosed("drop", rule(ONE_OF_TWO.replace("==", "!="), ACCEPT)));
        assertTrue(isClosed("drop", rule(meta("l4proto", "igmp"), ACCEPT)));
        assertTrue(isClosed("drop", rule(FIVE_THOUSAND_AND_FOUR, ACCEPT)));
        assertTrue(isClosed("drop", rule(destination("239.0.0.0", 8), ACCEPT)));
        assertTrue(isClosed("drop", rule(COUNTER)));
    }

    /** As firewalld and others do it. */
    @Test
    void aLastRuleForAllTheRest() throws IOException {
        assertTrue(isClosed("accept", rule(COUNTER, REJECT)));
        assertTrue(isClosed("accept", rule("{\"drop\": null}")));
        assertFalse(isClosed("accept", rule(meta("iifname", "eth0"), "{\"drop\": null}")));
        assertFalse(isClosed("accept", rule(meta("iifname", "eth1"), ACCEPT), rule(REJECT)));
        assertTrue(isClosed("accept", rule(REJECT), rule(meta("iifname", "eth1"), ACCEPT)));
    }

    @Test
    void chainsThatSeeNoPacketForASocket() throws IOException {
        assertTrue(closed(chain("inet", "forward", "drop")).isEmpty());
        assertTrue(closed(chain("inet", "output", "drop")).isEmpty());
        assertTrue(closed(chain("arp", "input", "drop")).isEmpty());
        assertEquals(1, closed(chain("inet", "prerouting", "drop")).size());
    }

    @Test
    void ipv6AndAnyInterface() throws IOException {
        NftRuleset rules = NftRuleset.parse("{\"nftables\": [" + chain("ip6", "input", "drop") + "]}");
        assertEquals(
                List.of("nft insert rule ip6 filter in ip6 daddr ff00::/8 accept"),
                rules.closed(Optional.empty()).get(0).mend());
    }
}
