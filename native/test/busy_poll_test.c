/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Busy poll: which options the sockets have, that packets arrive whether or not it takes effect, and who is refused.
 * Needs root; runs in a network namespace of its own.
 */
#define _GNU_SOURCE 1
#include "xdp_lab.h"

#include <linux/capability.h>
#include <sys/syscall.h>
#include <time.h>

#include "xdp4j.h"

#define BATCH 8
#define RING 64
#define BUDGET 16

static struct xdp4j_error error;
static struct xdp_desc batches[2][BATCH];

static const struct xdp4j_umem_options small = {
	.frame_size = 2048, .frames = RING, .fill_ring = RING, .numa_node = -1
};

static struct xdp4j_xsk_options with_budget(uint32_t budget, int socket)
{
	return (struct xdp4j_xsk_options){
		.interface = "rx0",
		.rx_ring = RING,
		.batch = batches[socket],
		.batch_size = BATCH,
		.busy_poll_budget = budget,
	};
}

static int option(const struct xdp4j_xsk *xsk, int name)
{
	socklen_t length = sizeof(int);
	int value;

	CHECK(!getsockopt(xdp4j_xsk_fd(xsk), SOL_SOCKET, name, &value, &length), "%d: %s", name, strerror(errno));
	return value;
}

/*
 * Whether the kernel has a NAPI to run or not, every packet comes, and each but once; also to sockets that take packets
 * of several frames.
 */
static void test_packets_arrive(enum xdp4j_mode mode, bool multi_buffer)
{
	const struct xdp4j_umem_options umem_options = {
		.frame_size = 2048,
		.frames = RING,
		.fill_ring = RING,
		.longest_packet = multi_buffer ? 9022 : 0,
		.long_packets = 2 * BATCH,
		.numa_node = -1,
	};
	struct xdp4j_xsk_options options[] = { with_budget(BUDGET, 0), with_budget(0, 1) };
	struct flow_key key = { .port = htons(UDP_FRAME_PORT) };
	struct xdp4j_xsk *polling, *other;
	struct xdp4j_steer *steer;
	struct xdp4j_umem *umem;
	int wire = open_wire();
	int received = 0;

	options[0].mode = options[1].mode = mode;
	CHECK(!xdp4j_umem_open(&umem, &umem_options, &error), "%s", error.text);
	CHECK(!xdp4j_xsk_open(&polling, umem, &options[0], &error), "%s", error.text);
	CHECK(!xdp4j_xsk_open(&other, umem, &options[1], &error), "%s", error.text);
	CHECK(option(polling, SO_PREFER_BUSY_POLL) == 1 && option(polling, SO_BUSY_POLL) == 20, "not set");
	CHECK(option(other, SO_PREFER_BUSY_POLL) == 0 && option(other, SO_BUSY_POLL) == 0, "set");

	address(key.destination, false, true, 0);
	CHECK(!xdp4j_steer_load(&steer, 1, 1, multi_buffer, &error), "%s", error.text);
	CHECK(!xdp4j_steer_add_flow(steer, &key, 0, &error), "%s", error.text);
	CHECK(!xdp4j_steer_set_socket(steer, 0, 0, xdp4j_xsk_fd(polling), 1792, &error), "%s", error.text);
	CHECK(xdp4j_steer_attach(steer, "rx0", mode, XDP4J_ATTACH_LINK, &error) == (int)mode, "%s", error.text);
	for (int round = 0; round < 100; round++) {
		int expected = received + 1 + round % (RING - BATCH); /* the last batch is still held */
		time_t deadline = time(NULL) + 20;

		for (int i = received; i < expected; i++)
			send_on_wire(wire, (struct frame){ .payload = 100 });
		while (received < expected) {
			int count = xdp4j_xsk_receive(polling);

			CHECK(count >= 0 && time(NULL) < deadline, "receive: %d, and %d so far", count, received);
			received += count;
		}
		CHECK(received == expected, "%d, not %d", received, expected);
	}
	printf("%s: NAPI id %d\n", mode == XDP4J_MODE_NATIVE ? "native" : "generic", xdp4j_xsk_napi_id(polling));
	xdp4j_steer_close(steer);
	xdp4j_xsk_close(polling);
	xdp4j_xsk_close(other);
	CHECK(!xdp4j_umem_close(umem), "close");
	close(wire);
}

/* The kernel asks for CAP_NET_ADMIN; the rest is root's. */
static void test_refused_without_the_capability(void)
{
	const struct xdp4j_xsk_options options = with_budget(BUDGET, 0), without = with_budget(0, 0);
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3], all[_LINUX_CAPABILITY_U32S_3];
	struct xdp4j_umem *umem;
	struct xdp4j_xsk *xsk;

	CHECK(!syscall(SYS_capget, &header, all), "%s", strerror(errno));
	memcpy(sets, all, sizeof(sets));
	sets[CAP_TO_INDEX(CAP_NET_ADMIN)].effective &= ~CAP_TO_MASK(CAP_NET_ADMIN);
	CHECK(!xdp4j_umem_open(&umem, &small, &error), "%s", error.text);
	CHECK(!syscall(SYS_capset, &header, sets), "%s", strerror(errno));
	CHECK(xdp4j_xsk_open(&xsk, umem, &options, &error) == -EPERM, "%s", error.text);
	CHECK(strstr(error.text, "SO_PREFER_BUSY_POLL=1 on the socket of rx0 queue 0: Operation not permitted; ") &&
		      strstr(error.text, "CAP_NET_ADMIN"),
	      "%s", error.text);
	CHECK(!xdp4j_xsk_open(&xsk, umem, &without, &error), "nothing is left behind: %s", error.text);
	xdp4j_xsk_close(xsk);
	CHECK(!syscall(SYS_capset, &header, all), "%s", strerror(errno));
	CHECK(!xdp4j_umem_close(umem), "close");
}

static void test_bad_budget(void)
{
	const struct xdp4j_xsk_options options = with_budget(65536, 0);
	struct xdp4j_umem *umem;
	struct xdp4j_xsk *xsk;

	CHECK(!xdp4j_umem_open(&umem, &small, &error), "%s", error.text);
	CHECK(xdp4j_xsk_open(&xsk, umem, &options, &error) == -EINVAL, "65536");
	CHECK(!strcmp(error.text, "busy poll budget of 65536: use 0 to 65535"), "%s", error.text);
	CHECK(!xdp4j_umem_close(umem), "close");
}

int main(void)
{
	enter_lab(1);
	test_bad_budget();
	test_refused_without_the_capability();
	for (int multi_buffer = 0; multi_buffer < 2; multi_buffer++) {
		test_packets_arrive(XDP4J_MODE_NATIVE, multi_buffer);
		test_packets_arrive(XDP4J_MODE_GENERIC, multi_buffer);
	}
	return 0;
}
