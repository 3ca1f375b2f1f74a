// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code nft --json list ruleset} prints: libnftables-json(5).
 *
 * @param objects tables, chains and rules, a rule behind its chain
 */
record NftRuleset(JsonNode objects) {
    /** Chains of other families, or elsewhere, see no packet on its way to a socket. */
    private static final Set<String> FAMILIES = Set.of("ip", "ip6", "inet");

    private static final Set<String> HOOKS = Set.of("prerouting", "input");
    private static final Set<String> INTERFACE_KEYS = Set.of("iif", "iifname");
    private static final Set<String> MULTICAST =
            Set.of(FirewallChain.IPV4_MULTICAST, FirewallChain.IPV6_MULTICAST);

    private static final Set<String> DROPS = Set.of("drop", "reject");

    static NftRuleset parse(String json) throws IOException {
        return new NftRuleset(new ObjectMapper().readTree(json).path("nftables"));
    }

    /**
     * Chains that drop by default and have no rule that takes all multicast.
     *
     * @param interfaceName where; empty: anywhere
     */
    List<FirewallChain> closed(Optional<String> interfaceName) {
        List<FirewallChain> closed = new ArrayList<>();
        for (JsonNode object : objects) {
            JsonNode chain = object.path("chain");
            if (FAMILIES.contains(chain.path("family").asText())
                    && HOOKS.contains(chain.path("hook").asText())
                    && isClosed(chain, interfaceName)) {
                closed.add(named(chain, interfaceName));
            }
        }
        return closed;
    }

    private boolean isClosed(JsonNode chain, Optional<String> interfaceName) {
        for (JsonNode object : objects) {
            JsonNode rule = object.path("rule");
            if (!isOf(rule, chain)) {
                continue;
            }
            if (ends(rule, Set.of("accept")) && takesMulticast(rule, interfaceName)) {
                return false;
            }
            if (ends(rule, DROPS) && matches(rule).isEmpty()) {
                return true;
            }
        }
        return chain.path("policy").asText().equals("drop");
    }

    private static boolean isOf(JsonNode rule, JsonNode chain) {
        return rule.path("family").equals(chain.path("family"))
                && rule.path("table").equals(chain.path("table"))
                && rule.path("chain").equals(chain.path("name"));
    }

    private static boolean ends(JsonNode rule, Set<String> verdicts) {
        for (JsonNode expression : rule.path("expr")) {
            if (verdicts.stream().anyMatch(expression::has)) {
                return true;
            }
        }
        return false;
    }

    /** Anything that is not known to let every packet through counts as a match. */
    private static List<JsonNode> matches(JsonNode rule) {
        List<JsonNode> matches = new ArrayList<>();
        for (JsonNode expression : rule.path("expr")) {
            if (!Set.of("counter", "log", "accept", "drop", "reject")
                    .contains(expression.fieldNames().next())) {
                matches.add(expression);
            }
        }
        return matches;
    }

    private static boolean takesMulticast(JsonNode rule, Optional<String> interfaceName) {
        return matches(rule).stream()
                .map(expression -> expression.path("match"))
                .allMatch(match -> match.path("op").asText().equals("==")
                        && (isOfInterface(match, interfaceName) || isOfMulticast(match)));
    }

    /** One, or one of several. */
    private static boolean isOfInterface(JsonNode match, Optional<String> interfaceName) {
        if (!INTERFACE_KEYS.contains(match.at("/left/meta/key").asText()) || interfaceName.isEmpty()) {
            return false;
        }
        JsonNode right = match.path("right");
        if (right.isTextual()) {
            return right.asText().equals(interfaceName.get());
        }
        for (JsonNode element : right.path("set")) {
            if (element.asText().equals(interfaceName.get())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfMulticast(JsonNode match) {
        JsonNode right = match.path("right");
        String prefix = right.at("/prefix/addr").asText() + "/" + right.at("/prefix/len").asText();
        return match.at("/left/payload/field").asText().equals("daddr") && MULTICAST.contains(prefix)
                || match.at("/left/meta/key").asText().equals("pkttype") && right.asText().equals("multicast");
    }

    private static FirewallChain named(JsonNode chain, Optional<String> interfaceName) {
        String family = chain.path("family").asText();
        String address = family + " " + chain.path("table").asText() + " " + chain.path("name").asText();
        String destination = family.equals("ip6")
                ? " ip6 daddr " + FirewallChain.IPV6_MULTICAST
                : " ip daddr " + FirewallChain.IPV4_MULTICAST;
        return new FirewallChain(
                "nft's chain " + address,
                "nft insert rule " + address + interfaceName.map(name -> " iifname " + name).orElse("")
                        + destination + " accept");
    }
}
