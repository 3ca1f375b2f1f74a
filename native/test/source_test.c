/* SPDX-License-Identifier: Apache-2.0 */
/* The RTP source, looked at from the other end of a veth by a packet socket: every byte, the order, the counts. */
#define _GNU_SOURCE
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "pace.h"
#include "source_frame.h"
#include "source_lab.h"

#define FRAME_MAX 2048
#define QUIET_AFTER_MS 200

static const uint8_t tx_mac[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 0x02 };

/* A packet socket that sees what arrives at the other end, and all of it. */
static int open_receiver(void)
{
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = if_nametoindex("rx0"),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
	int bytes = 64 << 20;

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) ||
	    bind(fd, (struct sockaddr *)&address, sizeof(address))) {
		perror("packet socket");
		exit(1);
	}
	return fd;
}

static uint16_t read16(const uint8_t *bytes)
{
	return bytes[0] << 8 | bytes[1];
}

static uint32_t read32(const uint8_t *bytes)
{
	return (uint32_t)read16(bytes) << 16 | read16(bytes + 2);
}

/* The next frame to PORT, skipping what the kernel itself says on the link; its length, or 0 when it stays quiet. */
static size_t next_frame(int fd, uint8_t frame[FRAME_MAX])
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	while (poll(&wait, 1, QUIET_AFTER_MS) > 0) {
		ssize_t bytes = recv(fd, frame, FRAME_MAX, 0);
		uint16_t protocol = read16(frame + 12);

		if (protocol == ETH_P_IP && frame[23] == IPPROTO_UDP && read16(frame + 36) == PORT)
			return bytes;
		if (protocol == ETH_P_IPV6 && frame[20] == IPPROTO_UDP && read16(frame + 56) == PORT)
			return bytes;
	}
	return 0;
}

/* RFC 1071 over bytes as numbers in network order: 0xffff when what is summed holds a right checksum. */
static uint32_t sum16(uint32_t sum, const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i += 2)
		sum += i + 1 < count ? read16(bytes + i) : bytes[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void check_bytes(const uint8_t *frame, size_t size, size_t expected_size, const struct expected *expected)
{
	bool is_ipv6 = expected == &ipv6;
	const uint8_t *ip = frame + 14, *udp = ip + (is_ipv6 ? 40 : 20), *rtp = udp + 8;
	size_t udp_bytes = size - (udp - frame), address_bytes = is_ipv6 ? 16 : 4;
	const uint8_t *addresses = is_ipv6 ? ip + 8 : ip + 12;
	uint8_t source[16], group[16];

	CHECK(size == expected_size, "%zu", size);
	if (size != expected_size)
		return;
	CHECK(!memcmp(frame, expected->mac, ETH_ALEN), "%02x:..:%02x", frame[0], frame[5]);
	CHECK(!memcmp(frame + 6, tx_mac, ETH_ALEN), "%02x:..:%02x", frame[6], frame[11]);
	inet_pton(is_ipv6 ? AF_INET6 : AF_INET, expected->source, source);
	inet_pton(is_ipv6 ? AF_INET6 : AF_INET, expected->group, group);
	CHECK(!memcmp(addresses, source, address_bytes), "source");
	CHECK(!memcmp(addresses + address_bytes, group, address_bytes), "group");
	if (is_ipv6) {
		CHECK(ip[0] == 0x60, "%02x", ip[0]);
		CHECK(read16(ip + 4) == udp_bytes, "%u", read16(ip + 4));
		CHECK(ip[7] == 16, "hop limit %u", ip[7]);
	} else {
		CHECK(ip[0] == 0x45, "%02x", ip[0]);
		CHECK(read16(ip + 2) == size - 14, "%u", read16(ip + 2));
		CHECK(read16(ip + 6) == 0x4000, "flags %04x", read16(ip + 6));
		CHECK(ip[8] == 16, "TTL %u", ip[8]);
		CHECK(sum16(0, ip, 20) == 0xffff, "IPv4 checksum");
	}
	CHECK(read16(udp + 4) == udp_bytes, "%u", read16(udp + 4));
	CHECK(read16(udp + 6) != 0, "no UDP checksum");
	CHECK(sum16(sum16(IPPROTO_UDP + udp_bytes, addresses, 2 * address_bytes), udp, udp_bytes) == 0xffff,
	      "UDP checksum");
	CHECK(rtp[0] == 0x80 && rtp[1] == 96, "%02x %02x", rtp[0], rtp[1]);
	CHECK(read32(rtp + 8) == SSRC, "%08x", read32(rtp + 8));
	for (const uint8_t *payload = rtp + 12; payload < frame + size; payload++)
		CHECK(*payload == 0, "payload byte %td", payload - rtp);
}

static void expect_counters(const struct xdp4j_source *source, uint32_t flow, struct xdp4j_source_counters expected)
{
	struct xdp4j_source_counters seen;

	xdp4j_source_counters(source, flow, &seen);
	CHECK(!memcmp(&seen, &expected, sizeof(seen)),
	      "flow %u: positions %lu sent %lu lost %lu duplicated %lu swapped %lu", flow, seen.positions, seen.sent,
	      seen.lost, seen.duplicated, seen.swapped);
}

static void test_udp_checksum(void)
{
	CHECK(source_udp_checksum(0x0001) == 0xfffe, "%04x", source_udp_checksum(0x0001));
	CHECK(source_udp_checksum(0x1fffe) == 0xffff, "a sum of 0xffff is never sent as 0");
	CHECK(source_udp_checksum(0x2ffff) == 0xfffd, "two folds: %04x", source_udp_checksum(0x2ffff));
}

/* By hand from the rules in pace.h. */
static void test_pace(void)
{
	struct pace pace = { .origin_ns = 5000000000, .turn = 250000, .rate_pps = 250000 };

	CHECK(pace_group(1) == 1 && pace_group(19999) == 1 && pace_group(40000) == 2, "50 us");
	CHECK(pace_group(1279999) == 63 && pace_group(1280000) == 64 && pace_group(1000000000) == 64, "64 at most");
	CHECK(pace_group(0) == 64, "at once: %u", pace_group(0));
	CHECK(pace_due_ns(&pace, 1) == 6000000000, "%llu", pace_due_ns(&pace, 1));
	CHECK(pace_due_ns(&pace, 11) == 6000040000, "the last of 11: %llu", pace_due_ns(&pace, 11));
	pace.last_ns = 6999990000;
	CHECK(pace_due_ns(&pace, 10) == 7000022000, "late, ten at 3,200 ns: %llu", pace_due_ns(&pace, 10));
	pace.turn = 9999999999 - 63;
	pace.rate_pps = 1000000000;
	CHECK(pace_due_ns(&pace, 64) == 14999999999, "no overflow: %llu", pace_due_ns(&pace, 64));
	pace.rate_pps = 0;
	CHECK(pace_due_ns(&pace, 64) == 0, "at once: %llu", pace_due_ns(&pace, 64));
}

/* Two flows in turn, over sequence wrap, with all patterns, byte by byte. */
static void test_every_byte(enum xdp4j_source_engine engine)
{
	static const uint16_t order[] = { 65533, 65534, 0, 0, 2, 1, 3 }; /* 65535 is lost */
	const struct xdp4j_source_flow flows[] = { flow_of(&ipv4, 65533), flow_of(&ipv6, 65533) };
	struct xdp4j_source_options options = options_of(engine, flows, 2, 7);
	int fd = open_receiver();
	struct xdp4j_source *source;
	uint8_t frame[FRAME_MAX];
	uint32_t last_time = 0;
	size_t size;

	options.lose[3] = (struct position_range){ 2, 2, 1 };
	options.duplicate[0] = (struct position_range){ 3, 3, 1 };
	options.swap[0] = (struct position_range){ 4, 4, 1 };
	source = open_source(&options);
	CHECK(xdp4j_source_send(source, 3, NULL) == 3, "three of 16 turns");
	CHECK(xdp4j_source_send(source, 64, NULL) == 13, "the rest");
	CHECK(xdp4j_source_send(source, 64, NULL) == 0, "done");

	for (unsigned int i = 0; i < 7; i++) {
		for (unsigned int flow = 0; flow < 2; flow++) {
			const uint8_t *rtp = frame + (flow ? 62 : 42);

			size = next_frame(fd, frame);
			if (!size) {
				CHECK(size, "frame %u of flow %u is missing", i, flow);
				goto close;
			}
			check_bytes(frame, size, SIZE, flow ? &ipv6 : &ipv4);
			CHECK(read16(rtp + 2) == order[i], "%u: expected %u, saw %u", i, order[i], read16(rtp + 2));
			CHECK(!last_time || (int32_t)(read32(rtp + 4) - last_time) >= 0, "RTP time goes back");
			last_time = read32(rtp + 4);
		}
	}
	CHECK(!next_frame(fd, frame), "a frame too many");
	for (uint32_t flow = 0; flow < 2; flow++)
		expect_counters(source, flow,
				(struct xdp4j_source_counters){
					.positions = 7, .sent = 7, .lost = 1, .duplicated = 1, .swapped = 1 });
	CHECK(xdp4j_source_refused(source) == 0, "%ld", xdp4j_source_refused(source));
close:
	xdp4j_source_close(source);
	close(fd);
}

static void test_sizes(enum xdp4j_source_engine engine)
{
	static const struct {
		const struct expected *flow;
		uint32_t size;
	} cases[] = { { &ipv4, 54 }, { &ipv4, 61 }, { &ipv4, 1514 }, { &ipv6, 74 }, { &ipv6, 75 }, { &ipv6, 1514 } };
	uint8_t frame[FRAME_MAX];

	for (unsigned int i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct xdp4j_source_flow flow = flow_of(cases[i].flow, 0);
		struct xdp4j_source_options options = options_of(engine, &flow, 1, 200);
		int fd = open_receiver();
		struct xdp4j_source *source;

		options.size = cases[i].size;
		source = open_source(&options);
		CHECK(xdp4j_source_send(source, 200, NULL) == 200, "size %u", cases[i].size);
		for (int frames = 0; frames < 200; frames++)
			check_bytes(frame, next_frame(fd, frame), cases[i].size, cases[i].flow);
		CHECK(!next_frame(fd, frame), "a frame too many");
		xdp4j_source_close(source);
		close(fd);
	}
}

/* Exactly so many, whatever is asked for at a time. */
static void test_counts(enum xdp4j_source_engine engine)
{
	static const uint32_t requests[] = { 1, 64, 63, 200 };
	const struct xdp4j_source_flow flows[] = { flow_of(&ipv4, 0), flow_of(&ipv6, 1), flow_of(&ipv4, 2) };
	struct xdp4j_source_options options = options_of(engine, flows, 3, 10001);
	uint64_t turns = 0, frames = 0;
	struct xdp4j_source *source;
	uint8_t frame[FRAME_MAX];
	int fd = open_receiver();
	int result;

	options.lose[0] = (struct position_range){ 0, 9999, 10 };          /* 1,000 */
	options.duplicate[0] = (struct position_range){ 10000, 10000, 1 }; /* the last turn of all */
	source = open_source(&options);
	for (unsigned int i = 0; (result = xdp4j_source_send(source, requests[i % 4], NULL)) > 0; i++)
		turns += result;
	CHECK(result == 0, "%s", strerror(-result));
	CHECK(turns == 3 * 10002, "%lu turns", turns);
	while (next_frame(fd, frame))
		frames++;
	CHECK(frames == 3 * 9002, "%lu frames", frames);
	for (uint32_t flow = 0; flow < 3; flow++)
		expect_counters(source, flow,
				(struct xdp4j_source_counters){
					.positions = 10001, .sent = 9002, .lost = 1000, .duplicated = 1 });
	xdp4j_source_close(source);
	close(fd);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ULL + now.tv_nsec;
}

/* RFC 3551 5: the 90 kHz clock, at a time of CLOCK_MONOTONIC. */
static uint32_t ticks(uint64_t ns)
{
	return ns * 9 / 100000;
}

/* Only how early a frame may be: how late it is, is the machine's business. */
static void test_never_early(enum xdp4j_source_engine engine, uint64_t rate_pps, uint32_t frames)
{
	const struct xdp4j_source_flow flow = flow_of(&ipv4, 0);
	struct xdp4j_source_options options = options_of(engine, &flow, 1, frames);
	struct xdp4j_source_schedule schedule = { .turn = 1000, .rate_pps = rate_pps };
	int fd = open_receiver();
	struct xdp4j_source *source;
	uint8_t frame[FRAME_MAX];

	options.lose[0] = (struct position_range){ 1, 1, 1 }; /* takes its time all the same */
	source = open_source(&options);
	schedule.origin_ns = now_ns() + 2000000 - 1000 * 1000000000ULL / rate_pps;
	CHECK(xdp4j_source_send(source, frames, &schedule) == (int)frames, "%lu a second", rate_pps);
	CHECK(xdp4j_source_send(source, 1, &schedule) == 0, "done");
	for (uint32_t position = 0; position < frames; position++) {
		uint32_t due = ticks(schedule.origin_ns + (1000 + position) * 1000000000ULL / rate_pps);
		int32_t late;

		if (position == 1)
			continue;
		if (!next_frame(fd, frame)) {
			CHECK(false, "position %u is missing", position);
			break;
		}
		late = read32(frame + 42 + 4) - due;
		CHECK(read16(frame + 42 + 2) == position, "%u: saw %u", position, read16(frame + 42 + 2));
		CHECK(late >= 0, "position %u at %lu a second: %d ticks", position, rate_pps, late);
	}
	xdp4j_source_close(source);
	close(fd);
}

/* A schedule that began a second ago, in two calls: 1,000 turns take 0.8 of their time at least, but for one group. */
static void test_catches_up_gently(enum xdp4j_source_engine engine)
{
	const struct xdp4j_source_flow flow = flow_of(&ipv4, 0);
	const struct xdp4j_source_options options = options_of(engine, &flow, 1, 1000);
	struct xdp4j_source_schedule schedule = { .origin_ns = now_ns() - 1000000000, .rate_pps = 100000 };
	int fd = open_receiver();
	struct xdp4j_source *source = open_source(&options);
	uint32_t first = 0, last = 0;
	uint8_t frame[FRAME_MAX];

	for (; schedule.turn < 1000; schedule.turn += 500)
		CHECK(xdp4j_source_send(source, 500, &schedule) == 500, "turn %lu", schedule.turn);
	for (int i = 0; i < 1000; i++) {
		CHECK(next_frame(fd, frame), "frame %d is missing", i);
		last = read32(frame + 42 + 4);
		if (!i)
			first = last;
	}
	/* 995 turns of 8 us, less one tick for rounding */
	CHECK(last - first >= ticks(995 * 8000) - 1, "%u ticks", last - first);
	xdp4j_source_close(source);
	close(fd);
}

static void ignore(int signal)
{
	(void)signal;
}

/* Signals cut calls short; no turn is lost, none is taken twice. */
static void test_interrupted(enum xdp4j_source_engine engine)
{
	const struct xdp4j_source_flow flow = flow_of(&ipv4, 0);
	const struct xdp4j_source_options options = options_of(engine, &flow, 1, 10000);
	const struct itimerval each_ms = { .it_interval.tv_usec = 1000, .it_value.tv_usec = 1000 }, off = { 0 };
	struct xdp4j_source_schedule schedule = { .rate_pps = 200000 };
	int fd = open_receiver();
	struct xdp4j_source *source = open_source(&options);
	uint8_t frame[FRAME_MAX];
	uint16_t position = 0;
	int turns;

	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = ignore }, NULL);
	setitimer(ITIMER_REAL, &each_ms, NULL);
	schedule.origin_ns = now_ns();
	while ((turns = xdp4j_source_send(source, 4000, &schedule)) > 0)
		schedule.turn += turns;
	setitimer(ITIMER_REAL, &off, NULL);
	CHECK(turns == 0, "%s", strerror(-turns));
	CHECK(schedule.turn == 10000, "%lu turns", schedule.turn);
	for (; next_frame(fd, frame); position++)
		CHECK(read16(frame + 42 + 2) == position, "%u: saw %u", position, read16(frame + 42 + 2));
	CHECK(position == 10000, "%u frames", position);
	xdp4j_source_close(source);
	close(fd);
}

int main(void)
{
	test_udp_checksum();
	test_pace();
	enter_lab();
	for (enum xdp4j_source_engine engine = XDP4J_SOURCE_LIVE_FRAMES; engine <= XDP4J_SOURCE_SENDMMSG; engine++) {
		printf("engine %s\n", engine == XDP4J_SOURCE_SENDMMSG ? "sendmmsg" : "live frames");
		test_every_byte(engine);
		test_sizes(engine);
		test_counts(engine);
		test_never_early(engine, 2000, 20);      /* each turn is far away */
		test_never_early(engine, 12345, 200);    /* one turn at a time, the interval is no whole number */
		test_never_early(engine, 390000, 4000);  /* groups of 19 */
		test_never_early(engine, 3000000, 4000); /* groups of 64 */
		test_catches_up_gently(engine);
		test_interrupted(engine);
	}
	return failures != 0;
}
