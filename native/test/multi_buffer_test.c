/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Packets of several frames arrive whole, are counted once, and leave no frame behind. Frames are put onto a veth one
 * by one, so that every expected byte and number is known here. Needs root; runs in a network namespace of its own.
 */
#define _GNU_SOURCE 1
#define UDP_FRAME_MAX 10240
#include "xdp_lab.h"

#include "xdp4j.h"

#define MTU 9000
#define LONGEST (MTU + ETH_HLEN)
#define JUMBO 8900 /* bytes of payload: 8,942 of the frame, five of the kernel's buffers of 1,792 */
#define SMALL 100
#define BUFFERS 5
#define RING 64
#define BATCH_MAX 64
#define HEADERS (ETH_HLEN + 20 + 8)

static struct xdp4j_error error;
static int wire;

struct receiver {
	struct xdp4j_umem *umem;
	struct xdp4j_steer *steer;
	struct xdp4j_xsk *sockets[2];
	struct xdp_desc batches[2][BATCH_MAX];
	uint32_t count;
};

static const uint16_t PORTS[2] = { UDP_FRAME_PORT, 5006 };

static int open_socket(struct receiver *receiver, uint32_t index, uint32_t batch, uint32_t rx_ring,
		       enum xdp4j_mode mode)
{
	const struct xdp4j_xsk_options options = {
		.interface = "rx0",
		.rx_ring = rx_ring,
		.mode = mode,
		.batch = receiver->batches[index],
		.batch_size = batch,
	};

	return xdp4j_xsk_open(&receiver->sockets[index], receiver->umem, &options, &error);
}

static void open_receiver(struct receiver *receiver, uint32_t sockets, uint32_t batch, uint32_t fill_ring,
			  uint32_t rx_ring, enum xdp4j_mode mode)
{
	const struct xdp4j_umem_options umem_options = {
		.frame_size = 2048,
		.frames = fill_ring,
		.fill_ring = fill_ring,
		.longest_packet = LONGEST,
		.long_packets = sockets * batch,
		.numa_node = -1,
	};
	struct flow_key key = { 0 };

	*receiver = (struct receiver){ .count = sockets };
	CHECK(!xdp4j_umem_open(&receiver->umem, &umem_options, &error), "%s", error.text);
	CHECK(!xdp4j_steer_load(&receiver->steer, sockets, 1, true, &error), "%s", error.text);
	address(key.destination, false, true, 0);
	for (uint32_t i = 0; i < sockets; i++) {
		CHECK(!open_socket(receiver, i, batch, rx_ring, mode), "%s", error.text);
		key.port = htons(PORTS[i]);
		CHECK(!xdp4j_steer_add_flow(receiver->steer, &key, i, &error), "%s", error.text);
		CHECK(!xdp4j_steer_set_socket(receiver->steer, i, 0, xdp4j_xsk_fd(receiver->sockets[i]), LONGEST,
					      &error),
		      "%s", error.text);
	}
	CHECK(xdp4j_steer_attach(receiver->steer, "rx0", mode, XDP4J_ATTACH_LINK, &error) == (int)mode, "%s",
	      error.text);
}

static void close_receiver(struct receiver *receiver)
{
	xdp4j_steer_close(receiver->steer);
	for (uint32_t i = 0; i < receiver->count; i++)
		xdp4j_xsk_close(receiver->sockets[i]);
	CHECK(!xdp4j_umem_close(receiver->umem), "close");
}

/* No two neighbours alike within 251 bytes, no two packets, and no period that divides a buffer. */
static uint8_t pattern(uint32_t number, uint32_t at)
{
	return (uint8_t)((at + 7 * number) % 251 + at / 251);
}

/* The payload tells its number in the first four bytes. */
static void send_packet(uint32_t number, struct frame frame)
{
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count = make_frame(bytes, frame);
	uint8_t *payload = bytes + count - frame.payload;

	put16(payload, number >> 16);
	put16(payload + 2, number);
	for (uint32_t i = 4; i < frame.payload; i++)
		payload[i] = pattern(number, i);
	CHECK(send(wire, bytes, count, 0) == (ssize_t)count, "%s", strerror(errno));
}

static void send_packets(uint32_t count, uint32_t first, uint16_t payload)
{
	for (uint32_t i = 0; i < count; i++)
		send_packet(first + i, (struct frame){ .payload = payload });
}

/* That all of packet `number` is there, at the descriptor's place. */
static void check_packet(const struct receiver *receiver, const struct xdp_desc *desc, uint32_t number,
			 uint32_t headers, uint32_t payload_bytes)
{
	const uint8_t *packet = (const uint8_t *)xdp4j_umem_area(receiver->umem) + desc->addr;
	const struct packet_meta *meta = (const struct packet_meta *)packet - 1;
	const uint8_t *payload = packet + headers;

	CHECK(desc->len == headers + payload_bytes && !desc->options, "packet %u: %u bytes", number, desc->len);
	CHECK(desc->addr + desc->len <= xdp4j_umem_bytes(receiver->umem), "packet %u: beyond the area", number);
	CHECK(meta->payload_offset == headers && meta->payload_length == payload_bytes, "packet %u: metadata", number);
	CHECK((uint32_t)(payload[0] << 24 | payload[1] << 16 | payload[2] << 8 | payload[3]) == number, "not packet %u",
	      number);
	for (uint32_t i = 4; i < payload_bytes; i++)
		CHECK(payload[i] == pattern(number, i), "packet %u: byte %u", number, i);
}

/* Nothing is on its way: with copies the kernel then has no frame, but one it kept when it found an RX ring full. */
static void expect_conserved(const struct receiver *receiver, uint32_t kept)
{
	struct xdp4j_umem_audit audit;

	xdp4j_umem_audit(receiver->umem, &audit);
	CHECK(!audit.doubled, "%u frames are at two places", audit.doubled);
	CHECK(audit.kernel <= kept, "%u frames are nowhere", audit.kernel);
}

/* All that socket 0 has: packets `first` and following, of so many bytes. */
static uint32_t drain(struct receiver *receiver, uint32_t first, uint32_t payload_bytes)
{
	uint32_t total = 0;
	int count;

	while ((count = xdp4j_xsk_receive(receiver->sockets[0])) > 0) {
		for (int i = 0; i < count; i++)
			check_packet(receiver, &receiver->batches[0][i], first + total++, HEADERS, payload_bytes);
	}
	CHECK(count == 0, "receive: %d", count);
	return total;
}

static struct xdp_statistics statistics(const struct receiver *receiver)
{
	struct xdp_statistics statistics;

	CHECK(!xdp4j_xsk_statistics(receiver->sockets[0], &statistics), "statistics");
	return statistics;
}

/* Around the ends of the kernel's buffers, and from a packet without payload worth mentioning to the MTU. */
static const uint16_t LENGTHS[] = { 12,   1750, 1751, 1752, JUMBO, 3542, 3543, 60, 5334, 5335,
				    7126, 7127, 8918, 8919, 172,   8972, 1751, 5,  4,    JUMBO };
#define LENGTHS_COUNT (sizeof(LENGTHS) / sizeof(LENGTHS[0]))

/* In one stream, so often that the rings go round: 20 packets in 60 buffers a round. */
static void test_every_length(enum xdp4j_mode mode, uint32_t batch)
{
	struct receiver receiver;
	uint32_t sent = 0, received = 0;

	open_receiver(&receiver, 1, batch, RING, RING, mode);
	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < LENGTHS_COUNT; i++)
			send_packet(sent++, (struct frame){ .payload = LENGTHS[i] });
		CHECK(xdp4j_xsk_wait(receiver.sockets[0], 5000) == 1, "nothing came");
		CHECK(xdp4j_xsk_waiting(receiver.sockets[0]) == LENGTHS_COUNT, "packets, not descriptors");
		while (received < sent) {
			int count = xdp4j_xsk_receive(receiver.sockets[0]);

			CHECK(count > 0 && (uint32_t)count <= batch, "a batch of %d", count);
			for (int i = 0; i < count; i++, received++)
				check_packet(&receiver, &receiver.batches[0][i], received, HEADERS,
					     LENGTHS[received % LENGTHS_COUNT]);
			CHECK(xdp4j_xsk_waiting(receiver.sockets[0]) == sent - received, "waiting");
			expect_conserved(&receiver, 0);
		}
		CHECK(xdp4j_xsk_receive(receiver.sockets[0]) == 0, "more than was sent");
	}
	CHECK(!statistics(&receiver).rx_dropped && !statistics(&receiver).rx_ring_full, "dropped");
	close_receiver(&receiver);
}

/* Headers that the program has to copy, and IPv6's. */
static void test_headers(enum xdp4j_mode mode)
{
	const struct frame frames[] = {
		{ .payload = JUMBO, .ip_options = true },
		{ .payload = JUMBO, .ipv6 = true },
	};
	const uint32_t headers[] = { ETH_HLEN + 24 + 8, ETH_HLEN + 40 + 8 };
	struct flow_key key = { .port = htons(UDP_FRAME_PORT) };
	struct receiver receiver;

	open_receiver(&receiver, 2, 8, RING, RING, mode);
	address(key.destination, true, true, 0);
	xdp4j_steer_close(receiver.steer);
	CHECK(!xdp4j_steer_load(&receiver.steer, 2, 1, true, &error), "%s", error.text);
	for (uint32_t i = 0; i < 2; i++) {
		address(key.destination, i, true, 0);
		CHECK(!xdp4j_steer_add_flow(receiver.steer, &key, i, &error), "%s", error.text);
		CHECK(!xdp4j_steer_set_socket(receiver.steer, i, 0, xdp4j_xsk_fd(receiver.sockets[i]), LONGEST, &error),
		      "%s", error.text);
	}
	CHECK(xdp4j_steer_attach(receiver.steer, "rx0", mode, XDP4J_ATTACH_LINK, &error) == (int)mode, "%s",
	      error.text);
	for (uint32_t i = 0; i < 2; i++) {
		send_packet(i, frames[i]);
		CHECK(xdp4j_xsk_wait(receiver.sockets[0], 5000) == 1, "nothing came");
		CHECK(xdp4j_xsk_receive(receiver.sockets[i]) == 1, "flow %u", i);
		check_packet(&receiver, receiver.batches[i], i, headers[i], JUMBO);
		CHECK(xdp4j_xsk_receive(receiver.sockets[i]) == 0, "twice");
	}
	close_receiver(&receiver);
}

/* A packet that finds too few frames is lost as a whole and counted once; a shorter one still gets those. */
static void test_empty_fill_ring(enum xdp4j_mode mode)
{
	uint32_t room = RING / BUFFERS, rest = RING % BUFFERS;
	struct receiver receiver;

	open_receiver(&receiver, 1, BATCH_MAX, RING, 4 * RING, mode);
	for (uint64_t round = 1; round <= 3; round++) {
		uint32_t count = room + 7;
		int got;

		send_packets(count, 0, JUMBO);
		send_packets(rest + 2, count, SMALL);
		got = xdp4j_xsk_receive(receiver.sockets[0]);
		CHECK(got == (int)(room + rest), "%d packets", got);
		for (uint32_t i = 0; i < room + rest; i++) {
			bool jumbo = i < room;

			check_packet(&receiver, &receiver.batches[0][i], jumbo ? i : count + i - room, HEADERS,
				     jumbo ? JUMBO : SMALL);
		}
		CHECK(xdp4j_xsk_receive(receiver.sockets[0]) == 0, "more than the fill ring held");
		CHECK(statistics(&receiver).rx_dropped == round * (7 + 2), "%llu dropped",
		      statistics(&receiver).rx_dropped);
		CHECK(!statistics(&receiver).rx_ring_full, "RX ring full");
		expect_conserved(&receiver, 0);
	}
	close_receiver(&receiver);
}

static void test_full_rx_ring(enum xdp4j_mode mode)
{
	uint32_t room = RING / BUFFERS;
	struct receiver receiver;

	open_receiver(&receiver, 1, BATCH_MAX, 4 * RING, RING, mode);
	for (uint64_t round = 1; round <= 3; round++) {
		send_packets(room + 9, 0, JUMBO);
		CHECK(xdp4j_xsk_waiting(receiver.sockets[0]) == room, "waiting");
		CHECK(drain(&receiver, 0, JUMBO) == room, "not what the RX ring held");
		CHECK(statistics(&receiver).rx_ring_full == round * 9, "RX ring full");
		CHECK(!statistics(&receiver).rx_dropped, "dropped");
		expect_conserved(&receiver, 1);
	}
	close_receiver(&receiver);
}

/* The batch of one stays whole while the other receives, and they come and go with packets in their rings. */
static void test_two_sockets(enum xdp4j_mode mode)
{
	struct receiver receiver;

	open_receiver(&receiver, 2, 4, RING, RING, mode);
	for (uint32_t round = 0; round < 6; round++) {
		uint32_t closed = round % 2;

		for (uint32_t i = 0; i < 4; i++)
			send_packet(i, (struct frame){ .payload = JUMBO });
		CHECK(xdp4j_xsk_receive(receiver.sockets[0]) == 4, "the first");
		for (uint32_t i = 0; i < 4; i++)
			send_packet(i + 4, (struct frame){ .payload = JUMBO, .port = PORTS[1] });
		CHECK(xdp4j_xsk_receive(receiver.sockets[1]) == 4, "the second");
		for (uint32_t i = 0; i < 4; i++) {
			check_packet(&receiver, &receiver.batches[0][i], i, HEADERS, JUMBO);
			check_packet(&receiver, &receiver.batches[1][i], i + 4, HEADERS, JUMBO);
		}
		send_packet(0, (struct frame){ .payload = JUMBO, .port = PORTS[closed] });
		send_packet(1, (struct frame){ .payload = SMALL, .port = PORTS[closed] });
		CHECK(!xdp4j_steer_clear_socket(receiver.steer, closed, 0), "clear");
		xdp4j_steer_synchronize();
		xdp4j_xsk_close(receiver.sockets[closed]);
		expect_conserved(&receiver, 0);

		CHECK(open_socket(&receiver, closed, 5, RING, mode) == -ENOBUFS, "more slots than the UMEM has");
		CHECK(strstr(error.text, "batch of 5, but the UMEM has room for 4 more packets of several frames"),
		      "%s", error.text);
		CHECK(!open_socket(&receiver, closed, 4, RING, mode), "%s", error.text);
		CHECK(!xdp4j_steer_set_socket(receiver.steer, closed, 0, xdp4j_xsk_fd(receiver.sockets[closed]),
					      LONGEST, &error),
		      "%s", error.text);
		expect_conserved(&receiver, 0);
	}
	close_receiver(&receiver);
}

/* One byte more than the socket takes. */
static void test_too_large(enum xdp4j_mode mode)
{
	struct flow_counters counters;
	struct receiver receiver;

	open_receiver(&receiver, 1, 8, RING, RING, mode);
	CHECK(!xdp4j_steer_set_socket(receiver.steer, 0, 0, xdp4j_xsk_fd(receiver.sockets[0]), HEADERS + JUMBO, &error),
	      "%s", error.text);
	send_packets(3, 0, JUMBO + 1);
	send_packets(2, 0, JUMBO);
	CHECK(xdp4j_xsk_wait(receiver.sockets[0], 5000) == 1, "nothing came");
	CHECK(drain(&receiver, 0, JUMBO) == 2, "not those that it takes");
	CHECK(!xdp4j_steer_flow_counters(receiver.steer, 0, &counters), "counters");
	CHECK(counters.too_large == 3 && counters.largest_refused == HEADERS + JUMBO + 1, "too large");
	CHECK(counters.seen == 5 && counters.redirected == 2, "counted once");
	CHECK(counters.bytes == 2 * (HEADERS + JUMBO) + 3 * (HEADERS + JUMBO + 1), "bytes");
	close_receiver(&receiver);
}

/* A program for packets of one buffer is not let onto this interface; the message says what to do. */
static void test_one_buffer(void)
{
	struct xdp4j_steer *steer;

	CHECK(!xdp4j_steer_load(&steer, 1, 1, false, &error), "%s", error.text);
	CHECK(xdp4j_steer_attach(steer, "rx0", XDP4J_MODE_NATIVE, XDP4J_ATTACH_LINK, &error) == -ERANGE, "attached");
	CHECK(strstr(error.text, "load the program for packets of several buffers, or `ip link set rx0 mtu 1500`"),
	      "%s", error.text);
	CHECK(xdp4j_steer_attach(steer, "rx0", XDP4J_MODE_AUTO, XDP4J_ATTACH_LINK, &error) == XDP4J_MODE_GENERIC, "%s",
	      error.text);
	CHECK(strstr(error.text, "packets of several buffers"), "the reason for the fallback: %s", error.text);
	xdp4j_steer_close(steer);
}

int main(void)
{
	static const enum xdp4j_mode MODES[] = { XDP4J_MODE_NATIVE, XDP4J_MODE_GENERIC };

	enter_lab(1);
	run("ip link set rx0 mtu 9000 && ip link set tx0 mtu 9000");
	wire = open_wire();
	test_one_buffer();
	for (int i = 0; i < 2; i++) {
		test_every_length(MODES[i], 1);
		test_every_length(MODES[i], BATCH_MAX);
		test_headers(MODES[i]);
		test_empty_fill_ring(MODES[i]);
		test_full_rx_ring(MODES[i]);
		test_two_sockets(MODES[i]);
		test_too_large(MODES[i]);
	}
	return 0;
}
