/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "error.h"
#include "umem.h"
#include "xsk_kernel.h"

/*
 * A queue is free again only when an RCU grace period is over and a kernel work queue has run: some milliseconds, but
 * seconds on a machine whose CPUs are busy in the kernel.
 */
#define BIND_TRIES 60
#define BIND_PAUSE_NS 50000000L

#define ANCHOR_RX_RING 2 /* nothing arrives there, but a socket needs a ring */

/* A socket with 0 does not busy-poll; a call that does not block polls once, whatever the time. */
#define BUSY_POLL_US 20

/* Of asm-generic/socket.h, where the C library is older than Linux 5.11. */
#ifndef SO_PREFER_BUSY_POLL
#define SO_PREFER_BUSY_POLL 69
#define SO_BUSY_POLL_BUDGET 70
#endif

static int mode_flags(enum xdp4j_mode mode)
{
	switch (mode) {
	case XDP4J_MODE_GENERIC:
		return XDP_USE_NEED_WAKEUP | XDP_COPY;
	case XDP4J_MODE_ZERO_COPY:
		return XDP_USE_NEED_WAKEUP | XDP_ZEROCOPY;
	default:
		return XDP_USE_NEED_WAKEUP; /* the kernel tries zero-copy and falls back to copies */
	}
}

static int bind_flags(const struct xdp4j_umem *umem, enum xdp4j_mode mode)
{
	return mode_flags(mode) | (umem->assembly.free ? XDP_USE_SG : 0);
}

static int explain_bind(int code, const struct xdp4j_umem *umem, const struct xdp4j_xsk_options *options,
			struct xdp4j_error *error)
{
	const char *interface = options->interface;

	if (code == EINVAL && umem->assembly.free)
		return xdp4j_fail(error, code,
				  "binding to %s queue %u for packets of several frames: %s; they need Linux 6.6.10 or "
				  "later: lower the MTU, use larger frames, or update the kernel",
				  interface, options->queue, strerror(code));
	switch (code) {
	case EBUSY:
		return xdp4j_fail(error, EBUSY,
				  "queue %u of %s is taken by another AF_XDP socket: end that program, or use another "
				  "queue",
				  options->queue, interface);
	case EPERM:
		return xdp4j_fail(error, EPERM,
				  "binding to %s queue %u: permission denied; run as root or with CAP_NET_RAW and "
				  "CAP_NET_ADMIN",
				  interface, options->queue);
	case EOPNOTSUPP:
	case EPROTONOSUPPORT:
		return xdp4j_fail(error, code, "the driver of %s has no zero-copy%s: use mode auto, native or generic",
				  interface, umem->assembly.free ? " for packets of several frames" : "");
	case ENETDOWN:
		return xdp4j_fail(error, code, "%s is down: ip link set %s up", interface, interface);
	default:
		return xdp4j_fail(error, code, "binding to %s queue %u: %s", interface, options->queue, strerror(code));
	}
}

static int check_options(const struct xdp4j_umem *umem, const struct xdp4j_xsk_options *options,
			 struct xdp4j_error *error)
{
	const char *interface = options->interface;
	struct xdp4j_netdev netdev;
	int result;

	if (!options->rx_ring || options->rx_ring & (options->rx_ring - 1))
		return xdp4j_fail(error, EINVAL, "RX ring of %u: use a power of two", options->rx_ring);
	if (!options->batch_size)
		return xdp4j_fail(error, EINVAL, "batch of 0: use 1 or more");
	if (options->busy_poll_budget > UINT16_MAX)
		return xdp4j_fail(error, EINVAL, "busy poll budget of %u: use 0 to 65535", options->busy_poll_budget);
	result = xdp4j_netdev_find(&netdev, interface, error);
	if (result)
		return result;
	if (umem->anchor && (umem->interface_index != netdev.index || umem->queue != options->queue))
		return xdp4j_fail(error, EINVAL, "this UMEM serves queue %u of %s: open another for queue %u of %s",
				  umem->queue, umem->interface, options->queue, interface);
	if (options->queue >= netdev.rx_queues)
		return xdp4j_fail(error, EINVAL, "%s has no queue %u, only %u from 0: `ethtool -l %s` lists them",
				  interface, options->queue, netdev.rx_queues, interface);
	return 0;
}

/* Binds the UMEM to the queue, by the socket that stays open as long as it. */
static int bind_umem(struct xdp4j_umem *umem, const struct xdp4j_xsk_options *options, struct xdp4j_error *error)
{
	const struct xsk_socket_config config = {
		.rx_size = ANCHOR_RX_RING,
		.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
		.bind_flags = bind_flags(umem, options->mode),
	};
	const struct timespec pause = { .tv_nsec = BIND_PAUSE_NS };
	struct xsk_socket *anchor;
	int result;

	for (int tries = 1;; tries++) {
		result = xsk_socket__create(&anchor, options->interface, options->queue, umem->umem, &umem->anchor_rx,
					    NULL, &config);
		if (result != -EBUSY || tries == BIND_TRIES)
			break;
		nanosleep(&pause, NULL);
	}
	if (result)
		return explain_bind(-result, umem, options, error);
	umem->anchor = anchor;
	umem->interface_index = if_nametoindex(options->interface);
	umem->queue = options->queue;
	strncpy(umem->interface, options->interface, sizeof(umem->interface) - 1);
	return 0;
}

/* It inherits mode and XDP_USE_SG of the UMEM's first socket: naming flags again is refused. */
static int open_socket(struct xdp4j_xsk *xsk, const struct xdp4j_xsk_options *options, struct xdp4j_error *error)
{
	const struct xsk_socket_config config = {
		.rx_size = options->rx_ring,
		.libxdp_flags = XSK_LIBXDP_FLAGS__INHIBIT_PROG_LOAD,
	};
	int result = xsk_socket__create(&xsk->socket, options->interface, options->queue, xsk->umem->umem, &xsk->rx,
					NULL, &config);

	return result ? explain_bind(-result, xsk->umem, options, error) : 0;
}

static int explain_busy_poll(int code, const char *name, int value, const struct xdp4j_xsk_options *options,
			     struct xdp4j_error *error)
{
	const char *remedy;

	switch (code) {
	case EPERM:
		remedy = "; run as root or with CAP_NET_ADMIN (of the host, not of a container), or without busy poll";
		break;
	case ENOPROTOOPT:
		remedy = "; use Linux 5.11 or later with CONFIG_NET_RX_BUSY_POLL, or no busy poll";
		break;
	default:
		remedy = "";
	}
	return xdp4j_fail(error, code, "%s=%d on the socket of %s queue %u: %s%s", name, value, options->interface,
			  options->queue, strerror(code), remedy);
}

static int set_busy_poll(int fd, const struct xdp4j_xsk_options *options, struct xdp4j_error *error)
{
	const struct {
		const char *text;
		int name, value;
	} settings[] = {
		{ "SO_PREFER_BUSY_POLL", SO_PREFER_BUSY_POLL, 1 },
		{ "SO_BUSY_POLL", SO_BUSY_POLL, BUSY_POLL_US },
		{ "SO_BUSY_POLL_BUDGET", SO_BUSY_POLL_BUDGET, options->busy_poll_budget },
	};

	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		int value = settings[i].value;

		if (setsockopt(fd, SOL_SOCKET, settings[i].name, &value, sizeof(value)))
			return explain_busy_poll(errno, settings[i].text, value, options, error);
	}
	return 0;
}

static void free_xsk(struct xdp4j_xsk *xsk)
{
	assembly_give_back(&xsk->umem->assembly, xsk->slots, xsk->batch_size);
	free(xsk->held);
	free(xsk);
}

int xdp4j_xsk_open(struct xdp4j_xsk **out, struct xdp4j_umem *umem, const struct xdp4j_xsk_options *options,
		   struct xdp4j_error *error)
{
	struct xdp4j_xsk *xsk;
	int result;

	result = check_options(umem, options, error);
	if (result)
		return result;
	xsk = calloc(1, sizeof(*xsk));
	if (xsk)
		xsk->held = calloc(options->batch_size, sizeof(*xsk->held));
	if (!xsk || !xsk->held) {
		free(xsk);
		return xdp4j_fail(error, ENOMEM, "out of memory");
	}
	xsk->umem = umem;
	xsk->batch = options->batch;
	xsk->batch_size = options->batch_size;
	result = assembly_take(&umem->assembly, &xsk->slots, options->batch_size, error);
	if (!result && !umem->anchor)
		result = bind_umem(umem, options, error);
	if (!result)
		result = open_socket(xsk, options, error);
	if (result)
		goto free_xsk;
	if (options->busy_poll_budget) {
		result = set_busy_poll(xsk_socket__fd(xsk->socket), options, error);
		if (result)
			goto delete_socket;
		xsk->busy_poll = true;
	}
	xsk->next = umem->sockets;
	umem->sockets = xsk;
	*out = xsk;
	return 0;

delete_socket:
	xsk_socket__delete(xsk->socket);
free_xsk:
	free_xsk(xsk);
	return result;
}

int xdp4j_xsk_fd(const struct xdp4j_xsk *xsk)
{
	return xsk_socket__fd(xsk->socket);
}

int xdp4j_xsk_zero_copy(const struct xdp4j_xsk *xsk)
{
	return xsk_kernel_zero_copy(xsk_socket__fd(xsk->socket));
}

int xdp4j_xsk_napi_id(const struct xdp4j_xsk *xsk)
{
	socklen_t length = sizeof(int);
	int id;

	if (getsockopt(xsk_socket__fd(xsk->socket), SOL_SOCKET, SO_INCOMING_NAPI_ID, &id, &length))
		return -errno;
	return id;
}

uint32_t xdp4j_xsk_waiting(const struct xdp4j_xsk *xsk)
{
	return xsk->slots ? xsk_kernel_packets(xsk->rx.ring, xsk->rx.mask, xsk->rx.producer, xsk->rx.consumer) :
			    xsk_kernel_waiting(xsk->rx.producer, xsk->rx.consumer);
}

uint32_t xdp4j_xsk_fullest(const struct xdp4j_xsk *xsk)
{
	return __atomic_load_n(&xsk->fullest, __ATOMIC_RELAXED);
}

uint32_t xdp4j_xsk_take_fullest(struct xdp4j_xsk *xsk)
{
	return __atomic_exchange_n(&xsk->fullest_lately, 0, __ATOMIC_RELAXED);
}

int xdp4j_xsk_statistics(const struct xdp4j_xsk *xsk, struct xdp_statistics *statistics)
{
	return xsk_kernel_statistics(xsk_socket__fd(xsk->socket), statistics);
}

void xdp4j_xsk_close(struct xdp4j_xsk *xsk)
{
	struct xdp4j_umem *umem;
	uint32_t count, first;

	if (!xsk)
		return;
	umem = xsk->umem;
	xdp4j_xsk_settle_leases(xsk);
	xdp4j_xsk_give_back_batch(xsk);
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
	xsk_socket__delete(xsk->socket);
	free_xsk(xsk);
}
