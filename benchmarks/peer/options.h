/* SPDX-License-Identifier: Apache-2.0 */
/* The command line. */
#ifndef XDP4J_PEER_OPTIONS_H
#define XDP4J_PEER_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "flow.h"

#define FLOWS_MAX 1024

/* What to do when nothing is there. */
enum idle { IDLE_SLEEP, IDLE_SPIN, IDLE_POLL };

struct flow {
	const char *text; /* as typed */
	struct flow_key key;
};

struct options {
	const char *interface;
	struct flow flows[FLOWS_MAX];
	uint32_t flow_count;
	uint32_t queue;
	uint32_t rx_ring;   /* descriptors, a power of two */
	uint32_t fill_ring; /* likewise */
	uint32_t batch;
	enum idle idle;
	struct timespec sleep;
	bool drop;
};

/* What cannot be ends the program. */
void options_read(struct options *options, int argc, char *argv[]);

#endif
