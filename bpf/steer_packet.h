/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Reads a packet as far as the UDP payload, and the RTP header there: what steer.bpf.c looks up and watches.
 *
 * Of a packet in several buffers only the first lies between data and data_end. The headers have to be in it; only what
 * stands behind IPv4 options may be further on.
 */
#ifndef XDP4J_STEER_PACKET_H
#define XDP4J_STEER_PACKET_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "flow.h"
#include "rtp_watch.h"

#define VLAN_TAGS_MAX 2 /* 802.1Q, or 802.1ad in front of 802.1Q */

/* Only the first fragment has a UDP header, and none has the whole payload. */
#define IPV4_MORE 0x2000 /* RFC 791 3.1 */
#define IPV4_OFFSET 0x1fff
#define IPV6_MORE 0x0001 /* RFC 8200 4.5 */
#define IPV6_OFFSET 0xfff8

struct vlan_tag {
	__be16 tci;
	__be16 protocol; /* of what follows */
};

struct ipv6_fragment {
	__u8 next; /* header, of what follows */
	__u8 reserved;
	__be16 offset; /* and more fragments */
	__be32 identification;
};

/* Off only to measure what it costs; set before loading. */
const volatile bool watch_sequences = true;

/*
 * PARSED_INVALID is a UDP packet whose addresses and port are there, and whose length cannot be; PARSED_FRAGMENT is the
 * first fragment of a UDP datagram, which has them too.
 */
enum parsed { PARSED_UDP, PARSED_OTHER, PARSED_BROKEN, PARSED_INVALID, PARSED_FRAGMENT };

/* What is looked up, and where the payload is. */
struct packet {
	struct flow_key key;
	__u32 length; /* of the whole */
	__u32 payload_offset;
	__u32 payload_length;
	__u32 flow;
	__u64 arrival_ns;
	__u32 ssrc;
	__u16 sequence;
	bool rtp; /* only then do the two before mean something */
};

static __always_inline void map_ipv4(__u8 mapped[16], __be32 address)
{
	mapped[10] = 0xff;
	mapped[11] = 0xff;
	__builtin_memcpy(mapped + 12, &address, sizeof(address));
}

/* `room` is what the IP header grants the datagram; `offset` is where the UDP header stands in the packet. */
static __always_inline enum parsed read_udp(const struct udphdr *udp, __u32 offset, __u32 room, struct packet *packet)
{
	__u32 length = bpf_ntohs(udp->len);

	packet->key.port = udp->dest;
	if (length < sizeof(*udp) || length > room)
		return PARSED_INVALID;
	packet->payload_offset = offset + sizeof(*udp);
	packet->payload_length = length - sizeof(*udp);
	return PARSED_UDP;
}

static __always_inline void read_rtp(const struct rtp_header *rtp, struct packet *packet)
{
	packet->rtp = watch_is_rtp(rtp, packet->payload_length);
	packet->sequence = bpf_ntohs(rtp->sequence);
	packet->ssrc = bpf_ntohl(rtp->ssrc);
}

/* A UDP header, and what follows it, at a place in the packet that the verifier knows. */
static __always_inline enum parsed parse_udp(struct udphdr *udp, void *end, __u32 offset, __u32 room,
					     struct packet *packet)
{
	struct rtp_header *rtp = (void *)(udp + 1);
	enum parsed parsed;

	if ((void *)(udp + 1) > end)
		return PARSED_BROKEN;
	parsed = read_udp(udp, offset, room, packet);
	if (watch_sequences && parsed == PARSED_UDP && (void *)(rtp + 1) <= end)
		read_rtp(rtp, packet);
	return parsed;
}

/*
 * Without CAP_PERFMON a program may neither subtract packet pointers nor add a variable to one. So offsets are counted,
 * and what stands behind IPv4 options is copied.
 */
static __always_inline enum parsed copy_udp(struct xdp_md *ctx, __u32 offset, __u32 room, struct packet *packet)
{
	struct rtp_header rtp;
	struct udphdr udp;
	enum parsed parsed;

	if (bpf_xdp_load_bytes(ctx, offset, &udp, sizeof(udp)))
		return PARSED_BROKEN;
	parsed = read_udp(&udp, offset, room, packet);
	if (watch_sequences && parsed == PARSED_UDP &&
	    !bpf_xdp_load_bytes(ctx, offset + sizeof(udp), &rtp, sizeof(rtp)))
		read_rtp(&rtp, packet);
	return parsed;
}

/* The UDP length is the whole datagram's, so it says nothing about this part. */
static __always_inline enum parsed copy_fragment(struct xdp_md *ctx, __u32 offset, __u32 room, struct packet *packet)
{
	struct udphdr udp;

	if (bpf_xdp_load_bytes(ctx, offset, &udp, sizeof(udp)))
		return PARSED_BROKEN;
	packet->key.port = udp.dest;
	return room < sizeof(udp) ? PARSED_INVALID : PARSED_FRAGMENT;
}

static __always_inline enum parsed parse_ipv4(struct xdp_md *ctx, struct iphdr *ip, __u32 offset, struct packet *packet)
{
	void *end = (void *)(long)ctx->data_end;
	__u32 header, total, room;
	bool sound;

	if ((void *)(ip + 1) > end)
		return PARSED_BROKEN;
	header = ip->ihl * 4;
	total = bpf_ntohs(ip->tot_len);
	if (ip->version != 4 || header < sizeof(*ip))
		return PARSED_BROKEN;
	sound = total >= header && total <= packet->length - offset;
	if (ip->protocol != IPPROTO_UDP || ip->frag_off & bpf_htons(IPV4_OFFSET))
		return sound ? PARSED_OTHER : PARSED_BROKEN;
	room = sound ? total - header : 0;
	map_ipv4(packet->key.destination, ip->daddr);
	map_ipv4(packet->key.source, ip->saddr);
	if (ip->frag_off & bpf_htons(IPV4_MORE))
		return copy_fragment(ctx, offset + header, room, packet);
	if (header > sizeof(*ip))
		return copy_udp(ctx, offset + header, room, packet);
	return parse_udp((void *)(ip + 1), end, offset + sizeof(*ip), room, packet);
}

static __always_inline bool is_first_fragment(const struct ipv6_fragment *fragment, void *end)
{
	return (void *)(fragment + 1) <= end && fragment->next == IPPROTO_UDP &&
	       (fragment->offset & bpf_htons(IPV6_OFFSET | IPV6_MORE)) == bpf_htons(IPV6_MORE);
}

static __always_inline enum parsed parse_ipv6(struct xdp_md *ctx, struct ipv6hdr *ip, __u32 offset,
					      struct packet *packet)
{
	struct ipv6_fragment *fragment = (void *)(ip + 1);
	void *end = (void *)(long)ctx->data_end;
	bool fragmented, sound;
	__u32 room;

	if ((void *)(ip + 1) > end)
		return PARSED_BROKEN;
	if (ip->version != 6)
		return PARSED_BROKEN;
	room = bpf_ntohs(ip->payload_len);
	sound = room <= packet->length - offset - sizeof(*ip);
	fragmented = ip->nexthdr == IPPROTO_FRAGMENT && is_first_fragment(fragment, end);
	if (ip->nexthdr != IPPROTO_UDP && !fragmented)
		return sound ? PARSED_OTHER : PARSED_BROKEN;
	if (!sound)
		room = 0;
	__builtin_memcpy(packet->key.destination, &ip->daddr, sizeof(ip->daddr));
	__builtin_memcpy(packet->key.source, &ip->saddr, sizeof(ip->saddr));
	if (fragmented)
		return copy_fragment(ctx, offset + sizeof(*ip) + sizeof(*fragment),
				     room < sizeof(*fragment) ? 0 : room - sizeof(*fragment), packet);
	return parse_udp((void *)(ip + 1), end, offset + sizeof(*ip), room, packet);
}

static __always_inline enum parsed parse(struct xdp_md *ctx, struct packet *packet)
{
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *ethernet = (void *)(long)ctx->data;
	struct vlan_tag *next = (void *)(ethernet + 1);
	__u32 offset = sizeof(*ethernet);
	__be16 protocol;

	if ((void *)(ethernet + 1) > end)
		return PARSED_BROKEN;
	protocol = ethernet->h_proto;
#pragma unroll
	for (int i = 0; i < VLAN_TAGS_MAX; i++) {
		if (protocol != bpf_htons(ETH_P_8021Q) && protocol != bpf_htons(ETH_P_8021AD))
			break;
		if ((void *)(next + 1) > end)
			return PARSED_BROKEN;
		protocol = next->protocol;
		offset += sizeof(*next);
		next++;
	}
	if (protocol == bpf_htons(ETH_P_IP))
		return parse_ipv4(ctx, (void *)next, offset, packet);
	if (protocol == bpf_htons(ETH_P_IPV6))
		return parse_ipv6(ctx, (void *)next, offset, packet);
	return PARSED_OTHER;
}

#endif
