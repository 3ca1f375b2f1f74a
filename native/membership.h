/* SPDX-License-Identifier: Apache-2.0 */
/* A flow's group on an interface, as sockets want it. Inside the shim only. */
#ifndef XDP4J_MEMBERSHIP_H
#define XDP4J_MEMBERSHIP_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "xdp4j.h"

struct group {
	const char *interface;
	uint32_t interface_index;
	bool ipv6;
	bool any_source;
	struct sockaddr_storage address; /* the group and the flow's port */
	struct sockaddr_storage source;
	socklen_t address_bytes;
	char text[INET6_ADDRSTRLEN];
};

int xdp4j_resolve_group(struct group *group, const char *interface, const struct flow_key *key,
			struct xdp4j_error *error);

/* Makes the socket a member, source-specifically when the flow has a source (RFC 3678). */
int xdp4j_join_group(int fd, const struct group *group, struct xdp4j_error *error);

#endif
