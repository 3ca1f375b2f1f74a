/* SPDX-License-Identifier: Apache-2.0 */
/* The RTP source, looked at from the other end of a veth by a packet socket: every byte, the order, the counts. */
#define _GNU_SOURCE
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

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
	CHECK(xdp4j_source_send(source, 3) == 3, "three of 16 turns");
	CHECK(xdp4j_source_send(source, 64) == 13, "the rest");
	CHECK(xdp4j_source_send(source, 64) == 0, "done");

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
		CHECK(xdp4j_source_send(source, 200) == 200, "size %u", cases[i].size);
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
	for (unsigned int i = 0; (result = xdp4j_source_send(source, requests[i % 4])) > 0; i++)
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

int main(void)
{
	test_udp_checksum();
	enter_lab();
	for (enum xdp4j_source_engine engine = XDP4J_SOURCE_LIVE_FRAMES; engine <= XDP4J_SOURCE_SENDMMSG; engine++) {
		printf("engine %s\n", engine == XDP4J_SOURCE_SENDMMSG ? "sendmmsg" : "live frames");
		test_every_byte(engine);
		test_sizes(engine);
		test_counts(engine);
	}
	return failures != 0;
}
