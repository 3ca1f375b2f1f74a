/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include "flow_key.h"
#include "source.h"

#define IP_DONT_FRAGMENT 0x4000
#define RTP_VERSION_2 0x80

uint32_t source_headers_bytes(bool ipv6)
{
	return offsetof(struct source_headers, zeros) - (ipv6 ? 0 : SOURCE_IPV4_START);
}

/* RFC 1071: the sum of 16-bit words, in whichever byte order they are read. `bytes` is even. */
static uint32_t sum_words(const void *data, uint32_t bytes)
{
	uint32_t sum = 0;
	uint16_t word;

	for (uint32_t i = 0; i < bytes; i += sizeof(word)) {
		memcpy(&word, (const uint8_t *)data + i, sizeof(word));
		sum += word;
	}
	return sum;
}

static uint32_t fold(uint32_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

/* 01:00:5e and the low 23 bits of the group: RFC 1112 6.4. */
static void set_ipv4_multicast_address(uint8_t address[ETH_ALEN], const uint8_t group[4])
{
	const uint8_t multicast[] = { 0x01, 0x00, 0x5e, group[1] & 0x7f, group[2], group[3] };

	memcpy(address, multicast, ETH_ALEN);
}

/* 33:33 and the low 32 bits of the group: RFC 2464 7. */
static void set_ipv6_multicast_address(uint8_t address[ETH_ALEN], const uint8_t group[16])
{
	const uint8_t multicast[] = { 0x33, 0x33, group[12], group[13], group[14], group[15] };

	memcpy(address, multicast, ETH_ALEN);
}

static void set_ipv4(struct source_ipv4_headers *headers, const struct flow_key *key, uint32_t size)
{
	struct iphdr ip = {
		.version = 4,
		.ihl = 5,
		.tot_len = htons(size - sizeof(struct ethhdr)),
		.frag_off = htons(IP_DONT_FRAGMENT),
		.ttl = SOURCE_HOPS,
		.protocol = IPPROTO_UDP,
	};

	headers->ethernet.h_proto = htons(ETH_P_IP);
	set_ipv4_multicast_address(headers->ethernet.h_dest, key->destination + FLOW_KEY_IPV4_AT);
	memcpy(&ip.saddr, key->source + FLOW_KEY_IPV4_AT, sizeof(ip.saddr));
	memcpy(&ip.daddr, key->destination + FLOW_KEY_IPV4_AT, sizeof(ip.daddr));
	ip.check = ~fold(sum_words(&ip, sizeof(ip)));
	headers->ip = ip;
}

static void set_ipv6(struct source_ipv6_headers *headers, const struct flow_key *key, uint32_t size)
{
	headers->ethernet.h_proto = htons(ETH_P_IPV6);
	set_ipv6_multicast_address(headers->ethernet.h_dest, key->destination);
	headers->ip = (struct ipv6hdr){
		.version = 6,
		.payload_len = htons(size - sizeof(*headers)),
		.nexthdr = IPPROTO_UDP,
		.hop_limit = SOURCE_HOPS,
	};
	memcpy(&headers->ip.saddr, key->source, sizeof(key->source));
	memcpy(&headers->ip.daddr, key->destination, sizeof(key->destination));
}

/*
 * Pseudo header (RFC 768, RFC 8200 8.1), UDP and RTP headers; the payload behind is zero and adds nothing. Mapped
 * addresses would add their ffff, so only the last four bytes of those count.
 */
static uint32_t checksum_base(const struct source_headers *headers, const struct flow_key *key, bool ipv6)
{
	uint32_t skip = ipv6 ? 0 : FLOW_KEY_IPV4_AT;
	uint32_t bytes = sizeof(key->source) - skip;

	return fold(sum_words(key->source + skip, bytes) + sum_words(key->destination + skip, bytes) +
		    htons(IPPROTO_UDP) + headers->udp.len + sum_words(&headers->udp, sizeof(headers->udp)) +
		    sum_words(&headers->rtp, sizeof(headers->rtp)));
}

void source_flow_init(struct source_flow *flow, const struct xdp4j_source_flow *from,
		      const struct source_device *device, uint32_t size)
{
	bool ipv6 = flow_key_is_ipv6(&from->key);
	struct source_headers *headers = &flow->headers;
	struct ethhdr *ethernet = ipv6 ? &headers->ipv6.ethernet : &headers->ipv4.ethernet;
	uint32_t udp_start = source_headers_bytes(ipv6) - sizeof(headers->udp) - sizeof(headers->rtp);

	*flow = (struct source_flow){ .first_sequence = from->first_sequence, .ipv6 = ipv6 };
	if (ipv6)
		set_ipv6(&headers->ipv6, &from->key, size);
	else
		set_ipv4(&headers->ipv4, &from->key, size);
	memcpy(ethernet->h_source, device->address, ETH_ALEN);
	headers->udp.source = from->key.port;
	headers->udp.dest = from->key.port;
	headers->udp.len = htons(size - udp_start);
	headers->rtp.version_padding_extension_csrcs = RTP_VERSION_2;
	headers->rtp.marker_payload_type = from->payload_type;
	headers->rtp.ssrc = htonl(from->ssrc);
	flow->checksum_base = checksum_base(headers, &from->key, ipv6);
}
