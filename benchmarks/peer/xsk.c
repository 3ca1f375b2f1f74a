/* SPDX-License-Identifier: Apache-2.0 */
#include "xsk.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "fail.h"
#include "umem.h"

/* A queue that another process had is free only some milliseconds after its end: native/xsk.c. */
#define BIND_TRIES 60
#define BIND_PAUSE_NS 50000000L

/* On the pages that Java's UMEM has, for the same reasons, by the same function: of the shim's UMEM nothing else. */
static uint64_t map_area(struct xsk *xsk, const struct options *options, int numa_node)
{
	uint64_t bytes = (uint64_t)options->fill_ring * FRAME_SIZE;
	struct xdp4j_umem memory = { 0 };
	struct xdp4j_error error;

	if (xdp4j_umem_map(&memory, bytes, numa_node, &error))
		fail(FAILURE, "%s", error.text);
	xsk->area = memory.area;
	xsk->huge_pages = memory.huge_pages;
	return bytes;
}

static void register_umem(struct xsk *xsk, const struct options *options, int numa_node)
{
	const struct xsk_umem_config config = {
		.fill_size = options->fill_ring,
		.comp_size = 64,
		.frame_size = FRAME_SIZE,
	};
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	uint64_t bytes = map_area(xsk, options, numa_node);
	int result;

	/* May be refused, and is needless with CAP_IPC_LOCK. */
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	result = xsk_umem__create(&xsk->umem, (void *)xsk->area, bytes, &xsk->fill, &xsk->completion, &config);
	if (result)
		fail(FAILURE, "registering a UMEM of %lu bytes: %s; use a smaller --fill-ring, or raise `ulimit -l`",
		     bytes, strerror(-result));
}

static void fill_ring(struct xsk *xsk, uint32_t frames)
{
	uint32_t first = 0;

	xsk_ring_prod__reserve(&xsk->fill, frames, &first); /* the whole of it, and it is empty */
	for (uint32_t i = 0; i < frames; i++)
		*xsk_ring_prod__fill_addr(&xsk->fill, first + i) = (uint64_t)i * FRAME_SIZE;
	xsk_ring_prod__submit(&xsk->fill, frames);
}

static void bind_socket(struct xsk *xsk, const struct options *options)
{
	const struct xsk_socket_config config = {
		.rx_size = options->rx_ring,
		.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
		.bind_flags = XDP_USE_NEED_WAKEUP, /* zero-copy where the driver has it, else copies */
	};
	const struct timespec pause = { .tv_nsec = BIND_PAUSE_NS };
	int result;

	for (int tries = 1;; tries++) {
		result = xsk_socket__create(&xsk->socket, options->interface, options->queue, xsk->umem, &xsk->rx, NULL,
					    &config);
		if (result != -EBUSY || tries == BIND_TRIES)
			break;
		nanosleep(&pause, NULL);
	}
	if (result == -EBUSY)
		fail(FAILURE,
		     "queue %u of %s is taken by another AF_XDP socket: end that program, or use another --queue",
		     options->queue, options->interface);
	if (result)
		fail(FAILURE, "binding to %s queue %u: %s", options->interface, options->queue, strerror(-result));
	xsk->fd = xsk_socket__fd(xsk->socket);
}

void xsk_open(struct xsk *xsk, const struct options *options, int numa_node)
{
	register_umem(xsk, options, numa_node);
	fill_ring(xsk, options->fill_ring);
	bind_socket(xsk, options);
}
