/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the XDP program on a frame, by BPF_PROG_TEST_RUN. Include it behind _GNU_SOURCE. */
#ifndef XDP4J_TEST_STEER_LAB_H
#define XDP4J_TEST_STEER_LAB_H

#include "xdp_lab.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include "xdp4j.h"

#define META ((int)sizeof(struct packet_meta))

static struct xdp4j_steer *steer;
static struct xdp4j_error error;

struct outcome {
	int action;
	struct packet_meta meta;
	uint8_t frame[UDP_FRAME_MAX];
	uint32_t frame_bytes;
};

/* Runs the program on a frame that arrives on a queue of rx0. */
static inline struct outcome run_on(uint32_t queue, const uint8_t *bytes, uint32_t count)
{
	struct xdp_md in = { .data_end = count, .ingress_ifindex = if_nametoindex("rx0"), .rx_queue_index = queue };
	uint8_t out_bytes[META + UDP_FRAME_MAX];
	struct outcome outcome = { 0 };
	struct xdp_md out = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = bytes, .data_size_in = count, .data_out = out_bytes,
		    .data_size_out = sizeof(out_bytes), .ctx_in = &in, .ctx_size_in = sizeof(in), .ctx_out = &out,
		    .ctx_size_out = sizeof(out), .repeat = 1);

	CHECK(!bpf_prog_test_run_opts(xdp4j_steer_program_fd(steer), &options), "%s", strerror(errno));
	outcome.action = options.retval;
	outcome.frame_bytes = options.data_size_out - out.data;
	if (out.data == META)
		memcpy(&outcome.meta, out_bytes, META);
	memcpy(outcome.frame, out_bytes + out.data, outcome.frame_bytes);
	return outcome;
}

static inline void insert_vlan(uint8_t *bytes, size_t *count, uint16_t protocol)
{
	memmove(bytes + 16, bytes + 12, *count - 12);
	put16(bytes + 12, protocol);
	put16(bytes + 14, 7);
	*count += 4;
}

#endif
