// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import java.util.List;

/**
 * A list of rules that drops what none of them takes.
 *
 * @param name for people
 * @param mend commands that have it let multicast in
 */
record FirewallChain(String name, List<String> mend) {
    /** What is to come in, IGMP among it. */
    static final String IPV4_MULTICAST = "224.0.0.0/4";

    static final String IPV6_MULTICAST = "ff00::/8";
}
