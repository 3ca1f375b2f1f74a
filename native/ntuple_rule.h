/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules by which a network card puts flows on queues (ntuple filters, `ethtool -N`), as linux/ethtool.h has them. No
 * function here asks the kernel. Inside the shim only.
 */
#ifndef XDP4J_NTUPLE_RULE_H
#define XDP4J_NTUPLE_RULE_H

#include <stddef.h>

#include <linux/ethtool.h>

#include "xdp4j.h"

/* UDP to the key's destination and port, and from its source if it names one, goes to `queue`. No location yet. */
void xdp4j_ntuple_fill(struct ethtool_rx_flow_spec *rule, const struct flow_key *key, uint32_t queue);

/*
 * Whether two rules are for just the same packets. Only what their type gives a meaning is compared: drivers leave
 * anything in the rest.
 */
bool xdp4j_ntuple_same_packets(const struct ethtool_rx_flow_spec *a, const struct ethtool_rx_flow_spec *b);

/*
 * A location below `size` that is not among the used ones, or -ENOSPC. The lowest location goes first where two rules
 * fit a packet: so the lowest free one for a flow that names its source, and the highest for one that takes any.
 */
int xdp4j_ntuple_free_location(const uint32_t used[], uint32_t count, uint32_t size, bool names_source);

#endif
