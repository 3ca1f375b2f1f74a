/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the sequence watch costs a packet: runs bpf/steer.bpf.c by BPF_PROG_TEST_RUN with the watch and without, in
 * turns, and prints the medians and the quartiles of what the one takes longer than the other. Both include the program
 * in front (steer_cost.bpf.c), so only the difference means something.
 *
 * Once with all privileges and once with the four capabilities that README.md asks for, as the verifier then adds what
 * keeps speculation in bounds. Needs root; runs in a network namespace of its own.
 */
#define _GNU_SOURCE 1
#include "../native/test/xdp_lab.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sys/syscall.h>

#include "steer.skel.h"
#include "steer_cost.skel.h"
#include "xdp4j.h"

#define ROUNDS 51
#define REPEAT 20000
#define PACKET_BYTES 172

enum { WITHOUT, WITH };

struct pattern {
	const char *name;
	uint16_t step;
	uint8_t other_ssrc;
};

static const struct pattern PATTERNS[] = {
	{ "in order", 1, 0 },
	{ "duplicates", 0, 0 },
	{ "every second lost", 2, 0 },
	{ "two SSRCs in turns", 1, 1 },
};

static struct steer_cost *front;
static uint8_t frame[UDP_FRAME_MAX];
static size_t frame_bytes;

static struct steer *load(uint32_t program, bool watch)
{
	struct steer *steer = steer__open();
	struct flow_key key = { .port = htons(UDP_FRAME_PORT) };
	uint32_t flow = 0;
	int fd;

	CHECK(steer, "%s", strerror(errno));
	steer->rodata->watch_sequences = watch;
	CHECK(!steer__load(steer), "%s", strerror(errno));
	address(key.destination, false, true, 0);
	CHECK(!bpf_map__update_elem(steer->maps.flows, &key, sizeof(key), &flow, sizeof(flow), 0), "flow");
	fd = bpf_program__fd(steer->progs.steer);
	CHECK(!bpf_map__update_elem(front->maps.measured, &program, sizeof(program), &fd, sizeof(fd), 0), "program");
	return steer;
}

static void give_socket(struct steer *steer, int xsk)
{
	uint32_t slot = 0, longest = 1792;

	CHECK(!bpf_map__update_elem(steer->maps.longest, &slot, sizeof(slot), &longest, sizeof(longest), 0), "longest");
	CHECK(!bpf_map__update_elem(steer->maps.sockets, &slot, sizeof(slot), &xsk, sizeof(xsk), 0), "socket");
}

/* Nanoseconds a packet, by the kernel's own clock: setting up a run takes it longer than the run. */
static uint32_t run_once(uint32_t program, uint32_t action)
{
	struct xdp_md in = { .data_end = frame_bytes, .ingress_ifindex = if_nametoindex("rx0") };
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = frame_bytes, .ctx_in = &in,
		    .ctx_size_in = sizeof(in), .repeat = REPEAT);

	front->bss->program = program;
	CHECK(!bpf_prog_test_run_opts(bpf_program__fd(front->progs.advance), &options), "%s", strerror(errno));
	CHECK(options.retval == action, "action %u", options.retval);
	return options.duration;
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void measure(const char *path, const struct pattern *pattern, uint32_t action)
{
	int a[ROUNDS], b[ROUNDS], more[ROUNDS];

	front->bss->step = pattern->step;
	front->bss->other_ssrc = pattern->other_ssrc;
	for (int i = -1; i < ROUNDS; i++) { /* the first time is not counted */
		int first = run_once(WITHOUT, action), second = run_once(WITH, action);

		if (i < 0)
			continue;
		a[i] = first;
		b[i] = second;
		more[i] = second - first;
	}
	qsort(a, ROUNDS, sizeof(*a), compare);
	qsort(b, ROUNDS, sizeof(*b), compare);
	qsort(more, ROUNDS, sizeof(*more), compare);
	printf("| %s | %s | %d | %d | %d | %d to %d |\n", path, pattern->name, a[ROUNDS / 2], b[ROUNDS / 2],
	       more[ROUNDS / 2], more[ROUNDS / 4], more[ROUNDS * 3 / 4]);
	fflush(stdout);
}

static void measure_all(const char *privileges, int xsk)
{
	struct steer *without = load(WITHOUT, false), *with = load(WITH, true);

	printf("\n%s:\n\n| path | packets | without, ns | with, ns | more, ns | quartiles "
	       "|\n|---|---|--:|--:|--:|---|\n",
	       privileges);
	for (size_t i = 0; i < sizeof(PATTERNS) / sizeof(*PATTERNS); i++)
		measure("passed, no socket", &PATTERNS[i], XDP_PASS);
	give_socket(without, xsk);
	give_socket(with, xsk);
	for (size_t i = 0; i < sizeof(PATTERNS) / sizeof(*PATTERNS); i++)
		measure("redirected", &PATTERNS[i], XDP_REDIRECT);
	steer__destroy(without);
	steer__destroy(with);
}

static void keep_four_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2] = { 0 };
	const int kept[] = { CAP_NET_ADMIN, CAP_NET_RAW, CAP_IPC_LOCK, CAP_BPF };

	for (int i = 0; i < 4; i++) {
		sets[CAP_TO_INDEX(kept[i])].permitted |= CAP_TO_MASK(kept[i]);
		sets[CAP_TO_INDEX(kept[i])].effective |= CAP_TO_MASK(kept[i]);
	}
	CHECK(!syscall(SYS_capset, &header, sets), "%s", strerror(errno));
}

int main(void)
{
	const struct xdp4j_umem_options umem_options = { .frame_size = 2048, .frames = 64, .fill_ring = 64 };
	struct xdp_desc batch[8];
	const struct xdp4j_xsk_options options = {
		.interface = "rx0", .rx_ring = 64, .mode = XDP4J_MODE_AUTO, .batch = batch, .batch_size = 8
	};
	struct xdp4j_error error;
	struct xdp4j_umem *umem;
	struct xdp4j_xsk *xsk;

	enter_lab(1);
	CHECK(!xdp4j_umem_open(&umem, &umem_options, &error), "%s", error.text);
	CHECK(!xdp4j_xsk_open(&xsk, umem, &options, &error), "%s", error.text);
	front = steer_cost__open_and_load();
	CHECK(front, "%s", strerror(errno));
	frame_bytes = make_frame(frame, (struct frame){ .payload = PACKET_BYTES });
	frame[42] = 0x80; /* version 2 */
	frame[43] = 96;

	measure_all("All privileges", xdp4j_xsk_fd(xsk));
	keep_four_capabilities();
	measure_all("CAP_NET_RAW, CAP_NET_ADMIN, CAP_BPF and CAP_IPC_LOCK", xdp4j_xsk_fd(xsk));

	steer_cost__destroy(front);
	xdp4j_xsk_close(xsk);
	CHECK(!xdp4j_umem_close(umem), "close");
	return 0;
}
