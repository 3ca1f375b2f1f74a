/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An AF_XDP socket on one queue, by libxdp, with a UMEM of as many frames as the fill ring has descriptors. So a frame
 * that comes out of the RX ring always has a place in the fill ring. What fails ends the program.
 */
#ifndef XDP4J_PEER_XSK_H
#define XDP4J_PEER_XSK_H

#include <stdbool.h>
#include <stdint.h>

#include <xdp/xsk.h>

#include "options.h"

#define FRAME_SIZE 2048
#define FRAME_MASK (~(uint64_t)(FRAME_SIZE - 1)) /* takes headroom and metadata off an RX address */
#define LONGEST_PACKET (FRAME_SIZE - 256)        /* XDP_PACKET_HEADROOM */

struct xsk {
	struct xsk_ring_cons rx;
	struct xsk_ring_prod fill;
	const uint8_t *area;
	int fd;

	bool huge_pages;
	struct xsk_umem *umem;
	struct xsk_ring_cons completion; /* nothing is sent; the kernel wants one all the same */
	struct xsk_socket *socket;
};

/* Every frame is in the fill ring before the socket is bound. */
void xsk_open(struct xsk *xsk, const struct options *options, int numa_node);

#endif
