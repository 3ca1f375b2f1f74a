/* SPDX-License-Identifier: Apache-2.0 */
#include "ntuple_rule.h"

#include <errno.h>
#include <string.h>

#include "flow_key.h"

void xdp4j_ntuple_fill(struct ethtool_rx_flow_spec *rule, const struct flow_key *key, uint32_t queue)
{
	bool names_source = flow_key_names_source(key);

	memset(rule, 0, sizeof(*rule));
	rule->ring_cookie = queue;
	if (!flow_key_is_ipv6(key)) {
		struct ethtool_tcpip4_spec *value = &rule->h_u.udp_ip4_spec, *mask = &rule->m_u.udp_ip4_spec;

		rule->flow_type = UDP_V4_FLOW;
		memcpy(&value->ip4dst, key->destination + FLOW_KEY_IPV4_AT, sizeof(value->ip4dst));
		memset(&mask->ip4dst, 0xff, sizeof(mask->ip4dst));
		value->pdst = key->port;
		memset(&mask->pdst, 0xff, sizeof(mask->pdst));
		if (names_source) {
			memcpy(&value->ip4src, key->source + FLOW_KEY_IPV4_AT, sizeof(value->ip4src));
			memset(&mask->ip4src, 0xff, sizeof(mask->ip4src));
		}
	} else {
		struct ethtool_tcpip6_spec *value = &rule->h_u.udp_ip6_spec, *mask = &rule->m_u.udp_ip6_spec;

		rule->flow_type = UDP_V6_FLOW;
		memcpy(value->ip6dst, key->destination, sizeof(value->ip6dst));
		memset(mask->ip6dst, 0xff, sizeof(mask->ip6dst));
		value->pdst = key->port;
		memset(&mask->pdst, 0xff, sizeof(mask->pdst));
		if (names_source) {
			memcpy(value->ip6src, key->source, sizeof(value->ip6src));
			memset(mask->ip6src, 0xff, sizeof(mask->ip6src));
		}
	}
}

static bool same_bytes(const void *value_a, const void *mask_a, const void *value_b, const void *mask_b, size_t bytes)
{
	const uint8_t *va = value_a, *ma = mask_a, *vb = value_b, *mb = mask_b;

	for (size_t i = 0; i < bytes; i++) {
		if (ma[i] != mb[i] || (va[i] & ma[i]) != (vb[i] & mb[i]))
			return false;
	}
	return true;
}

bool xdp4j_ntuple_same_packets(const struct ethtool_rx_flow_spec *a, const struct ethtool_rx_flow_spec *b)
{
	size_t bytes;

	/* FLOW_EXT and the like among the rest: a rule with more fields is for fewer packets, or for more queues. */
	if (a->flow_type != b->flow_type)
		return false;
	switch (a->flow_type) {
	case UDP_V4_FLOW:
		bytes = offsetof(struct ethtool_tcpip4_spec, tos) + sizeof(a->h_u.udp_ip4_spec.tos);
		break;
	case UDP_V6_FLOW:
		bytes = offsetof(struct ethtool_tcpip6_spec, tclass) + sizeof(a->h_u.udp_ip6_spec.tclass);
		break;
	default:
		return false; /* none of ours */
	}
	return same_bytes(&a->h_u, &a->m_u, &b->h_u, &b->m_u, bytes);
}

static bool is_used(uint32_t location, const uint32_t used[], uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (used[i] == location)
			return true;
	}
	return false;
}

int xdp4j_ntuple_free_location(const uint32_t used[], uint32_t count, uint32_t size, bool names_source)
{
	/* One of count + 1 locations is free, if there are so many. */
	for (uint32_t i = 0; i < size && i <= count; i++) {
		uint32_t location = names_source ? i : size - 1 - i;

		if (!is_used(location, used, count))
			return (int)location;
	}
	return -ENOSPC;
}
