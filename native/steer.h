/* SPDX-License-Identifier: Apache-2.0 */
/* The XDP program, for steer.c and steer_attach.c alone. */
#ifndef XDP4J_STEER_H
#define XDP4J_STEER_H

#include <net/if.h>

#include <bpf/libbpf.h>

#include "steer.skel.h"
#include "xdp4j.h"

struct xdp4j_steer {
	struct steer *skeleton;
	uint32_t flows;
	uint32_t queues;
	int cpus; /* possible ones: a per-CPU map has a value for each */

	int link;                    /* -1 while it is attached by none */
	uint32_t dispatched;         /* id of its copy in the dispatcher; 0 while there is none */
	char interface[IF_NAMESIZE]; /* of the dispatcher, and its index */
	int ifindex;
};

/* The program once more, not loaded yet, on the maps of the one that is. NULL when memory or descriptors run out. */
struct steer *xdp4j_steer_open_copy(const struct xdp4j_steer *steer);

#endif
