// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code nft --json list ruleset} prints: libnftables-json(5).
 *
 * @param objects tables, chains and rules, a rule behind its chain
 */
record NftRuleset(JsonNode objects) {
    /** Chains of other families, or elsewhere, see no packet on its way to a socket. */
    private static final Set<String> HOOKS = Set.of("prerouting", "input");
    private static final Set<String> INTERFACE_KEYS = Set.of("iif", "iifname");

    /** The protocols whose multicast a chain of a family sees, as a rule names them. */
    private static final Map<String, List<String>> PROTOCOLS =
            Map.of("ip", List.of("ip"), "ip6", List.of("ip6"), "inet", List.of("ip", "ip6"));

    private static final Map<String, String> MULTICAST =
            Map.of("ip", FirewallChain.IPV4_MULTICAST, "ip6", FirewallChain.IPV6_MULTICAST);

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
            List<String> protocols = PROTOCOLS.getOrDefault(chain.path("family").asText(), List.of()).stream()
                    .filter(protocol -> isClosed(chain, protocol, interfaceName))
                    .toList();
            if (!protocols.isEmpty() && HOOKS.contains(chain.path("hook").asText())) {
                closed.add(named(chain, protocols, interfaceName));
            }
        }
        return closed;
    }

    private boolean isClosed(JsonNode chain, String protocol, Optional<String> interfaceName) {
        for (JsonNode object : objects) {
            JsonNode rule = object.path("rule");
            if (!isOf(rule, chain)) {
                continue;
            }
            if (ends(rule, Set.of("accept")) && takesMulticast(rule, protocol, interfaceName)) {
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

    private static boolean takesMulticast(JsonNode rule, String protocol, Optional<String> interfaceName) {
        return matches(rule).stream()
                .map(expression -> expression.path("match"))
                .allMatch(match -> match.path("op").asText().equals("==")
                        && (isOfInterface(match, interfaceName) || isOfMulticast(match, protocol)));
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

    private static boolean isOfMulticast(JsonNode match, String protocol) {
        JsonNode right = match.path("right");
        String prefix = right.at("/prefix/addr").asText() + "/" + right.at("/prefix/len").asText();
        return match.at("/left/payload/field").asText().equals("daddr") && MULTICAST.get(protocol).equals(prefix)
                || match.at("/left/meta/key").asText().equals("pkttype") && right.asText().equals("multicast");
    }

    private static FirewallChain named(JsonNode chain, List<String> protocols, Optional<String> interfaceName) {
        String address = chain.path("family").asText() + " " + chain.path("table").asText() + " "
                + chain.path("name").asText();
        String insert = "nft insert rule " + address + interfaceName.map(name -> " iifname " + name).orElse("");
        return new FirewallChain(
                "nft's chain " + address,
                protocols.stream()
                        .map(protocol -> insert + " " + protocol + " daddr " + MULTICAST.get(protocol) + " accept")
                        .toList());
    }
}
