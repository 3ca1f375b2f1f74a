/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frame pool and what shares it. Inside the shim only.
 *
 * A frame has one owner at any time:
 *
 *   free pool --refill--> fill ring --> kernel --> RX ring --receive--> batch --the next receive--> free pool
 *                                                                         |                            ^
 *                                                                         '--lease--> application --release
 *
 * From the batch a frame goes straight into the fill ring, without the free pool, while that is empty (rx.c).
 *
 * The kernel keeps a frame when it drops a packet that it had taken one for (RX ring full, in copy mode), and uses it
 * for the next packet: not lost, but not visible from here either.
 *
 * The frames of a packet that took several go back to the pool as soon as it has been put together (assembly.c).
 */
#ifndef XDP4J_UMEM_H
#define XDP4J_UMEM_H

#include <net/if.h>

#include <xdp/xsk.h>

#include "assembly.h"
#include "lease.h"
#include "xdp4j.h"

#define HUGE_PAGE_BYTES (2ull << 20) /* whatever the system's default is: small rings shall not take 1 GiB */

struct xdp4j_umem {
	struct xsk_ring_prod fill;
	uint64_t *free;      /* a stack: the frame used last is the one most likely still in the cache */
	uint32_t free_count;
	uint32_t frames;
	uint64_t frame_mask; /* address & frame_mask is the frame's first byte: takes headroom and metadata off */
	uint32_t leased;     /* frames that are out; 0 wherever nobody leases, and then nothing is taken back */

	void *area;
	uint64_t bytes;
	bool huge_pages;
	char huge_page_refusal[384]; /* why not */
	struct xsk_umem *umem;
	struct assembly assembly;
	struct leases leases;
	struct xsk_ring_cons completion; /* nothing is sent; the kernel wants one all the same */
	struct xdp4j_xsk *sockets;       /* linked by xdp4j_xsk.next */

	/*
	 * libxdp makes the UMEM's own descriptor the first socket, which therefore ends with the UMEM and not before.
	 * So that every socket handed out can be closed and opened again, the first is this one, which no packet is
	 * redirected to: it binds the UMEM to its queue and keeps the fill ring mapped.
	 */
	struct xsk_socket *anchor; /* NULL until a socket is opened */
	struct xsk_ring_cons anchor_rx;
	char interface[IF_NAMESIZE];
	uint32_t interface_index;
	uint32_t queue;
};

struct xdp4j_xsk {
	struct xsk_ring_cons rx;
	struct xdp_desc *batch;
	uint32_t batch_size;
	uint64_t *held; /* frames of the batch: a copy, since the application could write into that */
	uint32_t held_count;
	uint32_t held_leased; /* how many of them are LEASED, whether or not those frames are back by now */
	struct xdp4j_umem *umem;
	uint64_t *slots; /* batch_size of the UMEM's for long packets; NULL when a packet is one frame */
	bool busy_poll;

	/* The most packets that a look found in the ring: written by the receiver, read by any thread. */
	uint32_t fullest;        /* since it was opened */
	uint32_t fullest_lately; /* since somebody took this figure */

	struct xsk_socket *socket;
	struct xdp4j_xsk *next;
};

/*
 * Sets area, bytes, which may be more than wanted, and on which pages they are. Pinned for good once registered: so
 * either huge pages set aside by the administrator, or ordinary pages. Nothing is touched, so no page is taken yet.
 */
int xdp4j_umem_map(struct xdp4j_umem *umem, uint64_t wanted, int numa_node, struct xdp4j_error *error);

/* Moves as many free frames into the fill ring as fit; whether any did. */
bool xdp4j_umem_refill(struct xdp4j_umem *umem);

/* Puts the frames that the application has back into the pool. */
void xdp4j_xsk_give_back_batch(struct xdp4j_xsk *xsk);

/* Puts the frame that holds `address` back into the pool. */
static inline void xdp4j_umem_give_back(struct xdp4j_umem *umem, uint64_t address)
{
	umem->free[umem->free_count++] = address & umem->frame_mask;
}

#endif
