/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bpf/steer.bpf.c on the interface, loaded and filled as native/steer.c does it for Java. Either as it is, or with
 * XDP_DROP in place of the redirect (ceiling.bpf.c): the two have the same maps, which are found by their names. What
 * fails ends the program.
 */
#ifndef XDP4J_PEER_STEERING_H
#define XDP4J_PEER_STEERING_H

#include <bpf/libbpf.h>

#include "options.h"
#include "xdp4j.h"

struct steering {
	struct bpf_object *object;
	uint32_t queues;
	int link;
};

/* For the options' flows, on the device's queues. */
void steering_load(struct steering *steering, const struct options *options, const struct xdp4j_netdev *device);

/* All flows' packets that arrive on the options' queue go to this socket from now on. */
void steering_redirect(const struct steering *steering, const struct options *options, int xsk_fd, uint32_t longest);

/* Packets come from now on. In native mode, or generic mode where the driver has no other, as `receive` does it. */
void steering_attach(struct steering *steering, const char *interface);

/* What the kernel says that it is in force: native or generic. */
const char *steering_mode(const char *interface);

/* After it returns no packet is redirected any more. */
void steering_detach(struct steering *steering);

/* Of a flow by its place in the options. */
struct flow_counters steering_counters(const struct steering *steering, uint32_t flow);

#endif
