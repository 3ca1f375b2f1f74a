/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The XDP program, frame by frame, by BPF_PROG_TEST_RUN: what it redirects, what it passes, what it counts and what it
 * writes in front of a packet. Two queues, a socket on queue 0. Needs root; runs in a network namespace of its own.
 */
#define _GNU_SOURCE 1
#include "steer_check.h"

#include <pthread.h>

#define FLOWS 4

static void test_flows(void)
{
	static const uint16_t vlan[3] = { 0x8100 }, qinq[3] = { 0x88a8, 0x8100 }, double_8021q[3] = { 0x8100, 0x8100 };
	static const uint16_t triple[3] = { 0x88a8, 0x8100, 0x8100 };
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count;

	/* 14 Ethernet + 20 IPv4 (RFC 791) or 40 IPv6 (RFC 8200) + 8 UDP (RFC 768); 4 more for each tag. */
	redirects("IPv4", ipv4, NULL, 0, 42);
	redirects("IPv6", ipv6, NULL, 1, 62);
	redirects("802.1Q", ipv4, vlan, 0, 46);
	redirects("QinQ", ipv4, qinq, 0, 50);
	redirects("two 802.1Q tags", ipv4, double_8021q, 0, 50);
	redirects("IPv6 in QinQ", ipv6, qinq, 1, 70);
	redirects("IPv4 options", (struct frame){ .payload = 172, .ip_options = true }, NULL, 0, 46);
	redirects("padded", (struct frame){ .payload = 4, .padding = 14 }, NULL, 0, 42);
	redirects("no payload", (struct frame){ .padding = 18 }, NULL, 0, 42);
	redirects("another sender", (struct frame){ .payload = 172, .sender = 9 }, NULL, 0, 42);
	redirects("the flow that names its sender", (struct frame){ .payload = 172, .sender = 7 }, NULL, 2, 42);

	count = make_frame(bytes, ipv4);
	for (int i = 2; i >= 0; i--)
		insert_vlan(bytes, &count, triple[i]);
	passes("three tags", bytes, count, false);
}

static void test_strangers(void)
{
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count;

	MUTATED("another port", ipv4, false, put16(bytes + 36, 5006));
	MUTATED("another group", ipv4, false, bytes[33] ^= 1);
	MUTATED("another IPv6 group", ipv6, false, bytes[53] ^= 1);
	MUTATED("ARP", ipv4, false, put16(bytes + 12, 0x0806));
	MUTATED("TCP", ipv4, false, bytes[23] = 6);
	MUTATED("IGMP", ipv4, false, bytes[23] = 2);
	MUTATED("TCP over IPv6", ipv6, false, bytes[20] = 6);
	MUTATED("IPv6 hop-by-hop options before UDP", ipv6, false, bytes[20] = 0);

	MUTATED("IPv4 version 5", ipv4, true, bytes[14] = 0x55);
	MUTATED("IPv4 header of 16 bytes", ipv4, true, bytes[14] = 0x44);
	MUTATED("IPv4 longer than the frame", ipv4, true, put16(bytes + 16, count - 14 + 1));
	MUTATED("IPv4 shorter than its header", ipv4, true, put16(bytes + 16, 19));
	MUTATED("IPv6 version 7", ipv6, true, bytes[14] = 0x70);
	MUTATED("IPv6 longer than the frame", ipv6, true, put16(bytes + 18, count - 54 + 1));
	MUTATED("UDP shorter than its header", ipv4, true, put16(bytes + 38, 7));
	MUTATED("UDP longer than IPv4 grants", ipv4, true, put16(bytes + 38, 181));
	MUTATED("UDP longer than IPv6 grants", ipv6, true, put16(bytes + 58, 181));
}

/* Cut anywhere, a frame never counts as the flow's: the IP length contradicts the frame. */
static void test_truncation(void)
{
	const struct frame frames[] = { ipv4, ipv6, { .payload = 172, .ip_options = true } };
	uint8_t bytes[UDP_FRAME_MAX];

	for (int i = 0; i < 3; i++) {
		size_t whole = make_frame(bytes, frames[i]);

		for (size_t count = 14; count < whole; count++) /* the kernel runs nothing shorter than a header */
			passes("truncated", bytes, count, true);
	}
}

static void test_queues(void)
{
	const struct flow_counters before = flow_counters(0);
	struct flow_counters after;
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count = make_frame(bytes, ipv4);

	CHECK(run_on(0, bytes, count).action == XDP_REDIRECT, "the socket's queue");
	CHECK(run_on(1, bytes, count).action == XDP_PASS, "a queue without a socket");
	after = flow_counters(0);
	CHECK(after.seen == before.seen + 2, "seen");
	CHECK(after.bytes == before.bytes + 2 * count, "bytes");
	CHECK(after.redirected == before.redirected + 1, "redirected");
	CHECK(after.no_socket == before.no_socket + 1, "no socket");

	/* Flow 3's slot for queue 1 holds the socket of queue 0. */
	put16(bytes + 36, 5010);
	CHECK(run_on(1, bytes, count).action == XDP_PASS, "a socket of another queue");
	after = flow_counters(3);
	CHECK(after.seen == 1 && after.wrong_queue == 1 && !after.redirected && !after.no_socket, "wrong queue");
}

/* Behind every kind of header, on either queue: 7, 8 and 11 of an SSRC, so 9 and 10 are missing. */
static void test_sequence(void)
{
	static const struct {
		struct frame frame;
		int tags;
		uint32_t flow;
	} kinds[] = {
		{ { .payload = 172 }, 0, 0 },
		{ { .payload = 12 }, 0, 0 },
		{ { .payload = 12, .padding = 6 }, 0, 0 },
		{ { .payload = 172 }, 1, 0 },
		{ { .payload = 172 }, 2, 0 },
		{ { .payload = 172, .ip_options = true }, 0, 0 },
		{ { .payload = 12, .ip_options = true }, 2, 0 },
		{ { .payload = 172, .ipv6 = true }, 0, 1 },
		{ { .payload = 12, .ipv6 = true }, 2, 1 },
	};
	static const uint16_t sequences[] = { 7, 8, 11 };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		const struct flow_counters before = flow_counters(kinds[i].flow);
		struct flow_counters after;

		for (int k = 0; k < 3; k++) {
			struct frame frame = kinds[i].frame;
			uint8_t bytes[UDP_FRAME_MAX];
			size_t count;

			frame.rtp = true;
			frame.sequence = sequences[k];
			frame.ssrc = 0x12345600 + i;
			count = make_frame(bytes, frame);
			insert_tags(bytes, &count, kinds[i].tags);
			run_on(k % 2, bytes, count);
		}
		after = flow_counters(kinds[i].flow);
		CHECK(after.watched == before.watched + 3, "kind %zu: %llu watched", i, after.watched - before.watched);
		CHECK(after.missing == before.missing + 2, "kind %zu: %lld missing", i, after.missing - before.missing);
	}
}

static void test_what_is_no_rtp(void)
{
	const struct flow_counters before = flow_counters(0);
	struct flow_counters after;
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count = make_frame(bytes, (struct frame){ .payload = 172, .rtp = true });

	bytes[42] = 0x40; /* version 1 */
	run_on(0, bytes, count);
	bytes[42] = 0x80;
	bytes[43] = 200; /* RTCP sender report (RFC 3550 6.4.1) */
	run_on(0, bytes, count);
	count = make_frame(bytes, (struct frame){ .payload = 11, .padding = 7 });
	bytes[42] = 0x80;
	run_on(0, bytes, count);
	after = flow_counters(0);
	CHECK(after.seen == before.seen + 3 && after.redirected == before.redirected + 3, "seen");
	CHECK(after.watched == before.watched && after.missing == before.missing, "watched");
}

/* A frame of 2,048 bytes less XDP_PACKET_HEADROOM holds 1,792: 14 + 20 + 8 + 1,750. */
static void test_length(void)
{
	const struct flow_counters before = flow_counters(0);
	struct flow_counters after;
	uint8_t bytes[UDP_FRAME_MAX];

	CHECK(run_on(0, bytes, make_frame(bytes, (struct frame){ .payload = 1750 })).action == XDP_REDIRECT, "1792");
	CHECK(flow_counters(0).too_large == before.too_large, "too large");
	CHECK(run_on(0, bytes, make_frame(bytes, (struct frame){ .payload = 1751 })).action == XDP_PASS, "1793");
	CHECK(flow_counters(0).largest_refused == 1793, "largest");
	run_on(0, bytes, make_frame(bytes, (struct frame){ .payload = 1900 }));
	run_on(0, bytes, make_frame(bytes, (struct frame){ .payload = 1760 }));
	after = flow_counters(0);
	CHECK(after.largest_refused == 1942, "largest");
	CHECK(after.too_large == before.too_large + 3 && after.redirected == before.redirected + 1, "too large");
	CHECK(after.seen == before.seen + 4, "seen");
}

/* To a flow's address and port, but with lengths that cannot be: the flow's, and yet not seen. */
static void test_invalid(void)
{
	const struct flow_counters before = flow_counters(0), before_ipv6 = flow_counters(1);
	const struct frame rtp = { .payload = 172, .rtp = true, .sequence = 60000 };
	struct flow_counters after;
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count;

	MUTATED("UDP shorter than its header", rtp, true, put16(bytes + 38, 7));
	MUTATED("UDP longer than IPv4 grants", rtp, true, put16(bytes + 38, 181));
	MUTATED("IPv4 longer than the frame", rtp, true, put16(bytes + 16, count - 14 + 1));
	MUTATED("IPv4 shorter than its header", rtp, true, put16(bytes + 16, 19));
	MUTATED("IPv4 without room for UDP", rtp, true, put16(bytes + 16, 27));
	MUTATED("cut behind the UDP header", rtp, true, count = 42);
	MUTATED("cut within the UDP header: no flow's", rtp, true, count = 41);
	MUTATED("another port: no flow's", rtp, true, {
		put16(bytes + 36, 5006);
		put16(bytes + 38, 7);
	});
	after = flow_counters(0);
	CHECK(after.invalid == before.invalid + 6, "%llu invalid", after.invalid - before.invalid);
	CHECK(after.seen == before.seen && after.bytes == before.bytes && after.watched == before.watched, "seen");
	MUTATED("UDP longer than IPv6 grants", ipv6, true, put16(bytes + 58, 181));
	MUTATED("IPv6 longer than the frame", ipv6, true, put16(bytes + 18, count - 54 + 1));
	CHECK(flow_counters(1).invalid == before_ipv6.invalid + 2, "IPv6");
}

static void insert_ipv6_fragment(uint8_t *bytes, size_t *count, uint16_t offset)
{
	static const uint8_t HEADER[8] = { 17, 0, 0, 0, 0x12, 0x34, 0x56, 0x78 }; /* RFC 8200 4.5 */

	memmove(bytes + 62, bytes + 54, *count - 54);
	memcpy(bytes + 54, HEADER, sizeof(HEADER));
	put16(bytes + 56, offset);
	bytes[20] = 44;
	put16(bytes + 18, *count - 54 + sizeof(HEADER));
	*count += sizeof(HEADER);
}

/* The first fragment tells whose the datagram is, and is counted there and nowhere else; later ones tell nothing. */
static void test_fragments(void)
{
	const struct frame rtp = { .payload = 172, .rtp = true, .sequence = 60000 };
	const struct frame rtp6 = { .ipv6 = true, .payload = 172, .rtp = true, .sequence = 60000 };
	struct flow_counters expected[FLOWS], after;
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count;

	for (uint32_t flow = 0; flow < FLOWS; flow++)
		expected[flow] = flow_counters(flow);

	for (int tags = 0; tags < 3; tags++) {
#define FRAGMENT4(name, of, unparsable, flags_and_offset, mutation)                                                    \
	MUTATED(name, of, unparsable, {                                                                                \
		put16(bytes + 20, flags_and_offset);                                                                   \
		mutation;                                                                                              \
		insert_tags(bytes, &count, tags);                                                                      \
	})
		/* RFC 791 3.1: 0x4000 don't fragment, 0x2000 more fragments, then the offset in units of 8 bytes. */
		FRAGMENT4("first", rtp, false, 0x2000, );
		FRAGMENT4("first, the datagram ends elsewhere", rtp, false, 0x2000, put16(bytes + 38, 3008));
		FRAGMENT4("first, with nothing but the UDP header", rtp, false, 0x2000, {
			put16(bytes + 16, 28);
			count = 42;
		});
		FRAGMENT4("first, behind options", ((struct frame){ .payload = 172, .ip_options = true }), false,
			  0x2000, );
		FRAGMENT4("first, of flow 2's sender", ((struct frame){ .payload = 172, .sender = 7 }), false,
			  0x2000, );
		FRAGMENT4("first, another port", rtp, false, 0x2000, put16(bytes + 36, 5006));
		FRAGMENT4("first, another group", rtp, false, 0x2000, bytes[33] ^= 1);
		FRAGMENT4("first, TCP", rtp, false, 0x2000, bytes[23] = 6);
		FRAGMENT4("in the middle", rtp, false, 0x2001, );
		FRAGMENT4("in the middle, far behind", rtp, false, 0x3000, );
		FRAGMENT4("last", rtp, false, 0x00b9, );
		FRAGMENT4("first, longer than the frame", rtp, true, 0x2000, put16(bytes + 16, count - 14 + 1));
		FRAGMENT4("first, without room for UDP", rtp, true, 0x2000, put16(bytes + 16, 27));
		FRAGMENT4("first, cut within the UDP header", rtp, true, 0x2000, count = 41);
		expected[0].fragmented += 4;
		expected[0].invalid += 2;
		expected[2].fragmented += 1;

#define FRAGMENT6(name, of, unparsable, offset_and_flag, mutation)                                                     \
	MUTATED(name, of, unparsable, {                                                                                \
		insert_ipv6_fragment(bytes, &count, offset_and_flag);                                                  \
		mutation;                                                                                              \
		insert_tags(bytes, &count, tags);                                                                      \
	})
		/* RFC 8200 4.5: the offset in the upper 13 bits, 1 for more fragments. */
		FRAGMENT6("IPv6, first", rtp6, false, 0x0001, );
		FRAGMENT6("IPv6, first, reserved bits set", rtp6, false, 0x0007, );
		FRAGMENT6("IPv6, first, the datagram ends elsewhere", rtp6, false, 0x0001, put16(bytes + 66, 3008));
		FRAGMENT6("IPv6, first, another port", rtp6, false, 0x0001, put16(bytes + 64, 5006));
		FRAGMENT6("IPv6, first, another group", rtp6, false, 0x0001, bytes[53] ^= 1);
		FRAGMENT6("IPv6, first, TCP", rtp6, false, 0x0001, bytes[54] = 6);
		FRAGMENT6("IPv6, in the middle", rtp6, false, 0x0009, );
		FRAGMENT6("IPv6, last", rtp6, false, 0x05c8, );
		FRAGMENT6("IPv6, whole", rtp6, false, 0x0000, );
		FRAGMENT6("IPv6, first, longer than the frame", rtp6, true, 0x0001, put16(bytes + 18, count - 54 + 1));
		FRAGMENT6("IPv6, first, without room for UDP", rtp6, true, 0x0001, put16(bytes + 18, 15));
		FRAGMENT6("IPv6, first, cut within the UDP header", rtp6, true, 0x0001, count = 69);
		FRAGMENT6("IPv6, first, cut within its own header", rtp6, true, 0x0001, count = 61);
		expected[1].fragmented += 3;
		expected[1].invalid += 2;
	}
	for (uint32_t flow = 0; flow < FLOWS; flow++) {
		after = flow_counters(flow);
		CHECK(!memcmp(&after, &expected[flow], sizeof(after)),
		      "flow %u: %llu fragmented, %llu expected; %llu invalid, %llu expected", flow, after.fragmented,
		      expected[flow].fragmented, after.invalid, expected[flow].invalid);
	}
}

static void test_strays(void)
{
	uint64_t before[2], after[2];
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count = make_frame(bytes, ipv4);

	CHECK(!xdp4j_steer_strays(steer, 0, before), "cannot read");
	for (int i = 0; i < 5; i++)
		run_on(1, bytes, count);
	run_on(0, bytes, count);
	CHECK(!xdp4j_steer_strays(steer, 0, after), "cannot read");
	CHECK(after[0] == before[0] && after[1] == before[1] + 5, "strays");
	CHECK(!xdp4j_steer_strays(steer, 3, after), "cannot read");
	CHECK(!after[0] && !after[1], "strays of a flow with a socket in its slot");
	CHECK(xdp4j_steer_strays(steer, FLOWS, after) == -EINVAL, "one flow too many");
}

#define RUNS 20000

/* Every second number of an SSRC, from 0. */
static void *every_second(void *ssrc)
{
	for (uint32_t i = 0; i < RUNS; i++) {
		uint8_t bytes[UDP_FRAME_MAX];

		run_on(i % 2, bytes,
		       make_frame(bytes, (struct frame){ .payload = 12,
							 .rtp = true,
							 .sequence = (uint16_t)(2 * i),
							 .ssrc = *(uint32_t *)ssrc }));
	}
	return NULL;
}

/* Two CPUs count for one flow at a time. */
static void test_lock(void)
{
	const struct flow_counters before = flow_counters(0);
	uint32_t ssrcs[] = { 1, 2 };
	struct flow_counters after;
	pthread_t threads[2];

	for (int i = 0; i < 2; i++)
		CHECK(!pthread_create(&threads[i], NULL, every_second, &ssrcs[i]), "thread");
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	after = flow_counters(0);
	CHECK(after.watched == before.watched + 2 * RUNS, "%llu watched", after.watched - before.watched);
	CHECK(after.missing == before.missing + 2 * (RUNS - 1), "%lld missing", after.missing - before.missing);
}

static void add_flow(uint32_t flow, const char *destination, const char *source, uint16_t port)
{
	struct flow_key key = { .port = htons(port) };

	inet_pton(AF_INET6, destination, key.destination);
	inet_pton(AF_INET6, source, key.source);
	CHECK(!xdp4j_steer_add_flow(steer, &key, flow, &error), "%s", error.text);
	CHECK(xdp4j_steer_add_flow(steer, &key, flow, &error) == -EEXIST, "twice");
}

int main(void)
{
	const struct xdp4j_umem_options umem_options = {
		.frame_size = 2048, .frames = 64, .fill_ring = 64, .numa_node = -1
	};
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
	add_flow(0, "::ffff:239.1.2.3", "::", 5004);
	add_flow(1, "ff3e::8000:1", "::", 5004);
	add_flow(2, "::ffff:239.1.2.3", "::ffff:10.99.0.7", 5004);
	add_flow(3, "::ffff:239.1.2.3", "::", 5010);
	for (uint32_t flow = 0; flow < 3; flow++)
		CHECK(!xdp4j_steer_set_socket(steer, flow, 0, xdp4j_xsk_fd(xsk), 1792, &error), "%s", error.text);
	CHECK(!xdp4j_steer_set_socket(steer, 3, 1, xdp4j_xsk_fd(xsk), 1792, &error), "%s", error.text);
	CHECK(xdp4j_steer_set_socket(steer, FLOWS, 0, xdp4j_xsk_fd(xsk), 1792, &error) == -EINVAL, "one flow too many");
	CHECK(xdp4j_steer_attach(steer, "rx0", XDP4J_MODE_AUTO, XDP4J_ATTACH_LINK, &error) == XDP4J_MODE_NATIVE, "%s",
	      error.text);

	test_flows();
	test_strangers();
	test_truncation();
	test_queues();
	test_sequence();
	test_what_is_no_rtp();
	test_length();
	test_invalid();
	test_fragments();
	test_strays();
	test_lock();

	xdp4j_steer_close(steer);
	xdp4j_xsk_close(xsk);
	CHECK(!xdp4j_umem_close(umem), "close");
	return 0;
}
