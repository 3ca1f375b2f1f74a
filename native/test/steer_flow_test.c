/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flows that go and ids that are used again: what the XDP program redirects and counts then, by BPF_PROG_TEST_RUN. Two
 * queues, a socket on queue 0. Needs root; runs in a network namespace of its own.
 */
#define _GNU_SOURCE 1
#include "steer_check.h"

#define FLOWS 2

static struct flow_key key_of(const char *destination, const char *source)
{
	struct flow_key key = { .port = htons(5004) };

	inet_pton(AF_INET6, destination, key.destination);
	inet_pton(AF_INET6, source, key.source);
	return key;
}

static int run_frame(uint32_t queue, struct frame frame)
{
	uint8_t bytes[UDP_FRAME_MAX];

	return run_on(queue, bytes, make_frame(bytes, frame)).action;
}

static void test_remove(const struct flow_key *key)
{
	const struct flow_counters before = flow_counters(0);
	const struct program_counters program_before = program();
	const struct flow_key stranger = key_of("::ffff:239.1.2.4", "::");
	struct flow_counters after;

	CHECK(run_frame(0, ipv4) == XDP_REDIRECT, "before");
	CHECK(xdp4j_steer_remove_flow(steer, key, 1) == -ENOENT, "another id");
	CHECK(xdp4j_steer_remove_flow(steer, &stranger, 0) == -ENOENT, "another key");
	CHECK(run_frame(0, ipv4) == XDP_REDIRECT, "removed by a call that was refused");
	CHECK(!xdp4j_steer_remove_flow(steer, key, 0), "remove");
	CHECK(run_frame(0, ipv4) == XDP_PASS, "after");
	after = flow_counters(0);
	CHECK(after.seen == before.seen + 2, "%llu seen", after.seen - before.seen);
	CHECK(program().passed == program_before.passed + 1, "passed");
	CHECK(xdp4j_steer_remove_flow(steer, key, 0) == -ENOENT, "twice");

	/* The sockets stay in their slots. */
	CHECK(!xdp4j_steer_add_flow(steer, key, 0, &error), "%s", error.text);
	CHECK(run_frame(0, ipv4) == XDP_REDIRECT, "added again");
}

/*
 * The two flows differ in the source only. While one of them names it, it goes before the other one; how often flows
 * came and went must not change that.
 */
static void test_source_specific(const struct flow_key *any_source)
{
	const struct flow_key specific = key_of("::ffff:239.1.2.3", "::ffff:10.99.0.7");
	const struct frame from_7 = { .payload = 172, .sender = 7 };

	for (int round = 0; round < 3; round++) {
		struct flow_counters any = flow_counters(0), named = flow_counters(1);

		CHECK(!xdp4j_steer_add_flow(steer, &specific, 1, &error), "%s", error.text);
		CHECK(!xdp4j_steer_remove_flow(steer, any_source, 0), "remove");
		CHECK(!xdp4j_steer_add_flow(steer, any_source, 0, &error), "%s", error.text);
		run_frame(0, from_7);
		CHECK(flow_counters(1).seen == named.seen + 1 && flow_counters(0).seen == any.seen, "named");
		CHECK(!xdp4j_steer_remove_flow(steer, &specific, 1), "remove");
		run_frame(0, from_7);
		CHECK(flow_counters(1).seen == named.seen + 1 && flow_counters(0).seen == any.seen + 1, "any");
	}
}

/* Every counter of the flow has something in it, and so has its sequence watch. */
static void fill(void)
{
	static const uint16_t sequences[] = { 100, 105 };
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count;

	for (int i = 0; i < 2; i++)
		run_frame(i, (struct frame){ .payload = 172, .rtp = true, .sequence = sequences[i], .ssrc = 1 });
	run_frame(0, (struct frame){ .payload = 1751 });
	count = make_frame(bytes, ipv4);
	put16(bytes + 38, 7); /* UDP shorter than its header */
	run_on(0, bytes, count);
	count = make_frame(bytes, ipv4);
	put16(bytes + 20, 0x2000); /* RFC 791 3.1: more fragments */
	run_on(0, bytes, count);
}

static void test_reset(const struct flow_key *key)
{
	const struct flow_counters none = { 0 }, other = flow_counters(1);
	struct flow_counters filled, after;
	uint64_t strays[2];

	fill();
	filled = flow_counters(0);
	CHECK(filled.seen && filled.redirected && filled.no_socket && filled.too_large && filled.largest_refused &&
		      filled.invalid && filled.fragmented && filled.watched && filled.bytes,
	      "not filled");
	CHECK(filled.missing == 4, "%lld missing", filled.missing);
	CHECK(!xdp4j_steer_strays(steer, 0, strays) && strays[1] == 1, "strays");

	CHECK(!xdp4j_steer_remove_flow(steer, key, 0), "remove");
	CHECK(!xdp4j_steer_reset_flow(steer, 0), "reset");
	CHECK(xdp4j_steer_reset_flow(steer, FLOWS) == -EINVAL, "one flow too many");
	after = flow_counters(0);
	CHECK(!memcmp(&after, &none, sizeof(none)), "counters");
	CHECK(!xdp4j_steer_strays(steer, 0, strays) && !strays[0] && !strays[1], "strays");
	after = flow_counters(1);
	CHECK(!memcmp(&after, &other, sizeof(other)), "the other flow's counters");

	/* The watch has forgotten sequence 105: 200 is the first of its SSRC, and only 201 and 202 are missing. */
	CHECK(!xdp4j_steer_add_flow(steer, key, 0, &error), "%s", error.text);
	run_frame(0, (struct frame){ .payload = 172, .rtp = true, .sequence = 200, .ssrc = 1 });
	run_frame(0, (struct frame){ .payload = 172, .rtp = true, .sequence = 203, .ssrc = 1 });
	after = flow_counters(0);
	CHECK(after.seen == 2 && after.redirected == 2 && after.watched == 2, "%llu seen", after.seen);
	CHECK(after.missing == 2, "%lld missing", after.missing);
}

int main(void)
{
	const struct xdp4j_umem_options umem_options = {
		.frame_size = 2048, .frames = 64, .fill_ring = 64, .numa_node = -1
	};
	const struct flow_key any = key_of("::ffff:239.1.2.3", "::");
	struct xdp_desc batch[8];
	const struct xdp4j_xsk_options options = {
		.interface = "rx0", .rx_ring = 64, .mode = XDP4J_MODE_AUTO, .batch = batch, .batch_size = 8
	};
	struct xdp4j_umem *umem;
	struct xdp4j_xsk *xsk;

	enter_lab(2);
	CHECK(!xdp4j_umem_open(&umem, &umem_options, &error), "%s", error.text);
	CHECK(!xdp4j_xsk_open(&xsk, umem, &options, &error), "%s", error.text);
	CHECK(!xdp4j_steer_load(&steer, FLOWS, 2, false, &error), "%s", error.text);
	CHECK(!xdp4j_steer_add_flow(steer, &any, 0, &error), "%s", error.text);
	for (uint32_t flow = 0; flow < FLOWS; flow++)
		CHECK(!xdp4j_steer_set_socket(steer, flow, 0, xdp4j_xsk_fd(xsk), 1792, &error), "%s", error.text);

	test_remove(&any);
	test_source_specific(&any);
	test_reset(&any);

	xdp4j_steer_close(steer);
	xdp4j_xsk_close(xsk);
	CHECK(!xdp4j_umem_close(umem), "close");
	return 0;
}
