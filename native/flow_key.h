/* SPDX-License-Identifier: Apache-2.0 */
/* What the addresses of a flow's key (bpf/flow.h) mean. Inside the shim only. */
#ifndef XDP4J_FLOW_KEY_H
#define XDP4J_FLOW_KEY_H

#include <stdbool.h>
#include <string.h>

#include "flow.h"

/* Where an IPv4 address begins in the IPv6 address that it is mapped into: RFC 4291 2.5.5.2. */
#define FLOW_KEY_IPV4_AT 12

static inline bool flow_key_is_ipv6(const struct flow_key *key)
{
	static const __u8 mapped[FLOW_KEY_IPV4_AT] = { [10] = 0xff, [11] = 0xff };

	return memcmp(key->destination, mapped, sizeof(mapped)) != 0;
}

static inline bool flow_key_names_source(const struct flow_key *key)
{
	static const __u8 any[sizeof(key->source)];

	return memcmp(key->source, any, sizeof(any)) != 0;
}

#endif
