/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An AF_XDP socket of another process, looked at. The kernel keeps a socket, its rings and its UMEM as long as somebody
 * holds a descriptor of it, so that this one can be asked when the other process has ended.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "error.h"
#include "xsk_kernel.h"

struct xdp4j_xsk_view {
	int fd;
	void *ring;
	size_t bytes;
	const uint32_t *producer;
	const uint32_t *consumer;
	const struct xdp_desc *descriptors;
	uint32_t mask;
};

/* Read-only: nothing that is done here can disturb the receiver. */
static int map_ring(struct xdp4j_xsk_view *view, uint32_t rx_ring, struct xdp4j_error *error)
{
	struct xdp_mmap_offsets offsets;
	socklen_t length = sizeof(offsets);

	if (!rx_ring || rx_ring & (rx_ring - 1))
		return xdp4j_fail(error, EINVAL, "RX ring of %u: use a power of two", rx_ring);
	if (getsockopt(view->fd, SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &length))
		return xdp4j_fail(error, errno, "descriptor %d is no AF_XDP socket (XDP_MMAP_OFFSETS): %s", view->fd,
				  strerror(errno));
	view->bytes = offsets.rx.desc + rx_ring * sizeof(struct xdp_desc);
	view->ring = mmap(NULL, view->bytes, PROT_READ, MAP_SHARED, view->fd, XDP_PGOFF_RX_RING);
	if (view->ring == MAP_FAILED)
		return xdp4j_fail(error, errno,
				  "mmap of the RX ring of descriptor %d: %s; pass a socket that has one of "
				  "%u descriptors, while its interface is there",
				  view->fd, strerror(errno), rx_ring);
	view->producer = (const uint32_t *)((const char *)view->ring + offsets.rx.producer);
	view->consumer = (const uint32_t *)((const char *)view->ring + offsets.rx.consumer);
	view->descriptors = (const struct xdp_desc *)((const char *)view->ring + offsets.rx.desc);
	view->mask = rx_ring - 1;
	return 0;
}

int xdp4j_xsk_view_open(struct xdp4j_xsk_view **out, int fd, uint32_t rx_ring, struct xdp4j_error *error)
{
	struct xdp4j_xsk_view *view = calloc(1, sizeof(*view));
	int result;

	if (!view)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	view->fd = fd;
	result = map_ring(view, rx_ring, error);
	if (result) {
		free(view);
		return result;
	}
	*out = view;
	return 0;
}

int xdp4j_xsk_view_fd(const struct xdp4j_xsk_view *view)
{
	return view->fd;
}

int xdp4j_xsk_view_zero_copy(const struct xdp4j_xsk_view *view)
{
	return xsk_kernel_zero_copy(view->fd);
}

uint32_t xdp4j_xsk_view_waiting(const struct xdp4j_xsk_view *view)
{
	return xsk_kernel_packets(view->descriptors, view->mask, view->producer, view->consumer);
}

uint32_t xdp4j_xsk_view_received(const struct xdp4j_xsk_view *view)
{
	return __atomic_load_n(view->consumer, __ATOMIC_ACQUIRE);
}

int xdp4j_xsk_view_statistics(const struct xdp4j_xsk_view *view, struct xdp_statistics *statistics)
{
	return xsk_kernel_statistics(view->fd, statistics);
}

void xdp4j_xsk_view_close(struct xdp4j_xsk_view *view)
{
	if (!view)
		return;
	munmap(view->ring, view->bytes);
	close(view->fd);
	free(view);
}
