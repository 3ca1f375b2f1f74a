/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames are neither lost nor doubled, with one socket and with two on one UMEM, and what the kernel drops it counts.
 * Frames are put onto a veth one by one, so that every expected number is known here. Needs root; runs in a network
 * namespace of its own.
 */
#define _GNU_SOURCE 1
#include "xdp_lab.h"

#include <sys/mman.h>

#include "xdp4j.h"

#define BATCH 8
#define RING 64
#define PORT_A UDP_FRAME_PORT
#define PORT_B 5006

static const struct xdp4j_umem_options SMALL = {
	.frame_size = 2048, .frames = RING, .fill_ring = RING, .numa_node = -1
};
static struct xdp4j_error error;
static int wire;

struct receiver {
	struct xdp4j_umem *umem;
	struct xdp4j_steer *steer;
	struct xdp4j_xsk *sockets[2];
	struct xdp_desc batches[2][BATCH];
	uint32_t count;
};

static void open_receiver(struct receiver *receiver, uint32_t sockets, uint32_t frames, uint32_t fill_ring,
			  uint32_t rx_ring, enum xdp4j_mode mode)
{
	const struct xdp4j_umem_options umem_options = {
		.frame_size = 2048, .frames = frames, .fill_ring = fill_ring, .numa_node = -1
	};
	struct flow_key key = { 0 };

	receiver->count = sockets;
	CHECK(!xdp4j_umem_open(&receiver->umem, &umem_options, &error), "%s", error.text);
	CHECK(!xdp4j_steer_load(&receiver->steer, 2, 1, false, &error), "%s", error.text);
	for (uint32_t i = 0; i < sockets; i++) {
		const struct xdp4j_xsk_options options = {
			.interface = "rx0",
			.rx_ring = rx_ring,
			.mode = mode,
			.batch = receiver->batches[i],
			.batch_size = BATCH,
		};

		CHECK(!xdp4j_xsk_open(&receiver->sockets[i], receiver->umem, &options, &error), "%s", error.text);
		address(key.destination, false, true, 0);
		key.port = htons(i ? PORT_B : PORT_A);
		CHECK(!xdp4j_steer_add_flow(receiver->steer, &key, i, &error), "%s", error.text);
		CHECK(!xdp4j_steer_set_socket(receiver->steer, i, 0, xdp4j_xsk_fd(receiver->sockets[i]), 1792, &error),
		      "%s", error.text);
	}
	CHECK(xdp4j_steer_attach(receiver->steer, "rx0", mode, XDP4J_ATTACH_LINK, &error) >= 0, "%s", error.text);
}

static void close_receiver(struct receiver *receiver)
{
	xdp4j_steer_close(receiver->steer);
	CHECK(xdp4j_umem_close(receiver->umem) == -EBUSY, "a UMEM with open sockets was closed");
	for (uint32_t i = 0; i < receiver->count; i++)
		xdp4j_xsk_close(receiver->sockets[i]);
	CHECK(!xdp4j_umem_close(receiver->umem), "close");
}

static void send_packets(int count, uint16_t port)
{
	for (int i = 0; i < count; i++)
		send_on_wire(wire, (struct frame){ .payload = 100, .port = port });
}

/* Nothing is on its way: with copies the kernel then has no frame, but one it kept when it found an RX ring full. */
static void expect_conserved(const struct receiver *receiver, uint32_t kept)
{
	struct xdp4j_umem_audit audit;

	xdp4j_umem_audit(receiver->umem, &audit);
	CHECK(!audit.doubled, "%u frames are at two places", audit.doubled);
	CHECK(audit.kernel <= kept, "%u frames are nowhere", audit.kernel);
}

/* Takes all that is there; how many packets that was. Each must be for the port. */
static uint32_t drain(struct receiver *receiver, uint32_t socket, uint16_t port)
{
	const uint8_t *area = xdp4j_umem_area(receiver->umem);
	uint32_t total = 0;
	int count;

	while ((count = xdp4j_xsk_receive(receiver->sockets[socket])) > 0) {
		for (int i = 0; i < count; i++) {
			const uint8_t *packet = area + receiver->batches[socket][i].addr;

			CHECK(receiver->batches[socket][i].len == 14 + 20 + 8 + 100, "length");
			CHECK(packet[36] << 8 == (port & 0xff00) && packet[37] == (port & 0xff),
			      "a packet of another flow");
			CHECK(((const struct packet_meta *)packet)[-1].flow == socket, "flow id");
		}
		total += count;
	}
	CHECK(count == 0, "receive: %d", count);
	return total;
}

static struct xdp_statistics statistics(const struct receiver *receiver, uint32_t socket)
{
	struct xdp_statistics statistics;

	CHECK(!xdp4j_xsk_statistics(receiver->sockets[socket], &statistics), "statistics");
	return statistics;
}

static void test_rounds(enum xdp4j_mode mode)
{
	struct receiver receiver = { 0 };
	uint32_t received[2] = { 0 };

	open_receiver(&receiver, 2, 2 * RING, RING, RING, mode);
	for (int round = 0; round < 200; round++) {
		send_packets(7 + round % 20, PORT_A);
		send_packets(5 + round % 13, PORT_B);
		CHECK(xdp4j_xsk_wait(receiver.sockets[0], 5000) == 1, "nothing came");
		received[0] += drain(&receiver, 0, PORT_A);
		expect_conserved(&receiver, 0);
		received[1] += drain(&receiver, 1, PORT_B);
		expect_conserved(&receiver, 0);
	}
	/* 200 * 7 + 10 * (0 + ... + 19); 200 * 5 + 15 * (0 + ... + 12) + (0 + ... + 4) */
	CHECK(received[0] == 3300, "%u", received[0]);
	CHECK(received[1] == 2180, "%u", received[1]);
	CHECK(!statistics(&receiver, 0).rx_dropped && !statistics(&receiver, 1).rx_dropped, "dropped");
	close_receiver(&receiver);
}

/* The ring is as full as the receiver finds it when it comes; what it leaves there at first is not found anew. */
static void test_fullest(void)
{
	struct receiver receiver = { 0 };
	struct xdp4j_xsk *socket;

	open_receiver(&receiver, 1, RING, RING, RING, XDP4J_MODE_AUTO);
	socket = receiver.sockets[0];
	CHECK(!xdp4j_xsk_fullest(socket) && !xdp4j_xsk_take_fullest(socket), "full before a packet came");
	send_packets(RING - 5, PORT_A);
	CHECK(drain(&receiver, 0, PORT_A) == RING - 5, "not all came");
	CHECK(xdp4j_xsk_fullest(socket) == RING - 5, "%u", xdp4j_xsk_fullest(socket));
	CHECK(xdp4j_xsk_take_fullest(socket) == RING - 5, "since it was opened");
	send_packets(3, PORT_A);
	CHECK(drain(&receiver, 0, PORT_A) == 3, "not all came");
	CHECK(xdp4j_xsk_fullest(socket) == RING - 5, "%u", xdp4j_xsk_fullest(socket));
	CHECK(xdp4j_xsk_take_fullest(socket) == 3, "since it was taken");
	CHECK(!xdp4j_xsk_take_fullest(socket), "taken twice");
	close_receiver(&receiver);
}

/* Nobody receives while more comes than the fill ring has frames: the rest is lost and counted, no frame is. */
static void test_empty_fill_ring(void)
{
	struct receiver receiver = { 0 };

	open_receiver(&receiver, 1, RING, RING, 4 * RING, XDP4J_MODE_AUTO);
	for (uint64_t round = 1; round <= 3; round++) {
		send_packets(RING + 30, PORT_A);
		CHECK(drain(&receiver, 0, PORT_A) == RING, "not what the fill ring held");
		CHECK(statistics(&receiver, 0).rx_dropped == round * 30, "dropped");
		CHECK(statistics(&receiver, 0).rx_fill_ring_empty_descs == round * 30,
		      "the same packets, counted twice");
		CHECK(!statistics(&receiver, 0).rx_ring_full, "RX ring full");
		expect_conserved(&receiver, 0);
	}
	close_receiver(&receiver);
}

/* One socket's packets fill its RX ring; the other socket still gets frames, since there are enough for both. */
static void test_full_rx_ring(void)
{
	struct receiver receiver = { 0 };

	open_receiver(&receiver, 2, 4 * RING, 4 * RING, RING, XDP4J_MODE_AUTO);
	for (uint64_t round = 1; round <= 3; round++) {
		send_packets(RING + 9, PORT_A);
		send_packets(RING, PORT_B);
		CHECK(drain(&receiver, 0, PORT_A) == RING, "not what the RX ring held");
		CHECK(drain(&receiver, 1, PORT_B) == RING, "starved by the other socket");
		CHECK(statistics(&receiver, 0).rx_ring_full == round * 9, "RX ring full");
		CHECK(!statistics(&receiver, 1).rx_ring_full, "the other socket's");
		expect_conserved(&receiver, 1);
	}
	close_receiver(&receiver);
}

static struct flow_counters flow_counters(const struct receiver *receiver, uint32_t flow)
{
	struct flow_counters counters;

	CHECK(!xdp4j_steer_flow_counters(receiver->steer, flow, &counters), "counters");
	return counters;
}

/* What XdpProgram counts as too large: a frame of 2,048 bytes less XDP_PACKET_HEADROOM; metadata takes none of it. */
static void test_longest_packet(enum xdp4j_mode mode)
{
	struct receiver receiver = { 0 };

	open_receiver(&receiver, 1, RING, RING, RING, mode);
	CHECK(!xdp4j_steer_set_socket(receiver.steer, 0, 0, xdp4j_xsk_fd(receiver.sockets[0]), 4096, &error), "%s",
	      error.text);
	send_on_wire(wire, (struct frame){ .payload = 1750 }); /* 14 + 20 + 8 + 1,750 = 1,792 */
	send_on_wire(wire, (struct frame){ .payload = 1751 });
	CHECK(xdp4j_xsk_wait(receiver.sockets[0], 5000) == 1, "nothing came");
	CHECK(xdp4j_xsk_receive(receiver.sockets[0]) == 1 && receiver.batches[0][0].len == 1792, "1792");
	while (!statistics(&receiver, 0).rx_dropped)
		;
	CHECK(statistics(&receiver, 0).rx_dropped == 1 && xdp4j_xsk_receive(receiver.sockets[0]) == 0, "1793");
	close_receiver(&receiver);
}

/* Sockets come and go, the first one too, with packets in their rings; the others and the frames stay whole. */
static void test_closing_and_opening(void)
{
	struct receiver receiver = { 0 };

	open_receiver(&receiver, 2, 2 * RING, 2 * RING, RING, XDP4J_MODE_AUTO);
	for (uint64_t round = 1; round <= 6; round++) {
		uint32_t closed = round % 2, open = 1 - closed;
		const struct xdp4j_xsk_options options = {
			.interface = "rx0",
			.rx_ring = round % 3 ? RING : RING / 2, /* of another size than before */
			.batch = receiver.batches[closed],
			.batch_size = BATCH,
		};
		uint64_t passed = flow_counters(&receiver, closed).no_socket;

		send_packets(20, closed ? PORT_B : PORT_A);
		CHECK(xdp4j_xsk_receive(receiver.sockets[closed]) == BATCH, "a batch");
		CHECK(!xdp4j_steer_clear_socket(receiver.steer, closed, 0), "clear");
		xdp4j_steer_synchronize();
		xdp4j_xsk_close(receiver.sockets[closed]);
		expect_conserved(&receiver, 0);

		send_packets(10, PORT_A);
		send_packets(10, PORT_B);
		CHECK(flow_counters(&receiver, closed).no_socket == passed + 10, "did not pass to the stack");
		CHECK(drain(&receiver, open, open ? PORT_B : PORT_A) == 10, "the other socket");
		expect_conserved(&receiver, 0);

		CHECK(!xdp4j_xsk_open(&receiver.sockets[closed], receiver.umem, &options, &error), "%s", error.text);
		CHECK(!xdp4j_steer_set_socket(receiver.steer, closed, 0, xdp4j_xsk_fd(receiver.sockets[closed]), 1792,
					      &error),
		      "%s", error.text);
		send_packets(30, closed ? PORT_B : PORT_A);
		CHECK(drain(&receiver, closed, closed ? PORT_B : PORT_A) == 30, "after opening again");
	}
	/* All closed, the UMEM not yet. */
	xdp4j_steer_detach(receiver.steer);
	xdp4j_xsk_close(receiver.sockets[0]);
	xdp4j_xsk_close(receiver.sockets[1]);
	expect_conserved(&receiver, 0);
	receiver.count = 0;
	xdp4j_steer_close(receiver.steer);
	CHECK(!xdp4j_umem_close(receiver.umem), "close");
}

static void test_bad_options(void)
{
	const struct {
		struct xdp4j_umem_options options;
		const char *text;
	} cases[] = {
		{ { 1024, 64, 64, 0, 0, -1, 0 }, "frame size 1024: use 2048 or 4096" },
		{ { 2048, 64, 48, 0, 0, -1, 0 }, "fill ring of 48: use a power of two" },
		{ { 2048, 64, 0, 0, 0, -1, 0 }, "fill ring of 0: use a power of two" },
		{ { 2048, 32, 64, 0, 0, -1, 0 }, "32 frames cannot fill a ring of 64: use at least as many frames" },
		{ { 2048, 64, 64, 65558, 8, -1, 0 }, "longest packet of 65558 bytes: IP allows 65557" },
		{ { 2048, 64, 64, 1793, 0, -1, 0 },
		  "packets of 1793 bytes, but room for none of them: use the sum of the sockets' batches" },
		{ { 2048, 64, 64, 9022, 1 << 20, -1, 0 },
		  "64 frames of 2048 bytes and 1048576 packets of 9022 are more than the 2 GiB that one buffer can "
		  "hold: use fewer" },
	};
	struct xdp4j_umem *umem;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK(xdp4j_umem_open(&umem, &cases[i].options, &error) == -EINVAL, "case %zu", i);
		CHECK(!strcmp(error.text, cases[i].text) && error.code == EINVAL, "%s", error.text);
	}
}

static void test_bad_socket(void)
{
	struct xdp_desc batch[BATCH];
	struct xdp4j_xsk_options options = {
		.interface = "rx0", .rx_ring = RING, .mode = XDP4J_MODE_AUTO, .batch = batch, .batch_size = BATCH
	};
	struct receiver receiver = { 0 };
	struct xdp4j_umem *umem;
	struct xdp4j_xsk *xsk;

	open_receiver(&receiver, 1, RING, RING, RING, XDP4J_MODE_AUTO);
	CHECK(!xdp4j_umem_open(&umem, &SMALL, &error), "%s", error.text);
	CHECK(xdp4j_xsk_open(&xsk, umem, &options, &error) == -EBUSY, "a queue was taken twice");
	CHECK(strstr(error.text, "queue 0 of rx0 is taken"), "%s", error.text);
	close_receiver(&receiver);
	CHECK(!xdp4j_xsk_open(&xsk, umem, &options, &error), "free again: %s", error.text);
	xdp4j_xsk_close(xsk);
	CHECK(!xdp4j_umem_close(umem), "close");

	CHECK(!xdp4j_umem_open(&umem, &SMALL, &error), "%s", error.text);
	options.queue = 1;
	CHECK(xdp4j_xsk_open(&xsk, umem, &options, &error) == -EINVAL, "a queue that is not there");
	CHECK(strstr(error.text, "rx0 has no queue 1"), "%s", error.text);
	options.interface = "rx7";
	CHECK(xdp4j_xsk_open(&xsk, umem, &options, &error) == -ENODEV, "an interface that is not there");
	CHECK(strstr(error.text, "'rx7'"), "%s", error.text);

	options.interface = "rx0";
	options.queue = 0;
	CHECK(!xdp4j_xsk_open(&xsk, umem, &options, &error), "%s", error.text);
	xdp4j_xsk_close(xsk);
	options.interface = "tx0";
	CHECK(xdp4j_xsk_open(&xsk, umem, &options, &error) == -EINVAL, "a UMEM on two interfaces");
	CHECK(strstr(error.text, "this UMEM serves queue 0 of rx0"), "%s", error.text);
	CHECK(!xdp4j_umem_close(umem), "close");
}

/* A buffer that outlives its UMEM reads zeros, takes what is written, and does not fault. */
static void test_area_after_close(void)
{
	struct xdp4j_umem *umem;
	volatile uint8_t *area;
	uint64_t bytes;

	CHECK(!xdp4j_umem_open(&umem, &SMALL, &error), "%s", error.text);
	area = xdp4j_umem_area(umem);
	bytes = xdp4j_umem_bytes(umem);
	CHECK(!((uintptr_t)area & 4095), "not page-aligned");
	area[bytes - 1] = 1;
	CHECK(!xdp4j_umem_close(umem), "close");
	CHECK(area[0] == 0 && area[bytes - 1] == 0, "the old bytes are still there");
	area[0] = 1;
	xdp4j_umem_unmap((void *)area, bytes);
}

int main(void)
{
	enter_lab(1);
	wire = open_wire();
	test_bad_options();
	test_bad_socket();
	test_area_after_close();
	test_rounds(XDP4J_MODE_NATIVE);
	test_rounds(XDP4J_MODE_GENERIC);
	test_fullest();
	test_empty_fill_ring();
	test_full_rx_ring();
	test_closing_and_opening();
	run("ip link set rx0 mtu 2000 && ip link set tx0 mtu 2000");
	test_longest_packet(XDP4J_MODE_NATIVE);
	test_longest_packet(XDP4J_MODE_GENERIC);
	return 0;
}
