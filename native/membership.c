/* SPDX-License-Identifier: Apache-2.0 */
#include "membership.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#include "error.h"
#include "flow_key.h"

/* The interface index is a scope only to link-local groups, and ignored elsewhere (RFC 4007). */
static void to_sockaddr(struct sockaddr_storage *out, const __u8 address[16], __be16 port, const struct group *group)
{
	if (group->ipv6) {
		struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)out;

		ipv6->sin6_family = AF_INET6;
		ipv6->sin6_port = port;
		ipv6->sin6_scope_id = group->interface_index;
		memcpy(&ipv6->sin6_addr, address, 16);
	} else {
		struct sockaddr_in *ipv4 = (struct sockaddr_in *)out;

		ipv4->sin_family = AF_INET;
		ipv4->sin_port = port;
		memcpy(&ipv4->sin_addr, address + FLOW_KEY_IPV4_AT, sizeof(ipv4->sin_addr));
	}
}

int xdp4j_resolve_group(struct group *group, const char *interface, const struct flow_key *key,
			struct xdp4j_error *error)
{
	memset(group, 0, sizeof(*group));
	group->interface = interface;
	group->interface_index = if_nametoindex(interface);
	if (!group->interface_index)
		return xdp4j_fail(error, ENODEV, "there is no interface '%s': `ip link` lists them", interface);
	group->ipv6 = flow_key_is_ipv6(key);
	group->any_source = !flow_key_names_source(key);
	group->address_bytes = group->ipv6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	to_sockaddr(&group->address, key->destination, key->port, group);
	to_sockaddr(&group->source, key->source, 0, group);
	inet_ntop(group->address.ss_family, group->ipv6 ? key->destination : key->destination + FLOW_KEY_IPV4_AT,
		  group->text, sizeof(group->text));
	return 0;
}

int xdp4j_join_group(int fd, const struct group *group, struct xdp4j_error *error)
{
	int level = group->ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
	int result;

	if (group->any_source) {
		struct group_req request = { .gr_interface = group->interface_index, .gr_group = group->address };

		result = setsockopt(fd, level, MCAST_JOIN_GROUP, &request, sizeof(request));
	} else {
		struct group_source_req request = {
			.gsr_interface = group->interface_index,
			.gsr_group = group->address,
			.gsr_source = group->source,
		};

		result = setsockopt(fd, level, MCAST_JOIN_SOURCE_GROUP, &request, sizeof(request));
	}
	if (!result)
		return 0;
	if (errno == ENOBUFS)
		return xdp4j_fail(error, ENOBUFS, "join of %s on %s: too many memberships: raise sysctl %s",
				  group->text, group->interface,
				  group->ipv6 ? "net.ipv6.mld_max_msf" :
						"net.ipv4.igmp_max_memberships or net.ipv4.igmp_max_msf");
	return xdp4j_fail(error, errno, "join of %s on %s: %s", group->text, group->interface, strerror(errno));
}

int xdp4j_membership_open(const char *interface, const struct flow_key *key, struct xdp4j_error *error)
{
	struct group group;
	int result, fd;

	result = xdp4j_resolve_group(&group, interface, key, error);
	if (result)
		return result;
	/* Not bound to the port: no packet is queued at it. */
	fd = socket(group.ipv6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return xdp4j_fail(error, errno, "socket for %s: %s", group.text, strerror(errno));
	result = xdp4j_join_group(fd, &group, error);
	if (result) {
		close(fd);
		return result;
	}
	return fd;
}

void xdp4j_membership_close(int fd)
{
	close(fd);
}
