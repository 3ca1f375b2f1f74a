/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is told of the socket of a process that was killed: packets left in its ring, packets taken, and the kernel's
 * counters, exactly. Needs root; runs in a network namespace of its own.
 */
#define _GNU_SOURCE 1
#include "xdp_lab.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "xdp4j.h"

#define NAME "xdp4j-xsk-view-test"
#define BATCH 8
#define FILL_RING 64
#define PATIENCE_MS 20000

static const struct xdp4j_umem_options umem_options = {
	.frame_size = 2048, .frames = FILL_RING, .fill_ring = FILL_RING, .numa_node = -1
};
static struct xdp4j_error error;
static struct xdp_desc batch[BATCH];

/* The other process: hands its socket over, receives one batch, without privilege, when told to, and waits to end. */
static void receive_once(uint32_t rx_ring)
{
	const struct xdp4j_xsk_options options = {
		.interface = "rx0", .rx_ring = rx_ring, .batch = batch, .batch_size = BATCH
	};
	int channel = xdp4j_channel_connect(NAME, &error), fds[XDP4J_CHANNEL_FDS], fd;
	struct xdp4j_umem *umem;
	struct xdp4j_xsk *xsk;
	uint32_t fd_count;
	char byte;

	CHECK(channel >= 0, "%s", error.text);
	CHECK(!xdp4j_umem_open(&umem, &umem_options, &error), "%s", error.text);
	CHECK(!xdp4j_xsk_open(&xsk, umem, &options, &error), "%s", error.text);
	fd = xdp4j_xsk_fd(xsk);
	CHECK(!xdp4j_channel_send(channel, "socket", 6, &fd, 1), "send");
	CHECK(!xdp4j_process_drop_capabilities(&error), "%s", error.text);
	CHECK(xdp4j_channel_receive(channel, &byte, 1, fds, &fd_count, -1) == 1, "not told to receive");
	CHECK(xdp4j_xsk_wait(xsk, PATIENCE_MS) == 1 && xdp4j_xsk_receive(xsk) == BATCH, "no full batch");
	CHECK(!xdp4j_channel_send(channel, "received", 8, NULL, 0), "send");
	for (;;)
		pause();
}

struct other {
	pid_t pid;
	int channel;
	struct xdp4j_xsk_view *view;
};

static int receive_message(const struct other *other, int fds[XDP4J_CHANNEL_FDS])
{
	char bytes[16];
	uint32_t fd_count;

	CHECK(xdp4j_channel_receive(other->channel, bytes, sizeof(bytes), fds, &fd_count, PATIENCE_MS) > 0,
	      "no message");
	return fd_count;
}

/* Its packets go to its socket from here on. */
static struct other start_other(struct xdp4j_steer *steer, uint32_t rx_ring)
{
	int listener = xdp4j_channel_listen(NAME, &error), fds[XDP4J_CHANNEL_FDS];
	struct other other;

	CHECK(listener >= 0, "%s", error.text);
	other.pid = fork();
	if (!other.pid)
		receive_once(rx_ring);
	other.channel = xdp4j_channel_accept(listener, other.pid, PATIENCE_MS, &error);
	CHECK(other.channel >= 0, "%s", error.text);
	close(listener);
	CHECK(receive_message(&other, fds) == 1, "no socket");
	CHECK(!xdp4j_steer_set_socket(steer, 0, 0, fds[0], 1792, &error), "%s", error.text);
	CHECK(!xdp4j_xsk_view_open(&other.view, fds[0], rx_ring, &error), "%s", error.text);
	CHECK(xdp4j_xsk_view_fd(other.view) == fds[0], "another descriptor");
	return other;
}

static void kill_other(const struct other *other)
{
	int status;

	CHECK(!kill(other->pid, SIGKILL), "%s", strerror(errno));
	CHECK(waitpid(other->pid, &status, 0) == other->pid && WIFSIGNALED(status), "it failed before");
	close(other->channel);
}

static void send_packets(int wire, int count)
{
	for (int i = 0; i < count; i++)
		send_on_wire(wire, (struct frame){ .payload = 100 });
}

static void expect_view(const struct xdp4j_xsk_view *view, uint32_t received, uint32_t waiting)
{
	CHECK(xdp4j_xsk_view_received(view) == received, "%u", xdp4j_xsk_view_received(view));
	CHECK(xdp4j_xsk_view_waiting(view) == waiting, "%u", xdp4j_xsk_view_waiting(view));
}

static struct xdp_statistics statistics(const struct xdp4j_xsk_view *view)
{
	struct xdp_statistics statistics;

	CHECK(!xdp4j_xsk_view_statistics(view, &statistics), "statistics");
	return statistics;
}

/* Of 64 frames 20 went to the ring, 8 of which were taken and are in the killed one's hands; 44 are left, of 50. */
static void test_fill_ring_runs_empty(struct xdp4j_steer *steer, int wire)
{
	struct other other = start_other(steer, 2 * FILL_RING);
	int fds[XDP4J_CHANNEL_FDS];

	expect_view(other.view, 0, 0);
	CHECK(xdp4j_xsk_view_zero_copy(other.view) == 0, "a veth has no zero-copy");
	send_packets(wire, 20);
	expect_view(other.view, 0, 20);
	CHECK(!xdp4j_channel_send(other.channel, "r", 1, NULL, 0), "send");
	CHECK(receive_message(&other, fds) == 0, "a descriptor");
	expect_view(other.view, 8, 12);
	kill_other(&other);
	expect_view(other.view, 8, 12);
	CHECK(!statistics(other.view).rx_dropped, "dropped already");

	send_packets(wire, 50);
	expect_view(other.view, 8, 12 + 44);
	CHECK(statistics(other.view).rx_dropped == 6, "%llu", statistics(other.view).rx_dropped);
	CHECK(statistics(other.view).rx_fill_ring_empty_descs == 6, "the same packets, counted twice");
	CHECK(!statistics(other.view).rx_ring_full, "RX ring full");
	CHECK(!xdp4j_steer_clear_socket(steer, 0, 0), "clear");
	xdp4j_steer_synchronize();
	xdp4j_xsk_view_close(other.view);
}

/* Of 40 packets 8 were taken, so that the ring of 16 had room for 8 more. */
static void test_rx_ring_runs_full(struct xdp4j_steer *steer, int wire)
{
	struct other other = start_other(steer, 16);
	int fds[XDP4J_CHANNEL_FDS];

	send_packets(wire, 16);
	CHECK(!xdp4j_channel_send(other.channel, "r", 1, NULL, 0), "send");
	CHECK(receive_message(&other, fds) == 0, "a descriptor");
	kill_other(&other);
	send_packets(wire, 24);
	expect_view(other.view, 8, 16);
	CHECK(statistics(other.view).rx_ring_full == 16, "%llu", statistics(other.view).rx_ring_full);
	CHECK(!xdp4j_steer_clear_socket(steer, 0, 0), "clear");
	xdp4j_steer_synchronize();
	xdp4j_xsk_view_close(other.view);
}

static void test_queue_is_held(struct xdp4j_steer *steer)
{
	const struct xdp4j_xsk_options options = {
		.interface = "rx0", .rx_ring = 16, .batch = batch, .batch_size = BATCH
	};
	struct other other = start_other(steer, 16);
	struct xdp4j_umem *umem;
	struct xdp4j_xsk *xsk;

	kill_other(&other);
	CHECK(!xdp4j_umem_open(&umem, &umem_options, &error), "%s", error.text);
	CHECK(xdp4j_xsk_open(&xsk, umem, &options, &error) == -EBUSY, "the queue was let go");
	xdp4j_xsk_view_close(other.view);
	CHECK(!xdp4j_xsk_open(&xsk, umem, &options, &error), "%s", error.text);
	xdp4j_xsk_close(xsk);
	CHECK(!xdp4j_umem_close(umem), "close");
}

static void test_others_are_refused(void)
{
	struct xdp4j_xsk_view *view;
	int null = open("/dev/null", O_RDWR), bare = socket(AF_XDP, SOCK_RAW, 0);

	CHECK(xdp4j_xsk_view_open(&view, null, 64, &error) == -ENOTSOCK, "a device");
	CHECK(strstr(error.text, "is no AF_XDP socket"), "%s", error.text);
	CHECK(xdp4j_xsk_view_open(&view, bare, 64, &error) < 0, "a socket without a ring");
	CHECK(strstr(error.text, "pass a socket that has one"), "%s", error.text);
	CHECK(xdp4j_xsk_view_open(&view, bare, 0, &error) == -EINVAL, "a ring of none");
	CHECK(xdp4j_xsk_view_open(&view, bare, 48, &error) == -EINVAL, "a ring that is no power of two");
	CHECK(strstr(error.text, "RX ring of 48: use a power of two"), "%s", error.text);
	CHECK(!close(null) && !close(bare), "a descriptor that was refused was closed");
}

int main(void)
{
	struct flow_key key = { .port = htons(UDP_FRAME_PORT) };
	struct xdp4j_steer *steer;
	int wire;

	enter_lab(1);
	wire = open_wire();
	address(key.destination, false, true, 0);
	CHECK(!xdp4j_steer_load(&steer, 1, 1, false, &error), "%s", error.text);
	CHECK(!xdp4j_steer_add_flow(steer, &key, 0, &error), "%s", error.text);
	CHECK(xdp4j_steer_attach(steer, "rx0", XDP4J_MODE_AUTO, XDP4J_ATTACH_LINK, &error) >= 0, "%s", error.text);
	test_others_are_refused();
	test_fill_ring_runs_empty(steer, wire);
	test_rx_ring_runs_full(steer, wire);
	test_queue_is_held(steer);
	xdp4j_steer_close(steer);
	return 0;
}
