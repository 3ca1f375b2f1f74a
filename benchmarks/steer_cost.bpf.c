// SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause)
/*
 * Makes of one frame, run again and again by BPF_PROG_TEST_RUN, a stream: moves the RTP sequence number on, takes off
 * the metadata of the run before, and goes on to the program that is measured.
 */
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "flow.h"

#define RTP_OFFSET (14 + 20 + 8)

__u32 program = 0; /* which of `measured` */
__u16 step = 0;
__u8 other_ssrc = 0; /* toggled in the last byte of the SSRC */

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 2);
} measured SEC(".maps");

SEC("xdp")
int advance(struct xdp_md *ctx)
{
	__u8 *data;

	bpf_xdp_adjust_meta(ctx, sizeof(struct packet_meta)); /* refused where there is none */
	data = (void *)(long)ctx->data;
	if (data + RTP_OFFSET + 12 > (__u8 *)(long)ctx->data_end)
		return XDP_ABORTED;
	*(__be16 *)(data + RTP_OFFSET + 2) = bpf_htons(bpf_ntohs(*(__be16 *)(data + RTP_OFFSET + 2)) + step);
	data[RTP_OFFSET + 11] ^= other_ssrc;
	bpf_tail_call(ctx, &measured, program);
	return XDP_ABORTED;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
