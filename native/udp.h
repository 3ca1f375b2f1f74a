/* SPDX-License-Identifier: Apache-2.0 */
/* A socket of the baselines, as udp_open.c makes it and udp.c uses it. Include it behind _GNU_SOURCE. */
#ifndef XDP4J_UDP_H
#define XDP4J_UDP_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>

#include "udp_watch.h"
#include "xdp4j.h"

#define UDP_HEADROOM 64

struct udp_slot {
	struct iovec packet;
	struct sockaddr_in6 sender; /* raw IPv6 only: the header that names it is not delivered */
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(struct timespec)) + CMSG_SPACE(sizeof(uint32_t))];
};

struct xdp4j_udp {
	int fd;
	enum xdp4j_udp_kind kind;
	struct flow_key key;
	bool ipv6;
	bool any_source;
	uint32_t flow;
	char *area;
	uint32_t slot_bytes;
	struct xdp_desc *batch;
	uint32_t batch_size;
	struct mmsghdr *messages; /* one a slot, always ready for the next call */
	struct udp_slot *slots;
	int64_t realtime_offset_ns; /* CLOCK_REALTIME - CLOCK_MONOTONIC */
	/* Written by the receiving thread alone, read by any. */
	uint64_t drops; /* as of the last control message */
	uint64_t truncated;
	uint64_t others;
	uint64_t invalid;
	uint64_t missing;        /* changes of an int64_t */
	struct udp_watch watch; /* for the receiving thread alone */
};

#endif
