/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "error.h"
#include "umem.h"

/*
 * A queue is free again only when an RCU grace period is over and a kernel work queue has run: some milliseconds, but
 * seconds on a machine whose CPUs are busy in the kernel.
 */
#define BIND_TRIES 60
#define BIND_PAUSE_NS 50000000L

static int bind_flags(const struct xdp4j_umem *umem, enum xdp4j_mode mode)
{
	if (umem->sockets)
		return 0; /* inherited: naming them is refused */
	switch (mode) {
	case XDP4J_MODE_GENERIC:
		return XDP_USE_NEED_WAKEUP | XDP_COPY;
	case XDP4J_MODE_ZERO_COPY:
		return XDP_USE_NEED_WAKEUP | XDP_ZEROCOPY;
	default:
		return XDP_USE_NEED_WAKEUP; /* the kernel tries zero-copy and falls back to copies */
	}
}

static int explain_bind(int code, const struct xdp4j_xsk_options *options, struct xdp4j_error *error)
{
	switch (code) {
	case EBUSY:
		return xdp4j_fail(error, EBUSY,
				  "queue %u of %s is taken by another AF_XDP socket: end that program, or use another "
				  "queue",
				  options->queue, options->interface);
	case EPERM:
		return xdp4j_fail(error, EPERM, "binding to %s queue %u: permission denied; run as root or with "
				  "CAP_NET_RAW and CAP_NET_ADMIN", options->interface, options->queue);
	case EOPNOTSUPP:
	case EPROTONOSUPPORT:
		return xdp4j_fail(error, code, "the driver of %s has no zero-copy: use mode auto, native or generic",
				  options->interface);
	case EINVAL:
	case ENODEV:
		return xdp4j_fail(error, code, "binding to %s queue %u: there is no such queue: `ethtool -l %s` lists them",
				  options->interface, options->queue, options->interface);
	case ENETDOWN:
		return xdp4j_fail(error, code, "%s is down: ip link set %s up", options->interface,
				  options->interface);
	default:
		return xdp4j_fail(error, code, "binding to %s queue %u: %s", options->interface, options->queue,
				  strerror(code));
	}
}

static int bind_with_retries(struct xdp4j_xsk *xsk, const struct xdp4j_xsk_options *options)
{
	const struct xsk_socket_config config = {
		.rx_size = options->rx_ring,
		.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
		.bind_flags = bind_flags(xsk->umem, options->mode),
	};
	const struct timespec pause = { .tv_nsec = BIND_PAUSE_NS };
	int result;

	for (int tries = 1;; tries++) {
		result = xsk_socket__create(&xsk->socket, options->interface, options->queue, xsk->umem->umem, &xsk->rx,
					    NULL, &config);
		if (result != -EBUSY || tries == BIND_TRIES)
			return result;
		nanosleep(&pause, NULL);
	}
}

int xdp4j_xsk_open(struct xdp4j_xsk **out, struct xdp4j_umem *umem, const struct xdp4j_xsk_options *options,
		   struct xdp4j_error *error)
{
	struct xdp4j_xsk *xsk;
	int result;

	if (!options->rx_ring || options->rx_ring & (options->rx_ring - 1))
		return xdp4j_fail(error, EINVAL, "RX ring of %u: use a power of two", options->rx_ring);
	if (!options->batch_size)
		return xdp4j_fail(error, EINVAL, "batch of 0: use 1 or more");
	if (!if_nametoindex(options->interface))
		return xdp4j_fail(error, ENODEV, "no interface '%s': `ip link` lists them", options->interface);
	xsk = calloc(1, sizeof(*xsk));
	if (!xsk)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	xsk->umem = umem;
	xsk->batch = options->batch;
	xsk->batch_size = options->batch_size;
	result = bind_with_retries(xsk, options);
	if (result) {
		free(xsk);
		return explain_bind(-result, options, error);
	}
	xsk->next = umem->sockets;
	umem->sockets = xsk;
	umem->wakeup_fd = xsk_socket__fd(xsk->socket);
	*out = xsk;
	return 0;
}

int xdp4j_xsk_fd(const struct xdp4j_xsk *xsk)
{
	return xsk_socket__fd(xsk->socket);
}

int xdp4j_xsk_zero_copy(const struct xdp4j_xsk *xsk)
{
	struct xdp_options options;
	socklen_t length = sizeof(options);

	if (getsockopt(xsk_socket__fd(xsk->socket), SOL_XDP, XDP_OPTIONS, &options, &length))
		return -errno;
	return !!(options.flags & XDP_OPTIONS_ZEROCOPY);
}

int xdp4j_xsk_statistics(const struct xdp4j_xsk *xsk, struct xdp_statistics *statistics)
{
	socklen_t length = sizeof(*statistics);

	memset(statistics, 0, sizeof(*statistics));
	return getsockopt(xsk_socket__fd(xsk->socket), SOL_XDP, XDP_STATISTICS, statistics, &length) ? -errno : 0;
}

void xdp4j_xsk_close(struct xdp4j_xsk *xsk)
{
	struct xdp4j_umem *umem;
	uint32_t count, first;

	if (!xsk)
		return;
	umem = xsk->umem;
	for (uint32_t i = 0; i < xsk->held; i++)
		xdp4j_umem_give_back(umem, xsk->batch[i].addr);
	while ((count = xsk_ring_cons__peek(&xsk->rx, xsk->batch_size, &first))) {
		for (uint32_t i = 0; i < count; i++)
			xdp4j_umem_give_back(umem, xsk_ring_cons__rx_desc(&xsk->rx, first + i)->addr);
		xsk_ring_cons__release(&xsk->rx, count);
	}
	for (struct xdp4j_xsk **link = &umem->sockets; *link; link = &(*link)->next) {
		if (*link == xsk) {
			*link = xsk->next;
			break;
		}
	}
	umem->wakeup_fd = umem->sockets ? xsk_socket__fd(umem->sockets->socket) : -1;
	xsk_socket__delete(xsk->socket);
	free(xsk);
}
