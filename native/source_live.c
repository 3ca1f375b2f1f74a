/* SPDX-License-Identifier: Apache-2.0 */
/* The live-frame engine: the kernel makes frames and runs bpf/source.bpf.c on each (BPF_PROG_TEST_RUN, Linux 5.18). */
#define _GNU_SOURCE /* unshare */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "source.h"
#include "source.skel.h"

/* What the kernel says to a flag that it does not know: no errno of user space. */
#define ENOTSUPP 524

/* The program waits so long at most: meanwhile the softirqs of its CPU are off. */
#define WAIT_IN_KERNEL_MAX_NS 100000

#define LOOPBACK_IFINDEX 1 /* in every network namespace */

struct source_live {
	struct source *skeleton;
	void *frame; /* zeros, as long as a frame */
	uint32_t size;
	int parking_netns; /* -1 while the program is not parked */
	int parking_link;
};

static void *park_in_new_netns(void *argument)
{
	struct source_live *live = argument;
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = XDP_FLAGS_SKB_MODE);

	if (unshare(CLONE_NEWNET))
		return (void *)(intptr_t)errno;
	live->parking_netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	if (live->parking_netns < 0)
		return (void *)(intptr_t)errno;
	live->parking_link =
		bpf_link_create(bpf_program__fd(live->skeleton->progs.send), LOOPBACK_IFINDEX, BPF_XDP, &options);
	return (void *)(intptr_t)(live->parking_link < 0 ? -live->parking_link : 0);
}

/*
 * A program that is attached nowhere enters the kernel's XDP dispatcher at the start of each test run and leaves it at
 * the end, and each time every CPU must pass a quiescent state: 25 ms a call. One that is attached stays in: 28 us. So
 * it is attached to the loopback, which is down, of a network namespace that nobody else is in.
 */
static int park(struct source_live *live, struct xdp4j_error *error)
{
	pthread_t thread;
	void *parked;
	int result;

	result = pthread_create(&thread, NULL, park_in_new_netns, live);
	if (result)
		return xdp4j_fail(error, result, "pthread_create: %s", strerror(result));
	pthread_join(thread, &parked);
	result = (intptr_t)parked;
	if (result)
		return xdp4j_fail(error, result,
				  "attaching the RTP source in a network namespace of its own: %s; run as root",
				  strerror(result));
	return 0;
}

static int check_device(const struct source_device *device, uint32_t size, struct xdp4j_error *error)
{
	int transmits;

	if (!device->ethernet)
		return xdp4j_fail(error, EOPNOTSUPP, "%s is no Ethernet interface: live frames need one", device->name);
	if (size > sysconf(_SC_PAGESIZE))
		return xdp4j_fail(error, EOPNOTSUPP, "live frames are less than a page, and not of %u bytes", size);
	transmits = source_device_transmits_xdp(device->ifindex);
	if (transmits < 0)
		return xdp4j_fail(error, -transmits, "asking %s for its XDP features: %s", device->name,
				  strerror(-transmits));
	if (!transmits)
		return xdp4j_fail(error, EOPNOTSUPP,
				  "%s does not transmit XDP frames; if it is a veth: ethtool -K PEER gro on",
				  device->name);
	return 0;
}

static int load(struct source_live *live, const struct xdp4j_source_options *options, const struct pattern *pattern,
		const struct source_device *device, struct xdp4j_error *error)
{
	int result;

	xdp4j_silence_libbpf();
	live->skeleton = source__open();
	if (!live->skeleton)
		return xdp4j_fail(error, errno, "opening the RTP source's program: %s", strerror(errno));
	live->skeleton->rodata->pattern = *pattern;
	live->skeleton->rodata->ifindex = device->ifindex;
	live->skeleton->rodata->flow_count = options->flow_count;
	live->skeleton->rodata->headers_bytes =
		options->size < source_headers_bytes(true) ? options->size : source_headers_bytes(true);
	result = source__load(live->skeleton);
	if (result == -EPERM || result == -EACCES)
		return xdp4j_fail(error, -result,
				  "loading the RTP source's program: permission denied; run as root, or with "
				  "CAP_BPF, CAP_NET_ADMIN and CAP_SYS_ADMIN");
	if (result)
		return xdp4j_fail(error, EOPNOTSUPP,
				  "loading the RTP source's program: %s; it needs Linux 5.18 or later",
				  strerror(-result));
	return 0;
}

/* The kernel hands over what it ran as a batch at the end of that batch: a batch is a group. */
static int run(struct source_live *live, uint32_t frames)
{
	struct source__bss *bss = live->skeleton->bss;
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = live->frame, .data_size_in = live->size,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .repeat = frames, .batch_size = bss->pace.group);

	bss->run_left = frames;
	bss->group_left = 0;
	return bpf_prog_test_run_opts(bpf_program__fd(live->skeleton->progs.send), &options);
}

/* One run while the first flow has no turn left, so that the frame is dropped. */
static int try_run(struct source_live *live, struct xdp4j_error *error)
{
	int result;

	live->skeleton->bss->flows[0].cursor.next = UINT64_MAX;
	source_pace_set(&live->skeleton->bss->pace, NULL);
	result = run(live, 1);
	if (result == -EINVAL || result == -ENOTSUPP || result == -EOPNOTSUPP)
		return xdp4j_fail(
			error, EOPNOTSUPP,
			"this kernel has no live frames of %u bytes: use Linux 5.18 or later, and 3000 bytes or "
			"less",
			live->size);
	if (result && result != -EINTR)
		return xdp4j_fail(error, -result, "BPF_PROG_TEST_RUN of the RTP source: %s; run as root",
				  strerror(-result));
	return 0;
}

int source_live_open(struct source_live **out, const struct xdp4j_source_options *options,
		     const struct pattern *pattern, const struct source_device *device,
		     const struct source_flow **flows, struct xdp4j_error *error)
{
	struct source_live *live;
	int result;

	result = check_device(device, options->size, error);
	if (result)
		return result;
	live = calloc(1, sizeof(*live));
	if (!live)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	live->parking_netns = -1;
	live->parking_link = -1;
	live->size = options->size;
	live->frame = calloc(1, options->size);
	result = live->frame ? 0 : xdp4j_fail(error, ENOMEM, "out of memory");
	if (!result)
		result = load(live, options, pattern, device, error);
	if (!result)
		result = try_run(live, error);
	if (!result)
		result = park(live, error);
	if (result) {
		source_live_close(live);
		return result;
	}
	for (uint32_t i = 0; i < options->flow_count; i++)
		source_flow_init(&live->skeleton->bss->flows[i], &options->flows[i], device, options->size);
	*flows = live->skeleton->bss->flows;
	*out = live;
	return 0;
}

/* Far turns are awaited here, one by one; near ones by the program, many in one run. */
static uint32_t turns_of_run(const struct pace *pace)
{
	return pace->rate_pps && pace->rate_pps < PACE_SECOND_NS / WAIT_IN_KERNEL_MAX_NS ? 1 : UINT32_MAX;
}

/*
 * The program counts the turns: the kernel looks for signals behind each batch and then ends the run (-EINTR), and
 * behind the last turn of all it still makes the rest of the frames, which the program drops.
 */
int source_live_send(struct source_live *live, uint32_t frames, const struct xdp4j_source_schedule *schedule)
{
	struct source__bss *bss = live->skeleton->bss;
	const volatile __u32 *run_left = &bss->run_left;
	uint32_t turns = 0;
	uint32_t turns_max;
	int result = 0;

	source_pace_set(&bss->pace, schedule);
	turns_max = turns_of_run(&bss->pace);
	while (turns < frames && !result) {
		uint32_t wanted = frames - turns < turns_max ? frames - turns : turns_max;

		source_pace_await(&bss->pace, wanted < bss->pace.group ? wanted : bss->pace.group);
		result = run(live, wanted);
		turns += wanted - *run_left;
		if (*run_left)
			break;
	}
	if (result && result != -EINTR)
		return result;
	return turns;
}

void source_live_close(struct source_live *live)
{
	if (!live)
		return;
	if (live->parking_link >= 0)
		close(live->parking_link);
	if (live->parking_netns >= 0)
		close(live->parking_netns);
	source__destroy(live->skeleton);
	free(live->frame);
	free(live);
}
