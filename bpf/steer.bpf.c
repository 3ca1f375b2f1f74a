// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Steers the packets of known flows into AF_XDP sockets and leaves everything else to the kernel's stack.
 *
 * It fails open: whatever it does not know, cannot read or has no socket for gets XDP_PASS. It changes no byte of a
 * packet; it puts struct packet_meta in front of those that it redirects.
 */
#include <linux/bpf.h>

#include <bpf/bpf_helpers.h>

#include "flow.h"
#include "rtp_watch.h"
#include "steer_packet.h"

#define LOCK_ROUNDS_MAX (1 << 20) /* some 10 ms */

/* benchmarks/peer/ceiling.bpf.c measures what is in front of it. */
#ifndef DELIVER
#define DELIVER(slot) bpf_redirect_map(&sockets, slot, XDP_PASS)
#endif

/* How many queues a flow has slots for; set before loading. */
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

/* By slot: the longest packet that the socket takes, in one frame or in several. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 1);
} longest SEC(".maps");

/* By slot: packets that found no socket there. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} strays SEC(".maps");

/* One for all CPUs: a flow may hop between them, and between queues. */
struct locked_watch {
	struct flow_watch watch;
	__u64 locked; /* 1 or 0 */
};

struct lock_wait {
	__u32 flow;
	__u32 locked;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, struct locked_watch);
	__uint(max_entries, 1);
} watches SEC(".maps");

/*
 * Not on the stack: without CAP_PERFMON the verifier puts a barrier behind what is written there first (against
 * speculative store bypass), which takes half as long again as all the rest.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, struct packet);
	__uint(max_entries, 1);
} scratch SEC(".maps");

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
	program->unparsable += parsed == PARSED_BROKEN || parsed == PARSED_INVALID;
	return XDP_PASS;
}

static __always_inline bool try_lock(struct locked_watch *locked)
{
	return !__sync_val_compare_and_swap(&locked->locked, 0, 1);
}

/* A round of bpf_loop; 1 ends it. */
static long lock_again(__u32 round __attribute__((unused)), struct lock_wait *wait)
{
	struct locked_watch *locked = bpf_map_lookup_elem(&watches, &wait->flow);

	wait->locked = locked && try_lock(locked);
	return wait->locked;
}

static __noinline bool wait_for_lock(__u32 flow)
{
	struct lock_wait wait = { .flow = flow };

	bpf_loop(LOCK_ROUNDS_MAX, lock_again, &wait, 0);
	return wait.locked;
}

/*
 * A lock of its own because bpf_spin_lock costs 40 ns. It is held for some 10 ns, and no softirq interrupts another, so
 * the wait is short; it has an end all the same, behind which the packet counts as missing.
 */
static __noinline int watch(const struct packet *packet, struct flow_counters *counters)
{
	struct locked_watch *locked = bpf_map_lookup_elem(&watches, &packet->flow);

	if (!locked || !(try_lock(locked) || wait_for_lock(packet->flow)))
		return 0;
	counters->missing += watch_packet(&locked->watch, packet->ssrc, packet->sequence, packet->arrival_ns);
	__sync_lock_test_and_set(&locked->locked, 0);
	counters->watched++;
	return 0;
}

static __always_inline void count_stray(__u32 slot)
{
	__u64 *count = bpf_map_lookup_elem(&strays, &slot);

	if (count)
		__sync_fetch_and_add(count, 1);
}

static __always_inline int redirect(struct xdp_md *ctx, const struct packet *packet, struct flow_counters *counters)
{
	__u32 slot = packet->flow * queues + ctx->rx_queue_index;
	struct packet_meta *meta;
	struct bpf_xdp_sock *socket;
	__u32 *limit;

	if (ctx->rx_queue_index >= queues) {
		counters->no_socket++;
		return XDP_PASS;
	}
	socket = bpf_map_lookup_elem(&sockets, &slot);
	if (!socket) {
		counters->no_socket++;
		count_stray(slot);
		return XDP_PASS;
	}
	/* The kernel would drop it with -EINVAL and count it nowhere. */
	if (socket->queue_id != ctx->rx_queue_index) {
		counters->wrong_queue++;
		return XDP_PASS;
	}
	/* The kernel would drop it, and count it as if the ring were to blame. */
	limit = bpf_map_lookup_elem(&longest, &slot);
	if (limit && packet->length > *limit) {
		counters->too_large++;
		if (packet->length > counters->largest_refused)
			counters->largest_refused = packet->length;
		return XDP_PASS;
	}
	if (bpf_xdp_adjust_meta(ctx, -(int)sizeof(*meta))) {
		counters->no_metadata++;
		return XDP_PASS;
	}
	meta = (void *)(long)ctx->data_meta;
	if ((void *)(meta + 1) > (void *)(long)ctx->data)
		return XDP_PASS; /* for the verifier: adjust_meta has just made the room */
	meta->flow = packet->flow;
	meta->payload_offset = packet->payload_offset;
	meta->payload_length = packet->payload_length;
	meta->arrival_ns = packet->arrival_ns;
	counters->redirected++;
	return DELIVER(slot);
}

SEC("xdp")
int steer(struct xdp_md *ctx)
{
	__u64 now = bpf_ktime_get_ns();
	struct program_counters *program;
	struct flow_counters *counters;
	struct packet *packet;
	enum parsed parsed;
	__u32 zero = 0;
	__u32 *flow;

	program = bpf_map_lookup_elem(&per_program, &zero);
	packet = bpf_map_lookup_elem(&scratch, &zero);
	if (!program || !packet)
		return XDP_PASS;
	program->packets++;

	__builtin_memset(packet, 0, sizeof(*packet));
	packet->arrival_ns = now;
	packet->length = bpf_xdp_get_buff_len(ctx);
	parsed = parse(ctx, packet);
	if (parsed == PARSED_OTHER || parsed == PARSED_BROKEN)
		return pass(program, parsed);
	flow = find_flow(&packet->key);
	if (!flow)
		return pass(program, parsed);
	packet->flow = *flow;
	counters = bpf_map_lookup_elem(&per_flow, flow);
	if (!counters)
		return pass(program, parsed);
	if (parsed == PARSED_INVALID) {
		counters->invalid++;
		return pass(program, parsed);
	}
	if (parsed == PARSED_FRAGMENT) {
		counters->fragmented++;
		return pass(program, parsed);
	}
	counters->seen++;
	counters->bytes += packet->length;
	/* Ahead of what becomes of it: this is about what arrived. */
	if (packet->rtp)
		watch(packet, counters);
	return redirect(ctx, packet, counters);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
