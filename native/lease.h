/* SPDX-License-Identifier: Apache-2.0 */
/* Frames that the application keeps beyond the batch. Inside the shim only. */
#ifndef XDP4J_LEASE_H
#define XDP4J_LEASE_H

#include "xdp4j.h"

#define LEASED UINT64_MAX /* in xdp4j_xsk.held, for a frame that was: no address of one */

struct leases {
	uint32_t most;     /* frames that can be leased at a time */
	uint32_t returned; /* a stack of those released and not yet taken back; any thread */
	uint32_t *next;    /* by frame: the one below it on that stack */
	bool *is_out;      /* by frame: leased, or released and not yet taken back; the receiving thread's */
};

/* Whether the options' leases fit to the rest of them. */
int xdp4j_leases_check(const struct xdp4j_umem_options *options, struct xdp4j_error *error);

int xdp4j_leases_open(struct leases *leases, const struct xdp4j_umem_options *options, struct xdp4j_error *error);
void xdp4j_leases_close(struct leases *leases);

/* Puts what the application released into the pool. */
void xdp4j_umem_take_back(struct xdp4j_umem *umem);

/* Leaves in xdp4j_xsk.held what the application did not lease, and takes back what it released. */
void xdp4j_xsk_settle_leases(struct xdp4j_xsk *xsk);

#endif
