/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE 1 /* struct mmsghdr */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "membership.h"
#include "udp.h"

static int check_options(const struct xdp4j_udp_options *options, struct xdp4j_error *error)
{
	if (options->slot_bytes <= UDP_HEADROOM || options->slot_bytes % UDP_HEADROOM)
		return xdp4j_fail(error, EINVAL, "slots of %u bytes: use a multiple of %d above %d",
				  options->slot_bytes, UDP_HEADROOM, UDP_HEADROOM);
	if (!options->batch_size)
		return xdp4j_fail(error, EINVAL, "batch of 0: use 1 or more");
	return 0;
}

static int make_socket(struct xdp4j_udp *udp, const struct group *group, struct xdp4j_error *error)
{
	int family = group->address.ss_family;

	if (udp->kind == XDP4J_UDP_RAW)
		udp->fd = socket(family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_UDP);
	else
		udp->fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (udp->fd >= 0)
		return 0;
	if (errno == EPERM)
		return xdp4j_fail(error, EPERM, "raw socket: permission denied; run as root or with CAP_NET_RAW");
	return xdp4j_fail(error, errno, "socket for %s: %s", group->text, strerror(errno));
}

static int set_option(const struct xdp4j_udp *udp, int level, int option, int value, const char *name,
		      struct xdp4j_error *error)
{
	if (setsockopt(udp->fd, level, option, &value, sizeof(value)))
		return xdp4j_fail(error, errno, "setsockopt %s to %d: %s", name, value, strerror(errno));
	return 0;
}

/*
 * All of it before bind, so that the first packet finds it in force. Timestamps alone take a moment more, as the kernel
 * turns them on by a work queue: until then a packet has the time at which it is received from the socket.
 */
static int set_options(const struct xdp4j_udp *udp, const struct xdp4j_udp_options *options, struct xdp4j_error *error)
{
	int buffer = options->receive_buffer < INT_MAX ? (int)options->receive_buffer : INT_MAX;
	int result;

	result = set_option(udp, SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR", error);
	if (!result)
		result = set_option(udp, SOL_SOCKET, SO_TIMESTAMPNS, 1, "SO_TIMESTAMPNS", error);
	if (!result)
		result = set_option(udp, SOL_SOCKET, SO_RXQ_OVFL, 1, "SO_RXQ_OVFL", error);
	/* Otherwise a socket gets what any socket of this host has joined, on any interface (ip(7)). */
	if (!result && udp->ipv6)
		result = set_option(udp, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0, "IPV6_MULTICAST_ALL", error);
	if (!result && !udp->ipv6)
		result = set_option(udp, IPPROTO_IP, IP_MULTICAST_ALL, 0, "IP_MULTICAST_ALL", error);
	if (result)
		return result;
	/* An IPv6 membership lets the group in from every interface, unlike an IPv4 one. */
	if (setsockopt(udp->fd, SOL_SOCKET, SO_BINDTODEVICE, options->interface, (socklen_t)strlen(options->interface)))
		return xdp4j_fail(error, errno, "setsockopt SO_BINDTODEVICE to %s: %s", options->interface,
				  strerror(errno));
	/* Without CAP_NET_ADMIN net.core.rmem_max is the limit. */
	if (!setsockopt(udp->fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer)))
		return 0;
	return set_option(udp, SOL_SOCKET, SO_RCVBUF, buffer, "SO_RCVBUF", error);
}

static int bind_to_group(const struct xdp4j_udp *udp, const struct group *group, struct xdp4j_error *error)
{
	if (!bind(udp->fd, (const struct sockaddr *)&group->address, group->address_bytes))
		return 0;
	if (errno == EADDRINUSE)
		return xdp4j_fail(error, EADDRINUSE,
				  "bind to %s port %u: taken by a socket without SO_REUSEADDR: `ss -ulnp` lists them",
				  group->text, ntohs(udp->key.port));
	return xdp4j_fail(error, errno, "bind to %s port %u: %s", group->text, ntohs(udp->key.port),
			  strerror(errno));
}

/* Until its bind a raw socket takes every UDP packet of the host; after it, and before the join, nothing comes. */
static void discard_strangers(const struct xdp4j_udp *udp)
{
	while (recv(udp->fd, NULL, 0, MSG_DONTWAIT) >= 0 || errno == EINTR)
		;
}

static int allocate_messages(struct xdp4j_udp *udp, struct xdp4j_error *error)
{
	udp->messages = calloc(udp->batch_size, sizeof(*udp->messages));
	udp->slots = calloc(udp->batch_size, sizeof(*udp->slots));
	if (!udp->messages || !udp->slots)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	for (uint32_t i = 0; i < udp->batch_size; i++) {
		struct msghdr *header = &udp->messages[i].msg_hdr;
		struct udp_slot *slot = &udp->slots[i];

		slot->packet.iov_base = udp->area + (size_t)i * udp->slot_bytes + UDP_HEADROOM;
		slot->packet.iov_len = udp->slot_bytes - UDP_HEADROOM;
		header->msg_iov = &slot->packet;
		header->msg_iovlen = 1;
		header->msg_control = slot->control;
		header->msg_controllen = sizeof(slot->control);
		if (udp->kind == XDP4J_UDP_RAW && udp->ipv6) {
			header->msg_name = &slot->sender;
			header->msg_namelen = sizeof(slot->sender);
		}
	}
	return 0;
}

int xdp4j_udp_open(struct xdp4j_udp **out, const struct xdp4j_udp_options *options, struct xdp4j_error *error)
{
	struct xdp4j_udp *udp;
	struct group group;
	int result;

	result = check_options(options, error);
	if (!result)
		result = xdp4j_resolve_group(&group, options->interface, &options->key, error);
	if (result)
		return result;
	udp = calloc(1, sizeof(*udp));
	if (!udp)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	udp->fd = -1;
	udp->kind = options->kind;
	udp->key = options->key;
	udp->ipv6 = group.ipv6;
	udp->any_source = group.any_source;
	udp->flow = options->flow;
	udp->area = options->area;
	udp->slot_bytes = options->slot_bytes;
	udp->batch = options->batch;
	udp->batch_size = options->batch_size;
	result = allocate_messages(udp, error);
	if (!result)
		result = make_socket(udp, &group, error);
	if (!result)
		result = set_options(udp, options, error);
	if (!result)
		result = bind_to_group(udp, &group, error);
	if (!result) {
		discard_strangers(udp);
		result = xdp4j_join_group(udp->fd, &group, error);
	}
	if (result) {
		xdp4j_udp_close(udp);
		return result;
	}
	*out = udp;
	return 0;
}
