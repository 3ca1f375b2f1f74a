/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The XDP program beside somebody else's, in libxdp's dispatcher: both see packets, and either can go while the other
 * one stays, also when its process was killed. Needs root, and a kernel that takes BPF programs of type EXT; runs in
 * network and mount namespaces of its own.
 */
#define _GNU_SOURCE 1
#include "dispatcher_lab.h"

#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>

static void test_alone(void)
{
	struct receiver receiver;
	int plain;

	open_receiver(&receiver);
	plain = xdp4j_steer_program_id(receiver.steer);
	CHECK(attach(&receiver, XDP4J_MODE_AUTO) == XDP4J_MODE_NATIVE, "%s", error.text);
	CHECK(!error.text[0], "%s", error.text);
	CHECK(attach(&receiver, XDP4J_MODE_AUTO) == -EBUSY, "twice");
	CHECK(xdp4j_steer_program_id(receiver.steer) != plain, "the id of the copy");
	send_five();
	CHECK(receive_all(&receiver) == 3, "received");
	CHECK(seen_by_us(&receiver) == 5, "seen");
	CHECK(!xdp4j_steer_detach(receiver.steer), "detach");
	CHECK(!attached_program() && !count_pins(), "left something");
	CHECK(xdp4j_steer_program_id(receiver.steer) == plain, "the id of the one loaded first");
	send_five();
	CHECK(seen_by_us(&receiver) == 5, "seen after detach");

	/* Again, in the other mode. */
	CHECK(attach(&receiver, XDP4J_MODE_GENERIC) == XDP4J_MODE_GENERIC, "%s", error.text);
	send_five();
	CHECK(receive_all(&receiver) == 3, "received");
	close_receiver(&receiver);
	CHECK(!attached_program() && !count_pins(), "left something");
}

/* A flow that is added, and one that names its source, while the copy runs. */
static void test_flows(void)
{
	struct flow_key key = { .port = htons(UDP_FRAME_PORT) };
	struct flow_counters counters;
	struct receiver receiver;

	open_receiver(&receiver);
	CHECK(attach(&receiver, XDP4J_MODE_AUTO) == XDP4J_MODE_NATIVE, "%s", error.text);
	address(key.destination, false, true, 0);
	address(key.source, false, false, 2);
	CHECK(!xdp4j_steer_add_flow(receiver.steer, &key, 1, &error), "%s", error.text);
	send_five();
	CHECK(!xdp4j_steer_flow_counters(receiver.steer, 1, &counters) && counters.no_socket == 3, "not its source's");
	CHECK(!receive_all(&receiver), "received");
	CHECK(!xdp4j_steer_remove_flow(receiver.steer, &key, 1), "remove");
	send_five();
	CHECK(receive_all(&receiver) == 3, "received");
	close_receiver(&receiver);
}

/* A bystander with this priority was there first. It sees what ours does not keep from it. */
static void test_beside(unsigned int priority, uint64_t expected)
{
	struct bystander_program bystander = attach_bystander(priority, XDP_MODE_NATIVE);
	struct receiver receiver;
	uint64_t before;

	open_receiver(&receiver);
	CHECK(attach(&receiver, XDP4J_MODE_AUTO) == XDP4J_MODE_NATIVE, "%s", error.text);
	before = seen_by(bystander);
	send_five();
	CHECK(receive_all(&receiver) == 3, "received");
	CHECK(seen_by_us(&receiver) == 5, "seen by us");
	CHECK(seen_by(bystander) == before + expected, "seen by the bystander");

	CHECK(!xdp4j_steer_detach(receiver.steer), "detach");
	send_five();
	CHECK(seen_by_us(&receiver) == 5, "seen by us after detach");
	CHECK(seen_by(bystander) == before + expected + 5, "seen by the bystander after detach");

	/* The other way round: ours stays. */
	CHECK(attach(&receiver, XDP4J_MODE_AUTO) == XDP4J_MODE_NATIVE, "%s", error.text);
	detach_bystander(bystander, XDP_MODE_NATIVE);
	send_five();
	CHECK(receive_all(&receiver) == 3, "received alone");
	close_receiver(&receiver);
	CHECK(!attached_program() && !count_pins(), "left something");
}

/* To a socket on the other interface: the kernel refuses that, and names the dispatcher as the program that did it. */
static void test_redirect_errors(void)
{
	struct xdp4j_redirect_errors *errors;
	struct xdp_desc batch[8];
	const struct xdp4j_umem_options umem_options = {
		.frame_size = 2048, .frames = 64, .fill_ring = 64, .numa_node = -1
	};
	const struct xdp4j_xsk_options options = { .interface = "tx0", .rx_ring = 64, .batch = batch, .batch_size = 8 };
	struct receiver receiver;
	struct xdp4j_umem *umem;
	struct xdp4j_xsk *elsewhere;

	open_receiver(&receiver);
	CHECK(!xdp4j_umem_open(&umem, &umem_options, &error), "%s", error.text);
	CHECK(!xdp4j_xsk_open(&elsewhere, umem, &options, &error), "%s", error.text);
	CHECK(!xdp4j_steer_set_socket(receiver.steer, 0, 0, xdp4j_xsk_fd(elsewhere), 1792, &error), "%s", error.text);
	CHECK(!xdp4j_redirect_errors_open(&errors, xdp4j_steer_sockets_id(receiver.steer), &error), "%s", error.text);
	CHECK(attach(&receiver, XDP4J_MODE_AUTO) == XDP4J_MODE_NATIVE, "%s", error.text);
	send_five();
	CHECK(xdp4j_redirect_errors_count(errors) == 3, "%ld", xdp4j_redirect_errors_count(errors));
	xdp4j_redirect_errors_close(errors);
	close_receiver(&receiver);
	xdp4j_xsk_close(elsewhere);
	CHECK(!xdp4j_umem_close(umem), "close");
}

static void test_mode(void)
{
	struct bystander_program bystander = attach_bystander(BEFORE, XDP_MODE_SKB);
	struct receiver receiver;

	open_receiver(&receiver);
	CHECK(attach(&receiver, XDP4J_MODE_NATIVE) == -EOPNOTSUPP, "native beside generic");
	CHECK(strstr(error.text, "generic mode"), "%s", error.text);
	CHECK(attach(&receiver, XDP4J_MODE_AUTO) == XDP4J_MODE_GENERIC, "%s", error.text);
	CHECK(strstr(error.text, "generic mode"), "why not native: %s", error.text);
	send_five();
	CHECK(receive_all(&receiver) == 3, "received");
	CHECK(!xdp4j_steer_detach(receiver.steer), "detach");
	send_five();
	CHECK(seen_by_us(&receiver) == 5, "seen after detach");
	CHECK(seen_by(bystander) == 10, "seen by the bystander");
	detach_bystander(bystander, XDP_MODE_SKB);
	close_receiver(&receiver);
}

static void test_busy(void)
{
	struct receiver first, second;

	open_receiver(&first);
	CHECK(!xdp4j_steer_load(&second.steer, 1, 1, false, &error), "%s", error.text);
	CHECK(attach(&first, XDP4J_MODE_AUTO) == XDP4J_MODE_NATIVE, "%s", error.text);
	CHECK(xdp4j_steer_attach(second.steer, "rx0", XDP4J_MODE_AUTO, XDP4J_ATTACH_LINK, &error) == -EBUSY, "link");
	CHECK(strstr(error.text, "(xdp_dispatcher, id") && strstr(error.text, "--attach dispatcher"), "%s", error.text);
	CHECK(xdp4j_steer_detach_from_dispatcher("rx0", xdp4j_steer_program_id(second.steer), &error) == -ENOENT,
	      "of another program");
	CHECK(xdp4j_steer_detach_from_dispatcher("tx0", xdp4j_steer_program_id(first.steer), &error) == -ENOENT,
	      "of another interface");
	CHECK(xdp4j_steer_detach_from_dispatcher("none0", 1, &error) == -ENODEV, "of no interface");
	CHECK(!xdp4j_steer_detach(first.steer), "detach");

	CHECK(xdp4j_steer_attach(second.steer, "rx0", XDP4J_MODE_AUTO, XDP4J_ATTACH_LINK, &error) >= 0, "%s",
	      error.text);
	CHECK(attach(&first, XDP4J_MODE_AUTO) == -EBUSY, "beside a link");
	CHECK(strstr(error.text, "(steer, id") && !strstr(error.text, "--attach dispatcher"), "%s", error.text);
	CHECK(xdp4j_steer_detach_from_dispatcher("rx0", xdp4j_steer_program_id(second.steer), &error) == -ENOENT,
	      "what is attached by a link");
	xdp4j_steer_close(second.steer);
	close_receiver(&first);
	CHECK(!attached_program() && !count_pins(), "left something");
}

/* It takes ten: MAX_DISPATCHER_ACTIONS. */
static void test_full(void)
{
	struct xdp4j_steer *programs[11];
	int result;

	for (int i = 0; i < 11; i++) {
		CHECK(!xdp4j_steer_load(&programs[i], 1, 1, false, &error), "%s", error.text);
		result = xdp4j_steer_attach(programs[i], "rx0", XDP4J_MODE_AUTO, XDP4J_ATTACH_DISPATCHER, &error);
		CHECK(result == (i < 10 ? (int)XDP4J_MODE_NATIVE : -E2BIG), "%d: %d, %s", i, result, error.text);
	}
	for (int i = 0; i < 11; i++)
		xdp4j_steer_close(programs[i]);
	CHECK(!attached_program() && !count_pins(), "left something");
}

/* Attaches, tells the program's id, and is killed. */
static uint32_t attach_and_be_killed(void)
{
	struct receiver receiver;
	int pipes[2], status;
	uint32_t id;
	pid_t child;

	CHECK(!pipe(pipes), "%s", strerror(errno));
	child = fork();
	CHECK(child >= 0, "%s", strerror(errno));
	if (!child) {
		open_receiver(&receiver);
		CHECK(attach(&receiver, XDP4J_MODE_AUTO) == XDP4J_MODE_NATIVE, "%s", error.text);
		id = xdp4j_steer_program_id(receiver.steer);
		CHECK(write(pipes[1], &id, sizeof(id)) == sizeof(id), "%s", strerror(errno));
		pause();
	}
	CHECK(read(pipes[0], &id, sizeof(id)) == sizeof(id), "the child failed");
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	close(pipes[0]);
	close(pipes[1]);
	return id;
}

static void test_killed(void)
{
	struct bystander_program bystander;
	uint32_t id = attach_and_be_killed();

	CHECK(attached_program() && count_pins() == 1, "it did not outlive its process");
	CHECK(!xdp4j_steer_detach_from_dispatcher("rx0", id, &error), "%s", error.text);
	CHECK(!attached_program() && !count_pins(), "left something");
	CHECK(xdp4j_steer_detach_from_dispatcher("rx0", id, &error) == -ENOENT, "twice");

	bystander = attach_bystander(BEHIND, XDP_MODE_NATIVE);
	id = attach_and_be_killed();
	send_five();
	CHECK(seen_by(bystander) == 5, "the flow's packets pass when the socket is gone");
	CHECK(!xdp4j_steer_detach_from_dispatcher("rx0", id, &error), "%s", error.text);
	send_five();
	CHECK(seen_by(bystander) == 10, "seen by the bystander");
	detach_bystander(bystander, XDP_MODE_NATIVE);
	CHECK(!attached_program() && !count_pins(), "left something");
}

/* Where there is no dispatcher, nothing is attached in its place, and a link still can be. The reason is in `error`. */
static void check_refusal(void)
{
	struct receiver receiver;
	struct xdp4j_error link;

	open_receiver(&receiver);
	CHECK(attach(&receiver, XDP4J_MODE_AUTO) == -EOPNOTSUPP, "attached, or: %s", error.text);
	CHECK(strstr(error.text, "dispatcher") && strstr(error.text, "attach by a link"), "%s", error.text);
	CHECK(!strchr(error.text, '\n'), "%s", error.text);
	CHECK(!attached_program() && !count_pins(), "left something");
	CHECK(xdp4j_steer_attach(receiver.steer, "rx0", XDP4J_MODE_AUTO, XDP4J_ATTACH_LINK, &link) == XDP4J_MODE_NATIVE,
	      "%s", link.text);
	close_receiver(&receiver);
}

/* libxdp is told by its environment to attach programs alone. */
static void test_told_otherwise(void)
{
	struct receiver receiver;

	open_receiver(&receiver);
	CHECK(!setenv("LIBXDP_SKIP_DISPATCHER", "1", 1), "%s", strerror(errno));
	CHECK(attach(&receiver, XDP4J_MODE_AUTO) < 0, "attached");
	CHECK(!unsetenv("LIBXDP_SKIP_DISPATCHER"), "%s", strerror(errno));
	CHECK(!attached_program() && !count_pins(), "left something");
	close_receiver(&receiver);
}

/* Somebody else takes the dispatcher away, and with it ours; what libxdp pinned is left to him. Runs last. */
static void test_taken_away(void)
{
	struct receiver receiver;

	open_receiver(&receiver);
	CHECK(attach(&receiver, XDP4J_MODE_AUTO) == XDP4J_MODE_NATIVE, "%s", error.text);
	run("ip link set rx0 xdp off");
	CHECK(!xdp4j_steer_detach(receiver.steer), "detach");
	CHECK(attach(&receiver, XDP4J_MODE_AUTO) == XDP4J_MODE_NATIVE, "again: %s", error.text);
	send_five();
	CHECK(receive_all(&receiver) == 3, "received");
	close_receiver(&receiver);
	CHECK(!attached_program(), "left it attached");
}

/* This kernel and this libxdp have a dispatcher that takes ours; else ends the test as skipped, with the reason. */
static void require_dispatcher(void)
{
	struct receiver receiver;

	open_receiver(&receiver);
	if (attach(&receiver, XDP4J_MODE_AUTO) == -EOPNOTSUPP) {
		close_receiver(&receiver);
		check_refusal();
		printf("skipped, but for the refusal: %s\n", error.text);
		exit(SKIP);
	}
	close_receiver(&receiver);
}

int main(void)
{
	enter_lab(1);
	CHECK(!unshare(CLONE_NEWNS) && !mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "%s", strerror(errno));
	CHECK(!mount("none", "/sys/fs/bpf", "tmpfs", 0, NULL), "%s", strerror(errno));
	ifindex = if_nametoindex("rx0");
	wire = open_wire();
	check_refusal();
	CHECK(strstr(error.text, "no bpffs"), "%s", error.text);
	CHECK(!mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL), "%s", strerror(errno));
	CHECK(!mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL) || errno == EBUSY, "%s", strerror(errno));
	require_dispatcher();

	test_alone();
	test_flows();
	test_beside(BEFORE, 5);
	test_beside(BEHIND, 2);
	test_redirect_errors();
	test_mode();
	test_busy();
	test_full();
	test_killed();
	test_told_otherwise();
	test_taken_away();
	return 0;
}
