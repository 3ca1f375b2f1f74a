/* SPDX-License-Identifier: Apache-2.0 */
/* What a flow is as a rule of the card, byte by byte as linux/ethtool.h has it; and which rules are the same. */
#define _GNU_SOURCE 1
#include "xdp_lab.h"

#include "ntuple_rule.h"

/* Offsets in struct ethtool_rx_flow_spec, counted by hand. */
#define VALUES 4
#define MASKS 76
#define RING 152
#define BYTES 168

static struct flow_key key_of(const char *destination, const char *source, uint16_t port)
{
	struct flow_key key = { .port = htons(port) };

	CHECK(inet_pton(AF_INET6, destination, key.destination) == 1, "%s", destination);
	CHECK(inet_pton(AF_INET6, source, key.source) == 1, "%s", source);
	return key;
}

static struct ethtool_rx_flow_spec rule_of(const char *destination, const char *source, uint16_t port)
{
	const struct flow_key key = key_of(destination, source, port);
	struct ethtool_rx_flow_spec rule;

	xdp4j_ntuple_fill(&rule, &key, 3);
	return rule;
}

static void expect(const char *name, const struct ethtool_rx_flow_spec *rule, const uint8_t expected[BYTES])
{
	CHECK(sizeof(*rule) == BYTES, "%zu", sizeof(*rule));
	for (int i = 0; i < BYTES; i++)
		CHECK(((const uint8_t *)rule)[i] == expected[i], "%s: byte %d", name, i);
}

static void test_fill(void)
{
	struct ethtool_rx_flow_spec rule = rule_of("::ffff:239.1.2.3", "::", 5004);
	uint8_t bytes[BYTES] = { 2 }; /* UDP_V4_FLOW, on a little-endian machine */

	/* ip4src 4, ip4dst 4, psrc 2, pdst 2, tos 1 */
	memcpy(bytes + VALUES + 4, (uint8_t[]){ 239, 1, 2, 3 }, 4);
	memcpy(bytes + VALUES + 10, (uint8_t[]){ 0x13, 0x8c }, 2);
	memset(bytes + MASKS + 4, 0xff, 4);
	memset(bytes + MASKS + 10, 0xff, 2);
	bytes[RING] = 3;
	expect("IPv4", &rule, bytes);

	rule = rule_of("::ffff:239.1.2.3", "::ffff:10.99.0.7", 5004);
	memcpy(bytes + VALUES, (uint8_t[]){ 10, 99, 0, 7 }, 4);
	memset(bytes + MASKS, 0xff, 4);
	expect("IPv4 with its source", &rule, bytes);

	/* ip6src 16, ip6dst 16, psrc 2, pdst 2, tclass 1 */
	rule = rule_of("ff3e::8000:1", "::", 65535);
	memset(bytes, 0, sizeof(bytes));
	bytes[0] = 6; /* UDP_V6_FLOW */
	memcpy(bytes + VALUES + 16, (uint8_t[]){ 0xff, 0x3e, [12] = 0x80, [15] = 1 }, 16);
	memset(bytes + VALUES + 34, 0xff, 2);
	memset(bytes + MASKS + 16, 0xff, 16);
	memset(bytes + MASKS + 34, 0xff, 2);
	bytes[RING] = 3;
	expect("IPv6", &rule, bytes);

	rule = rule_of("ff3e::8000:1", "fd99::7", 65535);
	memcpy(bytes + VALUES, (uint8_t[]){ 0xfd, 0x99, [15] = 7 }, 16);
	memset(bytes + MASKS, 0xff, 16);
	expect("IPv6 with its source", &rule, bytes);
}

/* `change` is applied to one of two equal rules, `rule`. */
#define COMPARED(same, of, change)                                                                                     \
	do {                                                                                                           \
		struct ethtool_rx_flow_spec other = of, rule = of;                                                     \
		change;                                                                                                \
		CHECK(xdp4j_ntuple_same_packets(&rule, &other) == (same), #change);                                    \
		CHECK(xdp4j_ntuple_same_packets(&other, &rule) == (same), #change);                                    \
	} while (0)

static void test_same(void)
{
	const struct ethtool_rx_flow_spec ipv4 = rule_of("::ffff:239.1.2.3", "::", 5004);
	const struct ethtool_rx_flow_spec ipv6 = rule_of("ff3e::8000:1", "::", 5004);

	COMPARED(true, ipv4, rule = ipv4);
	COMPARED(true, ipv6, rule = ipv6);
	/* Where it leads and where it stands say nothing about the packets, nor does what no type or no mask covers. */
	COMPARED(true, ipv4, rule.ring_cookie = 1);
	COMPARED(true, ipv4, rule.location = 7);
	COMPARED(true, ipv4, rule.h_u.udp_ip4_spec.ip4src = 1);
	COMPARED(true, ipv4, rule.h_u.hdata[20] = 1);
	COMPARED(true, ipv4, rule.m_u.hdata[20] = 1);
	COMPARED(true, ipv4, rule.h_ext.vlan_tci = 1);
	COMPARED(true, ipv4, rule.m_ext.vlan_tci = 0xffff);

	COMPARED(false, ipv4, rule.flow_type |= FLOW_EXT);
	COMPARED(false, ipv4, rule.flow_type |= FLOW_RSS);
	COMPARED(false, ipv4, rule.flow_type = TCP_V4_FLOW);
	COMPARED(false, ipv4, rule.h_u.udp_ip4_spec.ip4dst ^= 1);
	COMPARED(false, ipv4, rule.m_u.udp_ip4_spec.ip4dst ^= 1);
	COMPARED(false, ipv4, rule.h_u.udp_ip4_spec.pdst ^= 1);
	COMPARED(false, ipv4, rule.m_u.udp_ip4_spec.psrc = 1);
	COMPARED(false, ipv4, rule.m_u.udp_ip4_spec.tos = 1);
	COMPARED(false, ipv4, rule = rule_of("::ffff:239.1.2.3", "::ffff:10.99.0.7", 5004));
	COMPARED(false, ipv4, rule = ipv6);

	COMPARED(true, ipv6, rule.h_u.udp_ip6_spec.ip6src[3] = 1);
	COMPARED(false, ipv6, rule.h_u.udp_ip6_spec.ip6dst[3] ^= 1);
	COMPARED(false, ipv6, rule.m_u.udp_ip6_spec.ip6dst[0] = 0);
	COMPARED(false, ipv6, rule.h_u.udp_ip6_spec.pdst ^= 1);
	COMPARED(false, ipv6, rule.m_u.udp_ip6_spec.tclass = 1);
}

static void test_free_location(void)
{
	static const uint32_t ends[] = { 7, 0 }, middle[] = { 3, 5, 4 }, all[] = { 1, 0, 2 };

	CHECK(xdp4j_ntuple_free_location(NULL, 0, 8, true) == 0, "empty, from the front");
	CHECK(xdp4j_ntuple_free_location(NULL, 0, 8, false) == 7, "empty, from the back");
	CHECK(xdp4j_ntuple_free_location(ends, 2, 8, true) == 1, "from the front");
	CHECK(xdp4j_ntuple_free_location(ends, 2, 8, false) == 6, "from the back");
	CHECK(xdp4j_ntuple_free_location(middle, 3, 6, false) == 2, "behind three");
	CHECK(xdp4j_ntuple_free_location(all, 3, 3, true) == -ENOSPC, "full");
	CHECK(xdp4j_ntuple_free_location(all, 3, 3, false) == -ENOSPC, "full");
	CHECK(xdp4j_ntuple_free_location(NULL, 0, 0, false) == -ENOSPC, "no table");
}

int main(void)
{
	test_fill();
	test_same();
	test_free_location();
	return 0;
}
