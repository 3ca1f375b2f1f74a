/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame pool and what shares it. Inside the shim only.
 *
 * A frame has one owner at any time:
 *
 *   free pool --refill--> fill ring --> kernel --> RX ring --receive--> batch --the next receive--> free pool
 *
 * The kernel keeps a frame when it drops a packet that it had taken one for (RX ring full, in copy mode), and uses it
 * for the next packet: not lost, but not visible from here either.
 */
#ifndef XDP4J_UMEM_H
#define XDP4J_UMEM_H

#include <xdp/xsk.h>

#include "xdp4j.h"

struct xdp4j_umem {
	struct xsk_ring_prod fill;
	uint64_t *free;      /* a stack: the frame used last is the one most likely still in the cache */
	uint32_t free_count;
	uint32_t frames;
	uint64_t frame_mask; /* address & frame_mask is the frame's first byte: takes headroom and metadata off */
	int wakeup_fd;       /* any socket of the queue, for need_wakeup; -1 while there is none */

	void *area;
	uint64_t bytes;
	bool huge_pages;
	struct xsk_umem *umem;
	struct xsk_ring_cons completion; /* nothing is sent; the kernel wants one all the same */
	struct xdp4j_xsk *sockets;       /* linked by xdp4j_xsk.next */
};

struct xdp4j_xsk {
	struct xsk_ring_cons rx;
	struct xdp_desc *batch;
	uint32_t batch_size;
	uint32_t held; /* descriptors in batch whose frames the application has */
	struct xdp4j_umem *umem;

	struct xsk_socket *socket;
	struct xdp4j_xsk *next;
};

/* Moves as many free frames into the fill ring as fit; wakes the driver where it asks for that. */
void xdp4j_umem_refill(struct xdp4j_umem *umem);

/* Puts the frame that holds `address` back into the pool. */
static inline void xdp4j_umem_give_back(struct xdp4j_umem *umem, uint64_t address)
{
	umem->free[umem->free_count++] = address & umem->frame_mask;
}

#endif
