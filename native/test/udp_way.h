/* SPDX-License-Identifier: Apache-2.0 */
/* Each way to receive from a socket, and what the tests of all of them need. Include it behind _GNU_SOURCE. */
#ifndef XDP4J_TEST_UDP_WAY_H
#define XDP4J_TEST_UDP_WAY_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "udp_frame.h"
#include "udp_lab.h"
#include "xdp4j.h"

#define FLOW 7
#define BATCH 64
#define SLOT_BYTES 2048
#define HEADROOM 64
#define SETTLE_MS 5000

/* One way to receive: each test that is not about one of them runs them all. */
struct way {
	enum xdp4j_udp_kind kind;
	bool ipv6;
	uint16_t payload_offset; /* RFC 791: 20 without options; RFC 768: 8 */
};

static const struct way WAYS[] = {
	{ XDP4J_UDP_RAW, false, 28 },
	{ XDP4J_UDP_RAW, true, 8 },
	{ XDP4J_UDP_RECVMMSG, false, 0 },
	{ XDP4J_UDP_RECVMMSG, true, 0 },
};

#define EACH_WAY(way) for (const struct way *way = WAYS; way < WAYS + 4; way++)

static _Alignas(64) char area[BATCH * SLOT_BYTES];
static struct xdp_desc batch[BATCH];
static int wire;

static inline void send_frame(const struct way *way, struct frame frame)
{
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count;

	frame.ipv6 = way->ipv6;
	count = make_frame(bytes, frame);
	CHECK(send(wire, bytes, count, 0) == (ssize_t)count);
}

static inline struct xdp4j_udp_options usual(const struct way *way)
{
	struct xdp4j_udp_options options = {
		.kind = way->kind,
		.interface = "rx0",
		.key.port = htons(UDP_FRAME_PORT),
		.flow = FLOW,
		.receive_buffer = 1 << 20,
		.area = area,
		.slot_bytes = SLOT_BYTES,
		.batch = batch,
		.batch_size = BATCH,
	};

	address(options.key.destination, way->ipv6, true, 0);
	return options;
}

static inline struct xdp4j_udp *open_or_exit(struct xdp4j_udp_options options)
{
	struct xdp4j_error error;
	struct xdp4j_udp *udp;

	if (xdp4j_udp_open(&udp, &options, &error)) {
		fprintf(stderr, "%s\n", error.text);
		exit(1);
	}
	return udp;
}

/* The next batch that is not empty, or 0 when nothing comes within the time that a packet on a veth may take. */
static inline int receive(struct xdp4j_udp *udp)
{
	while (xdp4j_udp_wait(udp, SETTLE_MS) == 1) {
		int count = xdp4j_udp_receive(udp);

		CHECK(count >= 0);
		if (count)
			return count;
	}
	return 0;
}

static inline struct xdp4j_udp_statistics statistics(const struct xdp4j_udp *udp)
{
	struct xdp4j_udp_statistics result;

	CHECK(!xdp4j_udp_statistics(udp, &result));
	return result;
}

#endif
