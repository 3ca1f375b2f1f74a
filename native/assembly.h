/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Room for packets that took several frames, behind the frames in the same memory, so that one buffer of Java covers
 * both. Inside the shim only.
 *
 * A slot holds metadata and packet. Each socket has as many as its batch from open to close: one that does not receive
 * keeps its batch, and takes nothing from the others.
 */
#ifndef XDP4J_ASSEMBLY_H
#define XDP4J_ASSEMBLY_H

#include <xdp/xsk.h>

#include "xdp4j.h"

/* linux/if_xdp.h has it since Linux 6.6. */
#ifndef XDP_USE_SG
#define XDP_USE_SG (1 << 4)
#endif

struct assembly {
	uint64_t *free; /* a stack of packet addresses in the area; NULL when a packet is one frame */
	uint32_t free_count;
	uint32_t longest;
};

/* Whether the longest packet does not fit into a frame. */
bool assembly_is_needed(const struct xdp4j_umem_options *options);

/* Of all slots; 0 when none are needed. */
uint64_t assembly_bytes(const struct xdp4j_umem_options *options);

/* `start` is where in the area the slots begin. */
int assembly_open(struct assembly *assembly, const struct xdp4j_umem_options *options, uint64_t start,
		  struct xdp4j_error *error);
void assembly_close(struct assembly *assembly);

/* Moves `count` slots into *slots, to be given back with assembly_give_back; does nothing when none are needed. */
int assembly_take(struct assembly *assembly, uint64_t **slots, uint32_t count, struct xdp4j_error *error);
void assembly_give_back(struct assembly *assembly, uint64_t *slots, uint32_t count);

/* How many of the `count` descriptors from `first` on make up one packet; 0 while its last one is not there. */
uint32_t assembly_count(const struct xsk_ring_cons *rx, uint32_t first, uint32_t count);

/*
 * Copies the packet and its metadata from `count` descriptors to the slot. Its bytes, or 0 when it is longer than the
 * slot and was left where it is.
 */
uint32_t assembly_copy(const struct assembly *assembly, void *area, uint64_t slot, const struct xsk_ring_cons *rx,
		       uint32_t first, uint32_t count);

#endif
