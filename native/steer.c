/* SPDX-License-Identifier: Apache-2.0 */
/* bpf/steer.bpf.c: load it, fill its maps, read its counters. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/membarrier.h>

#include "error.h"
#include "flow_key.h"
#include "steer.h"

#define FLOWS_MAX (1u << 14) /* of 4.6 KiB, for the sequence watch: 72 MiB of kernel memory */
#define SLOTS_MAX (1u << 22) /* of 24 bytes: 96 MiB */

static int explain_load(int code, struct xdp4j_error *error)
{
	switch (code) {
	case EPERM:
	case EACCES:
		return xdp4j_fail(error, code,
				  "loading the XDP program: permission denied; run as root or with CAP_BPF, "
				  "CAP_NET_ADMIN and CAP_NET_RAW");
	case ENOMEM:
	case E2BIG:
		return xdp4j_fail(error, code, "loading the XDP program: %s; load it for fewer flows", strerror(code));
	default:
		return xdp4j_fail(error, code, "loading the XDP program: %s; it needs Linux 5.18 or later",
				  strerror(code));
	}
}

int xdp4j_steer_load(struct xdp4j_steer **out, uint32_t flows, uint32_t queues, bool multi_buffer,
		     struct xdp4j_error *error)
{
	struct xdp4j_steer *steer;
	int result;

	if (!flows || flows > FLOWS_MAX || !queues || (uint64_t)flows * queues > SLOTS_MAX)
		return xdp4j_fail(error, EINVAL,
				  "%u flows on %u queues: use 1 to %u flows, 1 or more queues, and at most %u of flows "
				  "times queues",
				  flows, queues, FLOWS_MAX, SLOTS_MAX);
	steer = calloc(1, sizeof(*steer));
	if (!steer)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	xdp4j_silence_libbpf();
	steer->link = -1;
	steer->flows = flows;
	steer->queues = queues;
	steer->cpus = libbpf_num_possible_cpus();
	if (steer->cpus < 1) {
		result = xdp4j_fail(error, ENOENT, "counting CPUs failed: is /sys mounted?");
		goto close;
	}
	steer->skeleton = steer__open();
	if (!steer->skeleton) {
		result = xdp4j_fail(error, errno, "opening the XDP program: %s", strerror(errno));
		goto close;
	}
	steer->skeleton->rodata->queues = queues;
	if (multi_buffer)
		bpf_program__set_flags(steer->skeleton->progs.steer, BPF_F_XDP_HAS_FRAGS);
	bpf_map__set_max_entries(steer->skeleton->maps.flows, flows);
	bpf_map__set_max_entries(steer->skeleton->maps.sockets, flows * queues);
	bpf_map__set_max_entries(steer->skeleton->maps.longest, flows * queues);
	bpf_map__set_max_entries(steer->skeleton->maps.strays, flows * queues);
	bpf_map__set_max_entries(steer->skeleton->maps.per_flow, flows);
	bpf_map__set_max_entries(steer->skeleton->maps.watches, flows);
	result = steer__load(steer->skeleton);
	if (result) {
		result = explain_load(-result, error);
		goto close;
	}
	*out = steer;
	return 0;

close:
	xdp4j_steer_close(steer);
	return result;
}

struct steer *xdp4j_steer_open_copy(const struct xdp4j_steer *steer)
{
	struct steer *copy = steer__open();
	struct bpf_map *map;

	if (!copy)
		return NULL;
	bpf_program__set_flags(copy->progs.steer, bpf_program__flags(steer->skeleton->progs.steer));
	bpf_object__for_each_map(map, copy->obj) {
		struct bpf_map *shared = bpf_object__find_map_by_name(steer->skeleton->obj, bpf_map__name(map));

		if (bpf_map__reuse_fd(map, bpf_map__fd(shared))) {
			steer__destroy(copy);
			return NULL;
		}
	}
	return copy;
}

int xdp4j_steer_add_flow(struct xdp4j_steer *steer, const struct flow_key *key, uint32_t flow,
			 struct xdp4j_error *error)
{
	int result;

	if (flow >= steer->flows)
		return xdp4j_fail(error, EINVAL, "flow id %u: the program was loaded for %u flows", flow, steer->flows);
	result = bpf_map__update_elem(steer->skeleton->maps.flows, key, sizeof(*key), &flow, sizeof(flow), BPF_NOEXIST);
	if (result == -EEXIST)
		return xdp4j_fail(error, EEXIST, "the flow is there already");
	if (result)
		return xdp4j_fail(error, -result, "adding a flow: %s", strerror(-result));
	if (flow_key_names_source(key))
		steer->skeleton->bss->source_specific_flows++;
	return 0;
}

/* synchronize_rcu() for those who are not the kernel. */
void xdp4j_steer_synchronize(void)
{
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
}

int xdp4j_steer_remove_flow(struct xdp4j_steer *steer, const struct flow_key *key, uint32_t flow)
{
	uint32_t found;
	int result = bpf_map__lookup_elem(steer->skeleton->maps.flows, key, sizeof(*key), &found, sizeof(found), 0);

	if (result)
		return result;
	if (found != flow)
		return -ENOENT;
	result = bpf_map__delete_elem(steer->skeleton->maps.flows, key, sizeof(*key), 0);
	if (result)
		return result;
	if (flow_key_names_source(key))
		steer->skeleton->bss->source_specific_flows--;
	xdp4j_steer_synchronize();
	return 0;
}

int xdp4j_steer_reset_flow(struct xdp4j_steer *steer, uint32_t flow)
{
	struct bpf_map *watches = steer->skeleton->maps.watches;
	struct flow_counters counters[steer->cpus];
	const uint64_t no_strays = 0;
	void *watch;
	int result;

	if (flow >= steer->flows)
		return -EINVAL;
	watch = calloc(1, bpf_map__value_size(watches));
	if (!watch)
		return -ENOMEM;
	result = bpf_map__update_elem(watches, &flow, sizeof(flow), watch, bpf_map__value_size(watches), 0);
	free(watch);
	memset(counters, 0, sizeof(counters));
	if (!result)
		result = bpf_map__update_elem(steer->skeleton->maps.per_flow, &flow, sizeof(flow), counters,
					      sizeof(counters), 0);
	for (uint32_t queue = 0; !result && queue < steer->queues; queue++) {
		uint32_t slot = flow * steer->queues + queue;

		result = bpf_map__update_elem(steer->skeleton->maps.strays, &slot, sizeof(slot), &no_strays,
					      sizeof(no_strays), 0);
	}
	return result;
}

int xdp4j_steer_set_socket(struct xdp4j_steer *steer, uint32_t flow, uint32_t queue, int xsk_fd, uint32_t longest,
			   struct xdp4j_error *error)
{
	uint32_t slot = flow * steer->queues + queue;
	int result;

	if (flow >= steer->flows || queue >= steer->queues)
		return xdp4j_fail(error, EINVAL,
				  "flow id %u, queue %u: the program was loaded for %u flows on %u queues", flow, queue,
				  steer->flows, steer->queues);
	/* The limit first: it holds from the socket's first packet on. */
	result = bpf_map__update_elem(steer->skeleton->maps.longest, &slot, sizeof(slot), &longest, sizeof(longest), 0);
	if (!result)
		result = bpf_map__update_elem(steer->skeleton->maps.sockets, &slot, sizeof(slot), &xsk_fd,
					      sizeof(xsk_fd), 0);
	if (result)
		return xdp4j_fail(error, -result, "giving flow %u its socket on queue %u: %s", flow, queue,
				  strerror(-result));
	return 0;
}

int xdp4j_steer_clear_socket(struct xdp4j_steer *steer, uint32_t flow, uint32_t queue)
{
	uint32_t slot = flow * steer->queues + queue;
	int result;

	if (flow >= steer->flows || queue >= steer->queues)
		return -EINVAL;
	result = bpf_map__delete_elem(steer->skeleton->maps.sockets, &slot, sizeof(slot), 0);
	return result == -ENOENT ? 0 : result;
}

int xdp4j_steer_flow_counters(const struct xdp4j_steer *steer, uint32_t flow, struct flow_counters *sum)
{
	struct flow_counters each[steer->cpus];
	int result = bpf_map__lookup_elem(steer->skeleton->maps.per_flow, &flow, sizeof(flow), each, sizeof(each), 0);

	memset(sum, 0, sizeof(*sum));
	for (int cpu = 0; !result && cpu < steer->cpus; cpu++) {
		sum->seen += each[cpu].seen;
		sum->redirected += each[cpu].redirected;
		sum->no_socket += each[cpu].no_socket;
		sum->wrong_queue += each[cpu].wrong_queue;
		sum->no_metadata += each[cpu].no_metadata;
		sum->too_large += each[cpu].too_large;
		if (each[cpu].largest_refused > sum->largest_refused)
			sum->largest_refused = each[cpu].largest_refused;
		sum->invalid += each[cpu].invalid;
		sum->fragmented += each[cpu].fragmented;
		sum->missing += each[cpu].missing;
		sum->watched += each[cpu].watched;
		sum->bytes += each[cpu].bytes;
	}
	return result;
}

int xdp4j_steer_strays(const struct xdp4j_steer *steer, uint32_t flow, uint64_t per_queue[])
{
	int result = 0;

	if (flow >= steer->flows)
		return -EINVAL;
	for (uint32_t queue = 0; !result && queue < steer->queues; queue++) {
		uint32_t slot = flow * steer->queues + queue;

		result = bpf_map__lookup_elem(steer->skeleton->maps.strays, &slot, sizeof(slot), &per_queue[queue],
					      sizeof(per_queue[queue]), 0);
	}
	return result;
}

int xdp4j_steer_program_counters(const struct xdp4j_steer *steer, struct program_counters *sum)
{
	struct program_counters each[steer->cpus];
	uint32_t zero = 0;
	int result =
		bpf_map__lookup_elem(steer->skeleton->maps.per_program, &zero, sizeof(zero), each, sizeof(each), 0);

	memset(sum, 0, sizeof(*sum));
	for (int cpu = 0; !result && cpu < steer->cpus; cpu++) {
		sum->packets += each[cpu].packets;
		sum->passed += each[cpu].passed;
		sum->unparsable += each[cpu].unparsable;
	}
	return result;
}

int xdp4j_steer_program_fd(const struct xdp4j_steer *steer)
{
	return bpf_program__fd(steer->skeleton->progs.steer);
}

int xdp4j_steer_program_id(const struct xdp4j_steer *steer)
{
	struct bpf_prog_info info = { 0 };
	uint32_t bytes = sizeof(info);
	int result;

	if (steer->dispatched)
		return steer->dispatched;
	result = bpf_obj_get_info_by_fd(xdp4j_steer_program_fd(steer), &info, &bytes);
	return result ? result : (int)info.id;
}

int xdp4j_steer_sockets_id(const struct xdp4j_steer *steer)
{
	struct bpf_map_info info = { 0 };
	uint32_t bytes = sizeof(info);
	int result = bpf_obj_get_info_by_fd(bpf_map__fd(steer->skeleton->maps.sockets), &info, &bytes);

	return result ? result : (int)info.id;
}

void xdp4j_steer_close(struct xdp4j_steer *steer)
{
	if (!steer)
		return;
	xdp4j_steer_detach(steer);
	if (steer->skeleton)
		steer__destroy(steer->skeleton);
	free(steer);
}
