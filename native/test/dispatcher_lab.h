/* SPDX-License-Identifier: Apache-2.0 */
/* The XDP program with its socket, somebody else's beside it, and packets for both. Include it behind _GNU_SOURCE. */
#ifndef XDP4J_TEST_DISPATCHER_LAB_H
#define XDP4J_TEST_DISPATCHER_LAB_H

#include "xdp_lab.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <xdp/libxdp.h>

#include "bystander.skel.h"
#include "xdp4j.h"

#define BEFORE 10 /* run priorities of a bystander: ours is 50 */
#define BEHIND 90

static struct xdp4j_error error;
static int ifindex;
static int wire;

/* What was loaded for the dispatcher cannot be read by the skeleton: the map is. */
struct bystander_program {
	struct bystander *skeleton;
	struct xdp_program *program;
};

static inline struct bystander_program attach_bystander(unsigned int priority, enum xdp_attach_mode mode)
{
	struct bystander_program bystander = { .skeleton = bystander__open() };

	CHECK(bystander.skeleton, "%s", strerror(errno));
	bystander.program = xdp_program__from_bpf_obj(bystander.skeleton->obj, NULL);
	CHECK(!libxdp_get_error(bystander.program), "%s", strerror(errno));
	CHECK(!xdp_program__set_run_prio(bystander.program, priority), "priority");
	CHECK(!xdp_program__attach(bystander.program, ifindex, mode, 0), "%s", strerror(errno));
	return bystander;
}

static inline void detach_bystander(struct bystander_program bystander, enum xdp_attach_mode mode)
{
	CHECK(!xdp_program__detach(bystander.program, ifindex, mode, 0), "%s", strerror(errno));
	xdp_program__close(bystander.program);
	bystander__destroy(bystander.skeleton);
}

static inline uint64_t seen_by(struct bystander_program bystander)
{
	uint32_t zero = 0;
	uint64_t seen;

	CHECK(!bpf_map__lookup_elem(bystander.skeleton->maps.bss, &zero, sizeof(zero), &seen, sizeof(seen), 0), "%s",
	      strerror(errno));
	return seen;
}

static inline uint32_t attached_program(void)
{
	uint32_t id = 0;

	CHECK(!bpf_xdp_query_id(ifindex, 0, &id), "%s", strerror(errno));
	return id;
}

/* What libxdp has pinned, beside its own folder. */
static inline int count_pins(void)
{
	DIR *directory = opendir("/sys/fs/bpf/xdp");
	struct dirent *entry;
	int count = 0;

	if (!directory)
		return 0;
	while ((entry = readdir(directory)))
		count += entry->d_name[0] != '.';
	closedir(directory);
	return count;
}

/* Ours, with a socket on queue 0 for 239.1.2.3:5004. */
struct receiver {
	struct xdp4j_umem *umem;
	struct xdp4j_xsk *xsk;
	struct xdp4j_steer *steer;
	struct xdp_desc batch[8];
};

static inline void open_receiver(struct receiver *receiver)
{
	const struct xdp4j_umem_options umem_options = {
		.frame_size = 2048, .frames = 64, .fill_ring = 64, .numa_node = -1
	};
	const struct xdp4j_xsk_options options = {
		.interface = "rx0", .rx_ring = 64, .batch = receiver->batch, .batch_size = 8
	};
	struct flow_key key = { .port = htons(UDP_FRAME_PORT) };

	address(key.destination, false, true, 0);
	CHECK(!xdp4j_umem_open(&receiver->umem, &umem_options, &error), "%s", error.text);
	CHECK(!xdp4j_xsk_open(&receiver->xsk, receiver->umem, &options, &error), "%s", error.text);
	CHECK(!xdp4j_steer_load(&receiver->steer, 2, 1, false, &error), "%s", error.text);
	CHECK(!xdp4j_steer_add_flow(receiver->steer, &key, 0, &error), "%s", error.text);
	CHECK(!xdp4j_steer_set_socket(receiver->steer, 0, 0, xdp4j_xsk_fd(receiver->xsk), 1792, &error), "%s",
	      error.text);
}

static inline void close_receiver(struct receiver *receiver)
{
	xdp4j_steer_close(receiver->steer);
	xdp4j_xsk_close(receiver->xsk);
	CHECK(!xdp4j_umem_close(receiver->umem), "close");
}

/* libxdp says nothing on stderr. */
static inline int attach(struct receiver *receiver, enum xdp4j_mode mode)
{
	int words = memfd_create("stderr", MFD_CLOEXEC);
	int saved = dup(STDERR_FILENO);
	int result;

	CHECK(words >= 0 && saved >= 0 && dup2(words, STDERR_FILENO) >= 0, "%s", strerror(errno));
	result = xdp4j_steer_attach(receiver->steer, "rx0", mode, XDP4J_ATTACH_DISPATCHER, &error);
	dup2(saved, STDERR_FILENO);
	close(saved);
	CHECK(!lseek(words, 0, SEEK_END), "words on stderr");
	close(words);
	return result;
}

static inline uint64_t seen_by_us(const struct receiver *receiver)
{
	struct program_counters counters;

	CHECK(!xdp4j_steer_program_counters(receiver->steer, &counters), "cannot read");
	return counters.packets;
}

static inline int receive_all(struct receiver *receiver)
{
	int count = 0, received;

	while (xdp4j_xsk_wait(receiver->xsk, 200) == 1) {
		received = xdp4j_xsk_receive(receiver->xsk);
		CHECK(received >= 0, "%s", strerror(-received));
		count += received;
	}
	return count;
}

/* Three of the flow and two of another port. */
static inline void send_five(void)
{
	for (int i = 0; i < 3; i++)
		send_on_wire(wire, (struct frame){ .payload = 172 });
	for (int i = 0; i < 2; i++)
		send_on_wire(wire, (struct frame){ .payload = 172, .port = UDP_FRAME_PORT + 2 });
	usleep(50000); /* a veth's softirq may run in a thread */
}

#endif
