/* SPDX-License-Identifier: Apache-2.0 */
/* The duty cycle of a queue's thread: visits to the RX ring, and idling after one that brought nothing. */
#ifndef XDP4J_PEER_RECEIVER_H
#define XDP4J_PEER_RECEIVER_H

#include <signal.h>

#include "histogram.h"
#include "options.h"
#include "rtp.h"
#include "xsk.h"

struct receiver {
	const struct options *options;
	struct xsk *xsk;
	struct rtp_flow *flows; /* by flow id */
	const volatile sig_atomic_t *stop;

	uint64_t last_look_ns;
	bool brought;                /* packets, the last look */
	uint64_t longest_absence_ns; /* between two looks; a wait that a packet ends is none: ReceiverCounts */
	uint64_t busy_ns;            /* from the start of a visit that brought packets to the next one's, summed */
	uint64_t user_ns, system_ns; /* CPU time of its thread until the drain, as Java takes it */

	struct histogram latency; /* from kernel to user */
};

void receiver_open(struct receiver *receiver, const struct options *options, struct xsk *xsk);

/*
 * Until *stop, in a thread of its own, as in Java: its CPU time is that of receiving, with nothing in it of the sockets
 * and programs that were opened before.
 */
void receiver_run(struct receiver *receiver, const volatile sig_atomic_t *stop);

/* Takes what is still there; for a second at most while packets keep coming. */
void receiver_drain(struct receiver *receiver);

#endif
