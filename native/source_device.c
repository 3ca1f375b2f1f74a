/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the kernel about an interface: rtnetlink(7), and the generic netlink family "netdev" for XDP features. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "source.h"

/* linux/netdev.h, which came with Linux 6.3. */
#define NETDEV_FAMILY "netdev"
#define NETDEV_COMMAND_DEV_GET 1
#define NETDEV_ATTRIBUTE_IFINDEX 1
#define NETDEV_ATTRIBUTE_XDP_FEATURES 3
#define NETDEV_XDP_TRANSMITS 4

union reply {
	struct nlmsghdr header;
	char bytes[16384];
};

/*
 * Sends one request and receives its one reply: 0 or -errno. A socket for each question, so that any thread may ask.
 */
static int ask(int protocol, const struct nlmsghdr *request, union reply *reply)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	ssize_t bytes;
	int result = 0;

	if (fd < 0)
		return -errno;
	if (send(fd, request, request->nlmsg_len, 0) < 0) {
		result = -errno;
		goto close;
	}
	do
		bytes = recv(fd, reply, sizeof(*reply), 0);
	while (bytes < 0 && errno == EINTR);
	if (bytes < 0)
		result = -errno;
	else if (!NLMSG_OK(&reply->header, (size_t)bytes))
		result = -EPROTO;
	else if (reply->header.nlmsg_type == NLMSG_ERROR)
		result = ((struct nlmsgerr *)NLMSG_DATA(&reply->header))->error;
close:
	close(fd);
	return result;
}

/* The value of an attribute behind `family_bytes` of family header, at least `bytes` long; or NULL. */
static const void *find_attribute(const union reply *reply, size_t family_bytes, uint16_t type, size_t bytes)
{
	const char *at = reply->bytes + NLMSG_HDRLEN + NLMSG_ALIGN(family_bytes);
	const char *end = reply->bytes + reply->header.nlmsg_len;

	while (end - at >= (ptrdiff_t)sizeof(struct nlattr)) {
		const struct nlattr *attribute = (const void *)at;

		if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > end - at)
			return NULL;
		if ((attribute->nla_type & NLA_TYPE_MASK) == type)
			return attribute->nla_len >= NLA_HDRLEN + bytes ? at + NLA_HDRLEN : NULL;
		at += NLA_ALIGN(attribute->nla_len);
	}
	return NULL;
}

int source_device_read(struct source_device *device, const char *name)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
	} request = {
		.header = { .nlmsg_len = sizeof(request), .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST },
		.link = { .ifi_index = if_nametoindex(name) },
	};
	const struct ifinfomsg *link;
	const void *address, *carrier, *mtu, *statistics;
	union reply reply;
	int result;

	if (!request.link.ifi_index)
		return -ENODEV;
	result = ask(NETLINK_ROUTE, &request.header, &reply);
	if (result)
		return result;
	link = NLMSG_DATA(&reply.header);
	mtu = find_attribute(&reply, sizeof(*link), IFLA_MTU, sizeof(device->mtu));
	carrier = find_attribute(&reply, sizeof(*link), IFLA_CARRIER, sizeof(device->carrier));
	address = find_attribute(&reply, sizeof(*link), IFLA_ADDRESS, sizeof(device->address));
	statistics = find_attribute(&reply, sizeof(*link), IFLA_STATS64, sizeof(struct rtnl_link_stats64));
	if (!mtu || !carrier || !statistics)
		return -EPROTO;
	*device = (struct source_device){
		.name = name,
		.ifindex = link->ifi_index,
		.up = link->ifi_flags & IFF_UP,
		.carrier = *(const uint8_t *)carrier,
		.ethernet = link->ifi_type == ARPHRD_ETHER && address,
	};
	memcpy(&device->mtu, mtu, sizeof(device->mtu));
	if (device->ethernet)
		memcpy(device->address, address, sizeof(device->address));
	memcpy(&device->tx_dropped, (const char *)statistics + offsetof(struct rtnl_link_stats64, tx_dropped),
	       sizeof(device->tx_dropped));
	return 0;
}

/* One generic netlink question about one attribute. */
static int ask_generic(uint16_t family, uint8_t command, uint16_t type, const void *value, uint16_t bytes,
		       union reply *reply)
{
	struct {
		struct nlmsghdr header;
		struct genlmsghdr generic;
		struct nlattr attribute;
		char value[GENL_NAMSIZ];
	} request = {
		.header = {
			.nlmsg_len = sizeof(request) - sizeof(request.value) + NLA_ALIGN(bytes),
			.nlmsg_type = family,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.generic = { .cmd = command, .version = 1 },
		.attribute = { .nla_len = NLA_HDRLEN + bytes, .nla_type = type },
	};

	memcpy(request.value, value, bytes);
	return ask(NETLINK_GENERIC, &request.header, reply);
}

int source_device_transmits_xdp(uint32_t ifindex)
{
	union reply reply;
	const void *found;
	uint64_t features;
	uint16_t family;
	int result;

	result = ask_generic(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_ATTR_FAMILY_NAME, NETDEV_FAMILY,
			     sizeof(NETDEV_FAMILY), &reply);
	if (result == -ENOENT)
		return 1;
	if (result)
		return result;
	found = find_attribute(&reply, sizeof(struct genlmsghdr), CTRL_ATTR_FAMILY_ID, sizeof(family));
	if (!found)
		return -EPROTO;
	memcpy(&family, found, sizeof(family));

	result = ask_generic(family, NETDEV_COMMAND_DEV_GET, NETDEV_ATTRIBUTE_IFINDEX, &ifindex, sizeof(ifindex),
			     &reply);
	if (result)
		return result;
	found = find_attribute(&reply, sizeof(struct genlmsghdr), NETDEV_ATTRIBUTE_XDP_FEATURES, sizeof(features));
	if (!found)
		return -EPROTO;
	memcpy(&features, found, sizeof(features));
	return !!(features & NETDEV_XDP_TRANSMITS);
}
