/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A leased frame keeps its packet while others come and go, is nobody else's, and comes back; and however many are
 * leased, the fill ring is full. Needs root; runs in a network namespace of its own.
 */
#define _GNU_SOURCE 1
#include <pthread.h>

#include "xdp_lab.h"

#include "xdp4j.h"

#define BATCH 8
#define RING 64
#define LEASES 16
#define FRAME 2048
#define PAYLOAD 100
#define OTHER_PORT (UDP_FRAME_PORT + 2)
#define PACKET (14 + 20 + 8 + PAYLOAD)

static struct xdp4j_error error;
static int wire;
static struct xdp4j_umem *umem;
static struct xdp4j_steer *steer;
static struct xdp4j_xsk *xsk;
static struct xdp_desc batch[BATCH];
static uint8_t *area;

static void open_receiver(uint32_t leases)
{
	const struct xdp4j_umem_options umem_options = {
		.frame_size = FRAME, .frames = RING + leases, .fill_ring = RING, .numa_node = -1, .leases = leases
	};
	const struct xdp4j_xsk_options options = {
		.interface = "rx0", .rx_ring = 4 * RING, .mode = XDP4J_MODE_NATIVE, .batch = batch, .batch_size = BATCH
	};
	struct flow_key key = { .port = htons(UDP_FRAME_PORT) };

	address(key.destination, false, true, 0);
	CHECK(!xdp4j_umem_open(&umem, &umem_options, &error), "%s", error.text);
	CHECK(!xdp4j_steer_load(&steer, 2, 1, false, &error), "%s", error.text);
	CHECK(!xdp4j_xsk_open(&xsk, umem, &options, &error), "%s", error.text);
	CHECK(!xdp4j_steer_add_flow(steer, &key, 0, &error), "%s", error.text);
	CHECK(!xdp4j_steer_set_socket(steer, 0, 0, xdp4j_xsk_fd(xsk), 1792, &error), "%s", error.text);
	CHECK(xdp4j_steer_attach(steer, "rx0", XDP4J_MODE_NATIVE, XDP4J_ATTACH_LINK, &error) >= 0, "%s", error.text);
	area = xdp4j_umem_area(umem);
}

static void close_receiver(void)
{
	xdp4j_steer_close(steer);
	xdp4j_xsk_close(xsk);
	CHECK(!xdp4j_umem_close(umem), "close");
}

static void send_packets(int count)
{
	for (int i = 0; i < count; i++)
		send_on_wire(wire, (struct frame){ .payload = PAYLOAD, .port = UDP_FRAME_PORT });
}

static void expect(uint32_t leased)
{
	struct xdp4j_umem_audit audit;

	xdp4j_umem_audit(umem, &audit);
	CHECK(!audit.doubled, "%u frames are at two places", audit.doubled);
	CHECK(!audit.kernel, "%u frames are nowhere", audit.kernel);
	CHECK(audit.leased == leased, "%u frames are leased", audit.leased);
}

static uint32_t drain(void)
{
	uint32_t total = 0;
	int count;

	while ((count = xdp4j_xsk_receive(xsk)) > 0)
		total += count;
	CHECK(!count, "receive: %d", count);
	return total;
}

/* Leases the whole batch of `count` and releases it again, which leaves to the receiver to take it back. */
static void lease_and_release(uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		int frame = xdp4j_xsk_lease(xsk, i);

		CHECK(frame >= 0, "lease: %d", frame);
		xdp4j_umem_release(umem, frame);
	}
}

/* Each byte of the packet is made the same, so that one written by somebody else shows. */
static void mark(uint64_t packet, uint8_t value)
{
	memset(area + packet, value, PACKET);
}

static void expect_mark(uint64_t packet, uint8_t value)
{
	for (int i = 0; i < PACKET; i++)
		CHECK(area[packet + i] == value, "byte %d of leased packet %u is %u", i, value, area[packet + i]);
}

/* More rounds than there are frames, with every frame used again and again beside those that are kept. */
static void test_kept_packets(void)
{
	uint64_t packets[LEASES];
	int frames[LEASES], count = 0;

	open_receiver(LEASES);
	while (count < LEASES) {
		send_packets(BATCH);
		CHECK(xdp4j_xsk_receive(xsk) == BATCH, "a batch");
		for (int i = 1; i < BATCH; i += 3) { /* from the middle of a batch */
			packets[count] = batch[i].addr;
			frames[count] = xdp4j_xsk_lease(xsk, i);
			CHECK(frames[count] == (int)(batch[i].addr / FRAME), "frame %d", frames[count]);
			mark(packets[count], count + 1);
			if (++count == LEASES)
				break;
		}
		expect(count);
	}
	CHECK(xdp4j_xsk_lease(xsk, BATCH - 1) == -ENOBUFS, "more than can be leased");
	CHECK(!drain(), "what was sent has been received");
	for (int round = 0; round < 50; round++) {
		send_packets(RING);
		CHECK(drain() == RING, "the fill ring was not full");
		expect(LEASES);
	}
	for (int i = 0; i < LEASES; i++) {
		expect_mark(packets[i], i + 1);
		xdp4j_umem_release(umem, frames[i]);
	}
	expect(0);
	send_packets(RING + 30);
	CHECK(drain() == RING, "the fill ring was not full");
	close_receiver();
}

/* What was released makes room at once, in the same batch. */
static void test_room_again(void)
{
	int frames[BATCH];

	open_receiver(2);
	send_packets(BATCH);
	CHECK(xdp4j_xsk_receive(xsk) == BATCH, "a batch");
	frames[0] = xdp4j_xsk_lease(xsk, 0);
	frames[1] = xdp4j_xsk_lease(xsk, 1);
	CHECK(xdp4j_xsk_lease(xsk, 2) == -ENOBUFS, "a third of two");
	xdp4j_umem_release(umem, frames[0]);
	frames[2] = xdp4j_xsk_lease(xsk, 2);
	CHECK(frames[2] >= 0 && frames[2] != frames[1], "frame %d", frames[2]);
	expect(2);
	xdp4j_umem_release(umem, frames[1]);
	xdp4j_umem_release(umem, frames[2]);
	expect(0);
	close_receiver();
}

/*
 * That none is leased any more, since somebody else took back what was released, does not make the places that they had
 * in the batch frames again. Here an audit does it.
 */
static void test_taken_back_by_an_audit(void)
{
	open_receiver(LEASES);
	send_packets(BATCH);
	CHECK(xdp4j_xsk_receive(xsk) == BATCH, "a batch");
	lease_and_release(BATCH);
	expect(0);
	CHECK(!xdp4j_xsk_receive(xsk), "no more packets");
	expect(0);
	send_packets(BATCH);
	CHECK(xdp4j_xsk_receive(xsk) == BATCH, "a batch");
	lease_and_release(3);
	expect(0);
	xdp4j_steer_detach(steer);
	xdp4j_xsk_close(xsk);
	expect(0);
	xdp4j_steer_close(steer);
	CHECK(!xdp4j_umem_close(umem), "close");
}

/* Here another socket of the UMEM does: by a look, by a lease that needs the room, and by its close. */
static void test_taken_back_by_another_socket(void)
{
	struct xdp_desc other_batch[BATCH];
	const struct xdp4j_xsk_options options = {
		.interface = "rx0",
		.rx_ring = RING,
		.mode = XDP4J_MODE_NATIVE,
		.batch = other_batch,
		.batch_size = BATCH,
	};
	struct flow_key key = { .port = htons(OTHER_PORT) };
	struct xdp4j_xsk *other;
	int frame;

	open_receiver(2);
	address(key.destination, false, true, 0);
	CHECK(!xdp4j_xsk_open(&other, umem, &options, &error), "%s", error.text);
	CHECK(!xdp4j_steer_add_flow(steer, &key, 1, &error), "%s", error.text);
	CHECK(!xdp4j_steer_set_socket(steer, 1, 0, xdp4j_xsk_fd(other), 1792, &error), "%s", error.text);

	send_packets(2);
	CHECK(xdp4j_xsk_receive(xsk) == 2, "two packets");
	lease_and_release(2);
	CHECK(!xdp4j_xsk_receive(other), "none of the other flow");
	CHECK(!xdp4j_xsk_receive(xsk), "no more packets");
	expect(0);

	send_packets(2);
	CHECK(xdp4j_xsk_receive(xsk) == 2, "two packets");
	send_on_wire(wire, (struct frame){ .payload = PAYLOAD, .port = OTHER_PORT });
	CHECK(xdp4j_xsk_receive(other) == 1, "a packet of the other flow");
	lease_and_release(2);
	frame = xdp4j_xsk_lease(other, 0);
	CHECK(frame >= 0, "lease: %d", frame);
	mark(other_batch[0].addr, 9);
	expect(1);
	CHECK(!xdp4j_xsk_receive(xsk), "no more packets");
	expect(1);
	expect_mark(other_batch[0].addr, 9);
	xdp4j_umem_release(umem, frame);
	CHECK(!xdp4j_xsk_receive(xsk), "no more packets"); /* and takes back what the other's batch had */
	CHECK(!xdp4j_xsk_receive(other), "no more packets");
	expect(0);

	send_packets(2);
	CHECK(xdp4j_xsk_receive(xsk) == 2, "two packets");
	lease_and_release(2);
	CHECK(!xdp4j_steer_clear_socket(steer, 1, 0), "clear");
	xdp4j_steer_synchronize();
	xdp4j_xsk_close(other);
	CHECK(!xdp4j_xsk_receive(xsk), "no more packets");
	expect(0);
	send_packets(RING);
	CHECK(drain() == RING, "the fill ring was not full");
	close_receiver();
}

static void test_misuse(void)
{
	int frame;

	open_receiver(LEASES);
	CHECK(xdp4j_xsk_lease(xsk, 0) == -EINVAL, "before the first batch");
	send_packets(3);
	CHECK(xdp4j_xsk_receive(xsk) == 3, "three packets");
	CHECK(xdp4j_xsk_lease(xsk, 3) == -EINVAL, "a fourth packet of three");
	frame = xdp4j_xsk_lease(xsk, 2);
	CHECK(frame >= 0, "lease: %d", frame);
	CHECK(xdp4j_xsk_lease(xsk, 2) == -EALREADY, "leased twice");
	CHECK(!xdp4j_xsk_receive(xsk), "no more packets");
	CHECK(xdp4j_xsk_lease(xsk, 0) == -EINVAL, "of a batch that is gone");

	/* The socket may go, with a batch in hand of which a frame is leased; the UMEM may not. */
	send_packets(3);
	CHECK(xdp4j_xsk_receive(xsk) == 3, "three packets");
	mark(batch[1].addr, 7);
	CHECK(xdp4j_xsk_lease(xsk, 1) >= 0, "lease");
	xdp4j_steer_detach(steer);
	xdp4j_xsk_close(xsk);
	expect(2);
	expect_mark(batch[1].addr, 7);
	CHECK(xdp4j_umem_close(umem) == -EBUSY, "closed while frames are leased");
	xdp4j_umem_release(umem, frame);
	CHECK(xdp4j_umem_close(umem) == -EBUSY, "closed while a frame is leased");
	xdp4j_umem_release(umem, batch[1].addr / FRAME);
	xdp4j_steer_close(steer);
	CHECK(!xdp4j_umem_close(umem), "close");
}

static void test_without_leases(void)
{
	open_receiver(0);
	send_packets(1);
	CHECK(xdp4j_xsk_receive(xsk) == 1, "a packet");
	CHECK(xdp4j_xsk_lease(xsk, 0) == -EOPNOTSUPP, "a lease of none");
	close_receiver();
}

static void test_bad_options(void)
{
	const struct xdp4j_umem_options too_few = { FRAME, RING + 7, RING, 0, 0, -1, 8 };
	const struct xdp4j_umem_options too_many = { FRAME, RING, RING, 0, 0, -1, RING + 1 };
	const struct xdp4j_umem_options long_packets = { FRAME, RING + 8, RING, 9022, BATCH, -1, 8 };
	struct xdp4j_umem *none;

	CHECK(xdp4j_umem_open(&none, &too_few, &error) == -EINVAL, "too few frames");
	CHECK(!strcmp(error.text, "71 frames less 8 leases cannot fill a ring of 64: use at least 72 frames"), "%s",
	      error.text);
	CHECK(xdp4j_umem_open(&none, &too_many, &error) == -EINVAL, "more leases than frames");
	CHECK(xdp4j_umem_open(&none, &long_packets, &error) == -EINVAL, "leases of long packets");
	CHECK(strstr(error.text, "such a packet is a copy"), "%s", error.text);
}

/* Two threads release what this one leases. */
struct hand {
	int frames[BATCH];
	int count;
};

static void *release_all(void *argument)
{
	const struct hand *hand = argument;

	for (int i = 0; i < hand->count; i++)
		xdp4j_umem_release(umem, hand->frames[i]);
	return NULL;
}

static void test_other_threads(void)
{
	pthread_t threads[2];
	int count;

	open_receiver(LEASES);
	for (int round = 0; round < 200; round++) {
		struct hand hands[2] = { 0 };

		send_packets(BATCH);
		CHECK((count = xdp4j_xsk_receive(xsk)) == BATCH, "%d", count);
		for (int i = 0; i < BATCH; i++) {
			struct hand *hand = &hands[i % 2];

			hand->frames[hand->count] = xdp4j_xsk_lease(xsk, i);
			CHECK(hand->frames[hand->count++] >= 0, "lease");
		}
		for (int i = 0; i < 2; i++)
			CHECK(!pthread_create(&threads[i], NULL, release_all, &hands[i]), "thread");
		send_packets(BATCH);
		CHECK(drain() == BATCH, "while they release");
		for (int i = 0; i < 2; i++)
			pthread_join(threads[i], NULL);
		expect(0);
	}
	close_receiver();
}

int main(void)
{
	enter_lab(1);
	wire = open_wire();
	test_bad_options();
	test_without_leases();
	test_kept_packets();
	test_room_again();
	test_taken_back_by_an_audit();
	test_taken_back_by_another_socket();
	test_misuse();
	test_other_threads();
	return 0;
}
