// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Steers the packets of known flows into AF_XDP sockets and leaves everything else to the kernel's stack.
 *
 * It fails open: whatever it does not know, cannot read or has no socket for gets XDP_PASS. It changes no byte of a
 * packet; it puts struct packet_meta in front of those that it redirects.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "flow.h"

#define VLAN_TAGS_MAX 2 /* 802.1Q, or 802.1ad in front of 802.1Q */
#define IP_FRAGMENT 0x3fff /* more fragments, or an offset: only the first has a UDP header, and not a whole payload */

struct vlan_tag {
	__be16 tci;
	__be16 protocol; /* of what follows */
};

/* How many queues a flow has slots for in `sockets`; set before loading. */
const volatile __u32 queues = 1;

/* How many flows name a source; while there are none, one look-up a packet is enough. */
__u32 source_specific_flows = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, struct flow_key);
	__type(value, __u32); /* flow id */
	__uint(max_entries, 1);
} flows SEC(".maps");

/* Slot flow id * queues + queue. */
struct {
	__uint(type, BPF_MAP_TYPE_XSKMAP);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct flow_counters);
	__uint(max_entries, 1);
} per_flow SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct program_counters);
	__uint(max_entries, 1);
} per_program SEC(".maps");

enum parsed { PARSED_UDP, PARSED_OTHER, PARSED_BROKEN };

/* What is looked up, and where the payload is. */
struct packet {
	struct flow_key key;
	__u32 length; /* of the whole */
	__u32 payload_offset;
	__u32 payload_length;
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

	if (length < sizeof(*udp) || length > room)
		return PARSED_BROKEN;
	packet->key.port = udp->dest;
	packet->payload_offset = offset + sizeof(*udp);
	packet->payload_length = length - sizeof(*udp);
	return PARSED_UDP;
}

/*
 * Without CAP_PERFMON a program may neither subtract packet pointers nor add a variable to one. So offsets are counted,
 * and what stands behind IPv4 options is copied.
 */
static __always_inline enum parsed parse_ipv4(struct xdp_md *ctx, struct iphdr *ip, __u32 offset,
					      struct packet *packet)
{
	void *end = (void *)(long)ctx->data_end;
	struct udphdr *udp = (void *)(ip + 1);
	struct udphdr behind_options;
	__u32 header, total;

	if ((void *)(ip + 1) > end)
		return PARSED_BROKEN;
	header = ip->ihl * 4;
	total = bpf_ntohs(ip->tot_len);
	if (ip->version != 4 || header < sizeof(*ip) || total < header || total > packet->length - offset)
		return PARSED_BROKEN;
	if (ip->protocol != IPPROTO_UDP || ip->frag_off & bpf_htons(IP_FRAGMENT))
		return PARSED_OTHER;
	map_ipv4(packet->key.destination, ip->daddr);
	map_ipv4(packet->key.source, ip->saddr);
	if (header > sizeof(*ip)) {
		udp = &behind_options;
		if (bpf_xdp_load_bytes(ctx, offset + header, udp, sizeof(*udp)))
			return PARSED_BROKEN;
		return read_udp(udp, offset + header, total - header, packet);
	}
	if ((void *)(udp + 1) > end)
		return PARSED_BROKEN;
	return read_udp(udp, offset + sizeof(*ip), total - sizeof(*ip), packet);
}

static __always_inline enum parsed parse_ipv6(struct xdp_md *ctx, struct ipv6hdr *ip, __u32 offset,
					      struct packet *packet)
{
	void *end = (void *)(long)ctx->data_end;
	struct udphdr *udp = (void *)(ip + 1);
	__u32 room;

	if ((void *)(ip + 1) > end)
		return PARSED_BROKEN;
	room = bpf_ntohs(ip->payload_len);
	if (ip->version != 6 || room > packet->length - offset - sizeof(*ip))
		return PARSED_BROKEN;
	if (ip->nexthdr != IPPROTO_UDP)
		return PARSED_OTHER;
	if ((void *)(udp + 1) > end)
		return PARSED_BROKEN;
	__builtin_memcpy(packet->key.destination, &ip->daddr, sizeof(ip->daddr));
	__builtin_memcpy(packet->key.source, &ip->saddr, sizeof(ip->saddr));
	return read_udp(udp, offset + sizeof(*ip), room, packet);
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

/* A flow that names the source goes before one that takes any. */
static __always_inline __u32 *find_flow(struct flow_key *key)
{
	if (source_specific_flows) {
		__u32 *flow = bpf_map_lookup_elem(&flows, key);

		if (flow)
			return flow;
	}
	__builtin_memset(key->source, 0, sizeof(key->source));
	return bpf_map_lookup_elem(&flows, key);
}

static __always_inline int pass(struct program_counters *program, enum parsed parsed)
{
	program->passed++;
	program->unparsable += parsed == PARSED_BROKEN;
	return XDP_PASS;
}

static __always_inline int redirect(struct xdp_md *ctx, __u32 flow, const struct packet *packet, __u64 now,
				    struct flow_counters *counters)
{
	__u32 slot = flow * queues + ctx->rx_queue_index;
	struct packet_meta *meta;
	struct bpf_xdp_sock *socket;

	socket = ctx->rx_queue_index < queues ? bpf_map_lookup_elem(&sockets, &slot) : 0;
	if (!socket) {
		counters->no_socket++;
		return XDP_PASS;
	}
	/* The kernel would drop it with -EINVAL and count it nowhere. */
	if (socket->queue_id != ctx->rx_queue_index) {
		counters->wrong_queue++;
		return XDP_PASS;
	}
	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*meta))) {
		counters->no_metadata++;
		return XDP_PASS;
	}
	meta = (void *)(long)ctx->data_meta;
	if ((void *)(meta + 1) > (void *)(long)ctx->data)
		return XDP_PASS; /* for the verifier: adjust_meta has just made the room */
	meta->flow = flow;
	meta->payload_offset = packet->payload_offset;
	meta->payload_length = packet->payload_length;
	meta->arrival_ns = now;
	counters->redirected++;
	return bpf_redirect_map(&sockets, slot, XDP_PASS);
}

SEC("xdp")
int steer(struct xdp_md *ctx)
{
	__u64 now = bpf_ktime_get_ns();
	struct program_counters *program;
	struct flow_counters *counters;
	struct packet packet = {};
	enum parsed parsed;
	__u32 zero = 0;
	__u32 *flow;

	program = bpf_map_lookup_elem(&per_program, &zero);
	if (!program)
		return XDP_PASS;
	program->packets++;

	packet.length = bpf_xdp_get_buff_len(ctx);
	parsed = parse(ctx, &packet);
	if (parsed != PARSED_UDP)
		return pass(program, parsed);
	flow = find_flow(&packet.key);
	if (!flow)
		return pass(program, parsed);
	counters = bpf_map_lookup_elem(&per_flow, flow);
	if (!counters)
		return pass(program, parsed);
	counters->seen++;
	counters->bytes += packet.length;
	return redirect(ctx, *flow, &packet, now, counters);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
