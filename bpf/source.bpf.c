// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * An RTP source. The shim runs it with BPF_PROG_TEST_RUN and BPF_F_TEST_XDP_LIVE_FRAMES: the kernel makes a frame and
 * calls it once a turn; the program makes the frame the next packet of the flow whose turn it is and redirects it out
 * of the interface.
 *
 * The kernel reuses pages, so a frame may hold any flow's earlier headers: all headers are written each time. What is
 * behind them is zero in every frame.
 *
 * It also keeps the schedule: before the first turn of a group it waits until the group is due. The kernel has softirqs
 * off and hands frames over only at the end of a batch, which is as long as a group.
 */
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "pace.h"
#include "source_frame.h"

#define LOOKS_MAX 65536 /* at the clock, about a millisecond; the shim sees to it that the wait is shorter */

/* Set before loading. */
const volatile struct pattern pattern = {};
const volatile __u32 ifindex = 0;
const volatile __u32 flow_count = 1;
const volatile __u32 headers_bytes = 0; /* written to each frame: 74, or less where the frame is shorter */

/* Mapped by the shim: it writes the flows before the first run and reads the counters at any time. */
struct source_flow flows[SOURCE_FLOWS];
__u32 turn_of = 0; /* index of the flow that is next */

/* Written by the shim before each run. */
struct pace pace = {};
__u32 run_left = 0;   /* turns */
__u32 group_left = 0; /* turns that go out with the last one; 0 before the first */

static long is_due(__u32 look __attribute__((unused)), void *due_ns)
{
	return bpf_ktime_get_ns() >= *(__u64 *)due_ns;
}

static __always_inline void await_group(void)
{
	__u64 due_ns;

	group_left = run_left < pace.group ? run_left : pace.group;
	due_ns = pace_due_ns(&pace, group_left);
	if (due_ns)
		bpf_loop(LOOKS_MAX, is_due, &due_ns, 0);
	pace.last_ns = bpf_ktime_get_ns();
}

static __always_inline void stamp(struct source_flow *flow, __u16 position)
{
	__be16 sequence = bpf_htons(flow->first_sequence + position);
	__be32 timestamp = bpf_htonl(source_rtp_time(pace.last_ns));

	flow->headers.rtp.sequence = sequence;
	flow->headers.rtp.timestamp = timestamp;
	flow->headers.udp.check =
		source_udp_checksum(flow->checksum_base + sequence + (timestamp & 0xffff) + (timestamp >> 16));
}

SEC("xdp")
int send(struct xdp_md *ctx)
{
	struct source_flow *flow = &flows[turn_of % SOURCE_FLOWS];
	enum pattern_turn turn;
	__u64 position = 0;
	void *headers;

	turn = pattern_take_turn(&pattern, &flow->cursor, &flow->counters, &position);
	if (turn == PATTERN_DONE)
		return XDP_DROP; /* all flows have equally many turns: they are done together */
	if (!group_left)
		await_group();
	group_left--;
	run_left--;
	pace.turn++;
	turn_of = turn_of + 1 == flow_count ? 0 : turn_of + 1;
	if (turn == PATTERN_LOSE)
		return XDP_DROP;

	stamp(flow, position);
	headers = (void *)&flow->headers + (flow->ipv6 ? 0 : SOURCE_IPV4_START);
	if (bpf_xdp_store_bytes(ctx, 0, headers, headers_bytes))
		return XDP_ABORTED; /* impossible: the shim makes the frame at least as long */
	flow->counters.sent++;
	return bpf_redirect(ifindex, 0);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
