/* SPDX-License-Identifier: Apache-2.0 */
#include "steering.h"

#include <errno.h>
#include <net/if.h>
#include <stddef.h>
#include <string.h>

#include <bpf/bpf.h>
#include <linux/if_link.h>

#include "ceiling.skel.h"
#include "error.h"
#include "fail.h"
#include "flow_key.h"
#include "steer.skel.h"

#define LEAST_FLOWS 1024 /* XdpReception.LEAST_FLOWS */

_Static_assert(sizeof(struct steer__rodata) == sizeof(struct ceiling__rodata) &&
		       offsetof(struct steer__rodata, queues) == offsetof(struct ceiling__rodata, queues) &&
		       sizeof(struct steer__bss) == sizeof(struct ceiling__bss),
	       "one source, one layout");

static struct bpf_map *map_of(const struct steering *steering, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(steering->object, name);

	if (!map)
		fail(FAILURE, "the XDP program has no map '%s'", name);
	return map;
}

/* The program's variables, before it is loaded. */
static void *variables(const struct steering *steering, const char *section)
{
	size_t bytes;

	return (void *)bpf_map__initial_value(map_of(steering, section), &bytes); /* const in older libbpf */
}

static uint32_t count_source_specific(const struct options *options)
{
	uint32_t count = 0;

	for (uint32_t flow = 0; flow < options->flow_count; flow++)
		count += flow_key_names_source(&options->flows[flow].key);
	return count;
}

static void add_flows(const struct steering *steering, const struct options *options)
{
	struct bpf_map *flows = map_of(steering, "flows");

	for (uint32_t flow = 0; flow < options->flow_count; flow++) {
		const struct flow_key *key = &options->flows[flow].key;
		int result = bpf_map__update_elem(flows, key, sizeof(*key), &flow, sizeof(flow), BPF_NOEXIST);

		if (result)
			fail(FAILURE, "adding flow %s: %s", options->flows[flow].text, strerror(-result));
	}
}

void steering_load(struct steering *steering, const struct options *options, const struct xdp4j_netdev *device)
{
	uint32_t flows = 2 * options->flow_count > LEAST_FLOWS ? 2 * options->flow_count : LEAST_FLOWS;
	static const char *const per_flow[] = { "flows", "per_flow", "watches" };
	static const char *const per_slot[] = { "sockets", "longest", "strays" };
	const void *elf;
	size_t bytes;
	int result;

	xdp4j_silence_libbpf();
	steering->queues = device->rx_queues;
	elf = options->drop ? ceiling__elf_bytes(&bytes) : steer__elf_bytes(&bytes);
	steering->object = bpf_object__open_mem(elf, bytes, NULL);
	if (!steering->object)
		fail(FAILURE, "opening the XDP program: %s", strerror(errno));
	((struct steer__rodata *)variables(steering, ".rodata"))->queues = device->rx_queues;
	((struct steer__bss *)variables(steering, ".bss"))->source_specific_flows = count_source_specific(options);
	for (int i = 0; i < 3; i++) {
		bpf_map__set_max_entries(map_of(steering, per_flow[i]), flows);
		bpf_map__set_max_entries(map_of(steering, per_slot[i]), flows * device->rx_queues);
	}
	result = bpf_object__load(steering->object);
	if (result)
		fail(FAILURE, "loading the XDP program: %s; it needs root and Linux 5.18 or later", strerror(-result));
	add_flows(steering, options);
}

void steering_redirect(const struct steering *steering, const struct options *options, int xsk_fd, uint32_t longest)
{
	struct bpf_map *limits = map_of(steering, "longest"), *sockets = map_of(steering, "sockets");

	for (uint32_t flow = 0; flow < options->flow_count; flow++) {
		uint32_t slot = flow * steering->queues + options->queue;
		int result = bpf_map__update_elem(limits, &slot, sizeof(slot), &longest, sizeof(longest), 0);

		if (!result)
			result = bpf_map__update_elem(sockets, &slot, sizeof(slot), &xsk_fd, sizeof(xsk_fd), 0);
		if (result)
			fail(FAILURE, "giving flow %s its socket: %s", options->flows[flow].text, strerror(-result));
	}
}

static int attach_in(const struct steering *steering, const char *interface, uint32_t mode_flag)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = mode_flag);
	struct bpf_program *program = bpf_object__find_program_by_name(steering->object, "steer");

	return bpf_link_create(bpf_program__fd(program), if_nametoindex(interface), BPF_XDP, &options);
}

void steering_attach(struct steering *steering, const char *interface)
{
	steering->link = attach_in(steering, interface, XDP_FLAGS_DRV_MODE);
	if (steering->link < 0 && steering->link != -EBUSY && steering->link != -EPERM)
		steering->link = attach_in(steering, interface, XDP_FLAGS_SKB_MODE);
	if (steering->link == -EBUSY || steering->link == -EEXIST)
		fail(FAILURE,
		     "%s has an XDP program already: end the program that attached it, or `ip link set %s xdpdrv off`, "
		     "or `xdpgeneric off`",
		     interface, interface);
	if (steering->link < 0)
		fail(FAILURE, "attaching to %s: %s; use an interface that takes an XDP program", interface,
		     strerror(-steering->link));
}

const char *steering_mode(const char *interface)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	int result = bpf_xdp_query(if_nametoindex(interface), 0, &query);

	if (result)
		fail(FAILURE, "asking for the XDP mode of %s: %s", interface, strerror(-result));
	return query.attach_mode == XDP_ATTACHED_SKB ? "generic" : "native";
}

void steering_detach(struct steering *steering)
{
	bpf_link_detach(steering->link);
}

struct flow_counters steering_counters(const struct steering *steering, uint32_t flow)
{
	int cpus = libbpf_num_possible_cpus();
	struct flow_counters each[cpus], sum = { 0 };
	int result = bpf_map__lookup_elem(map_of(steering, "per_flow"), &flow, sizeof(flow), each, sizeof(each), 0);

	if (result)
		fail(FAILURE, "reading the counters of the XDP program: %s", strerror(-result));
	for (int cpu = 0; cpu < cpus; cpu++) {
		sum.seen += each[cpu].seen;
		sum.redirected += each[cpu].redirected;
	}
	return sum;
}
