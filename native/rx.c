/* SPDX-License-Identifier: Apache-2.0 */
/* The hot path of AF_XDP: one call a batch. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "umem.h"

#define SOCKETS_MAX 64 /* that xdp4j_xsk_wait looks at; more are found within the time-out */

bool xdp4j_umem_refill(struct xdp4j_umem *umem)
{
	uint32_t count, first;

	count = xsk_prod_nb_free(&umem->fill, umem->free_count);
	if (count > umem->free_count)
		count = umem->free_count;
	if (!count || !xsk_ring_prod__reserve(&umem->fill, count, &first))
		return false;
	for (uint32_t i = 0; i < count; i++)
		*xsk_ring_prod__fill_addr(&umem->fill, first + i) = umem->free[--umem->free_count];
	xsk_ring_prod__submit(&umem->fill, count);
	return true;
}

/*
 * By a recvfrom, which takes no packet. With busy poll the kernel runs the driver's NAPI in it, on this thread; else it
 * wakes a driver that asks for that.
 */
static void enter_kernel(const struct xsk_socket *socket)
{
	recvfrom(xsk_socket__fd(socket), NULL, 0, MSG_DONTWAIT, NULL, NULL);
}

void xdp4j_xsk_give_back_batch(struct xdp4j_xsk *xsk)
{
	for (uint32_t i = 0; i < xsk->held_count; i++)
		xdp4j_umem_give_back(xsk->umem, xsk->held[i]);
	xsk->held_count = 0;
}

/*
 * Moves the frames of the batch straight into the fill ring, not by way of the pool; whether it did. It does while the
 * pool is empty, as it is when the UMEM has no more frames than the fill ring takes.
 */
static bool refill_from_batch(struct xdp4j_xsk *xsk)
{
	struct xdp4j_umem *umem = xsk->umem;
	const uint64_t *held = xsk->held, mask = umem->frame_mask;
	uint32_t count = xsk->held_count, first;
	struct xsk_ring_prod fill;

	if (!count || umem->free_count || !xsk_ring_prod__reserve(&umem->fill, count, &first))
		return false;
	fill = umem->fill; /* a copy, which no store can change: it stays in registers */
	for (uint32_t i = 0; i < count; i++)
		*xsk_ring_prod__fill_addr(&fill, first + i) = held[i] & mask;
	xsk_ring_prod__submit(&umem->fill, count);
	xsk->held_count = 0;
	return true;
}

/*
 * The kernel wrote the packet on another CPU, so its first bytes are far away, and whoever reads packet after packet
 * waits for each. Asked for here, those of a batch come side by side. Metadata and headers are on two cache lines.
 */
static void prefetch_packet(const void *area, uint64_t address)
{
	const char *packet = (const char *)area + address;

	__builtin_prefetch(packet - sizeof(struct packet_meta));
	__builtin_prefetch(packet);
}

/*
 * A receiver that was away finds here what came meanwhile. Not the producer's index at this moment, which costs a cache
 * line from the kernel's CPU, but the one that the peek has read: of the level only the peaks are wanted.
 */
static void note_level(struct xdp4j_xsk *xsk, uint32_t waiting)
{
	if (waiting <= __atomic_load_n(&xsk->fullest_lately, __ATOMIC_RELAXED))
		return;
	__atomic_store_n(&xsk->fullest_lately, waiting, __ATOMIC_RELAXED);
	if (waiting > xsk->fullest)
		__atomic_store_n(&xsk->fullest, waiting, __ATOMIC_RELAXED);
}

/* A packet is one descriptor. */
static int receive_frames(struct xdp4j_xsk *xsk)
{
	const void *area = xsk->umem->area;
	struct xdp_desc *batch = xsk->batch;
	uint64_t *held = xsk->held;
	uint32_t count, first;
	struct xsk_ring_cons rx;

	count = xsk_ring_cons__peek(&xsk->rx, xsk->batch_size, &first);
	rx = xsk->rx; /* a copy, as above */
	for (uint32_t i = 0; i < count; i++) {
		const struct xdp_desc *descriptor = xsk_ring_cons__rx_desc(&rx, first + i);

		prefetch_packet(area, descriptor->addr);
		held[i] = descriptor->addr;
		batch[i] = *descriptor;
	}
	/* Read before released: after it the kernel may write other descriptors there. */
	if (count) {
		note_level(xsk, rx.cached_prod - first);
		xsk_ring_cons__release(&xsk->rx, count);
	}
	xsk->held_count = count;
	return count;
}

/* Copies a packet of `count` descriptors to its slot and gives its frames back; whether the batch has it now. */
static bool receive_long_packet(struct xdp4j_xsk *xsk, uint32_t first, uint32_t count, uint32_t index)
{
	struct xdp4j_umem *umem = xsk->umem;
	uint64_t slot = xsk->slots[index];
	uint32_t bytes = assembly_copy(&umem->assembly, umem->area, slot, &xsk->rx, first, count);

	xsk->batch[index] = (struct xdp_desc){ .addr = slot, .len = bytes };
	for (uint32_t i = 0; i < count; i++)
		xdp4j_umem_give_back(umem, xsk_ring_cons__rx_desc(&xsk->rx, first + i)->addr);
	return bytes;
}

/*
 * A packet is one descriptor or several. All of them come at once with copies, as far as Linux 6.18 goes; where they do
 * not, the first ones stay in the ring until the last is there.
 */
static int receive_packets(struct xdp4j_xsk *xsk)
{
	uint32_t first = xsk->rx.cached_cons;
	uint32_t available = __atomic_load_n(xsk->rx.producer, __ATOMIC_ACQUIRE) - first;
	uint32_t count = 0, taken = 0, descriptors;

	note_level(xsk, available);
	while (count < xsk->batch_size && (descriptors = assembly_count(&xsk->rx, first + taken, available - taken))) {
		if (descriptors == 1) {
			xsk->batch[count] = *xsk_ring_cons__rx_desc(&xsk->rx, first + taken);
			xsk->held[xsk->held_count++] = xsk->batch[count++].addr;
		} else {
			count += receive_long_packet(xsk, first + taken, descriptors, count);
		}
		taken += descriptors;
	}
	xsk->rx.cached_cons = first + taken;
	xsk->rx.cached_prod = first + available;
	if (taken)
		xsk_ring_cons__release(&xsk->rx, taken);
	return count;
}

static int take_batch(struct xdp4j_xsk *xsk)
{
	return xsk->slots ? receive_packets(xsk) : receive_frames(xsk);
}

int xdp4j_xsk_receive(struct xdp4j_xsk *xsk)
{
	struct xdp4j_umem *umem = xsk->umem;
	bool refilled;
	int count;

	/* Either without the other: somebody else may have taken the frames back; they may be of an earlier batch. */
	if (xsk->held_leased || umem->leased)
		xdp4j_xsk_settle_leases(xsk);
	refilled = refill_from_batch(xsk);
	if (!refilled) {
		xdp4j_xsk_give_back_batch(xsk);
		refilled = umem->free_count && xdp4j_umem_refill(umem);
	}
	/* Also for a receiver that never blocks: a zero-copy driver that ran out of frames waits for this. */
	if (refilled && !xsk->busy_poll && xsk_ring_prod__needs_wakeup(&umem->fill))
		enter_kernel(umem->anchor);
	count = take_batch(xsk);
	/*
	 * On this socket and not the anchor, on which no packet arrives: before Linux 6.13 the packets tell a socket
	 * which NAPI is its own. Packets that are there already are taken first. A driver that ran out of frames gets
	 * the new ones by this call too: without frames the ring is soon empty.
	 */
	if (!count && xsk->busy_poll) {
		enter_kernel(xsk->socket);
		count = take_batch(xsk);
	}
	return count;
}

int xdp4j_xsk_wait(struct xdp4j_xsk *xsk, int timeout_ms)
{
	struct pollfd descriptors[SOCKETS_MAX];
	nfds_t count = 0;
	int result;

	for (struct xdp4j_xsk *each = xsk->umem->sockets; each && count < SOCKETS_MAX; each = each->next) {
		descriptors[count].fd = xsk_socket__fd(each->socket);
		descriptors[count++].events = POLLIN;
	}
	result = poll(descriptors, count, timeout_ms);
	if (result < 0)
		return errno == EINTR ? 0 : -errno;
	for (nfds_t i = 0; i < count; i++) {
		if (descriptors[i].revents & (POLLERR | POLLHUP | POLLNVAL))
			return -ENETDOWN;
	}
	return result > 0;
}
