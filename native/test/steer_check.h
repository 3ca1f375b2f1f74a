/* SPDX-License-Identifier: Apache-2.0 */
/* What the XDP program should make of one frame. Include it behind _GNU_SOURCE. */
#ifndef XDP4J_TEST_STEER_CHECK_H
#define XDP4J_TEST_STEER_CHECK_H

#include "steer_lab.h"

#include <time.h>

static const struct frame ipv4 = { .payload = 172 };
static const struct frame ipv6 = { .ipv6 = true, .payload = 172 };

/* `tags`: the EtherTypes of VLAN tags, outermost first, ended by 0. */
static inline void redirects(const char *name, struct frame frame, const uint16_t tags[3], uint32_t flow,
			     uint16_t payload_offset)
{
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count = make_frame(bytes, frame);
	struct timespec before, after;
	struct outcome outcome;

	for (int i = 2; i >= 0; i--) {
		if (tags && tags[i])
			insert_vlan(bytes, &count, tags[i]);
	}
	clock_gettime(CLOCK_MONOTONIC, &before);
	outcome = run_on(0, bytes, count);
	clock_gettime(CLOCK_MONOTONIC, &after);
	CHECK(outcome.action == XDP_REDIRECT, "%s: action %d", name, outcome.action);
	CHECK(outcome.frame_bytes == count && !memcmp(outcome.frame, bytes, count), "%s: the frame was changed", name);
	CHECK(outcome.meta.flow == flow, "%s: flow %u", name, outcome.meta.flow);
	CHECK(outcome.meta.payload_offset == payload_offset, "%s: payload at %u", name, outcome.meta.payload_offset);
	CHECK(outcome.meta.payload_length == frame.payload, "%s: payload of %u", name, outcome.meta.payload_length);
	CHECK(outcome.meta.arrival_ns >= before.tv_sec * 1000000000ull + before.tv_nsec &&
		      outcome.meta.arrival_ns <= after.tv_sec * 1000000000ull + after.tv_nsec,
	      "%s: arrival %llu", name, outcome.meta.arrival_ns);
}

static inline struct program_counters program(void)
{
	struct program_counters counters;

	CHECK(!xdp4j_steer_program_counters(steer, &counters), "cannot read");
	return counters;
}

static inline struct flow_counters flow_counters(uint32_t flow)
{
	struct flow_counters counters;

	CHECK(!xdp4j_steer_flow_counters(steer, flow, &counters), "cannot read");
	return counters;
}

/* It passes, unchanged and without metadata, and counts as unparsable or not. */
static inline void passes(const char *name, const uint8_t *bytes, size_t count, bool unparsable)
{
	struct program_counters before = program(), after;
	struct outcome outcome = run_on(0, bytes, count);

	after = program();
	CHECK(outcome.action == XDP_PASS, "%s: action %d", name, outcome.action);
	CHECK(outcome.frame_bytes == count && !memcmp(outcome.frame, bytes, count), "%s: the frame was changed", name);
	CHECK(after.packets == before.packets + 1 && after.passed == before.passed + 1, "%s: not counted", name);
	CHECK(after.unparsable == before.unparsable + unparsable, "%s: unparsable", name);
}

static inline void insert_tags(uint8_t *bytes, size_t *count, int tags)
{
	for (int i = 0; i < tags; i++)
		insert_vlan(bytes, count, 0x8100);
}

/* A frame with a mutation passes; the mutation sees it as `bytes` and `count`. */
#define MUTATED(name, of, unparsable, mutation)                                                                        \
	do {                                                                                                           \
		count = make_frame(bytes, of);                                                                         \
		mutation;                                                                                              \
		passes(name, bytes, count, unparsable);                                                                \
	} while (0)

#endif
