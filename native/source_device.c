/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the kernel about an interface: rtnetlink(7), and the generic netlink family "netdev" for XDP features. */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <stddef.h>
#include <string.h>

#include "netlink.h"
#include "source.h"

/* linux/netdev.h, which came with Linux 6.3. */
#define NETDEV_FAMILY "netdev"
#define NETDEV_COMMAND_DEV_GET 1
#define NETDEV_ATTRIBUTE_IFINDEX 1
#define NETDEV_ATTRIBUTE_XDP_FEATURES 3
#define NETDEV_XDP_TRANSMITS 4

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
	union netlink_reply reply;
	int result;

	if (!request.link.ifi_index)
		return -ENODEV;
	result = netlink_ask(NETLINK_ROUTE, &request.header, &reply);
	if (result)
		return result;
	link = NLMSG_DATA(&reply.header);
	mtu = netlink_attribute(&reply, sizeof(*link), IFLA_MTU, sizeof(device->mtu));
	carrier = netlink_attribute(&reply, sizeof(*link), IFLA_CARRIER, sizeof(device->carrier));
	address = netlink_attribute(&reply, sizeof(*link), IFLA_ADDRESS, sizeof(device->address));
	statistics = netlink_attribute(&reply, sizeof(*link), IFLA_STATS64, sizeof(struct rtnl_link_stats64));
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
		       union netlink_reply *reply)
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
	return netlink_ask(NETLINK_GENERIC, &request.header, reply);
}

int source_device_transmits_xdp(uint32_t ifindex)
{
	union netlink_reply reply;
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
	found = netlink_attribute(&reply, sizeof(struct genlmsghdr), CTRL_ATTR_FAMILY_ID, sizeof(family));
	if (!found)
		return -EPROTO;
	memcpy(&family, found, sizeof(family));

	result = ask_generic(family, NETDEV_COMMAND_DEV_GET, NETDEV_ATTRIBUTE_IFINDEX, &ifindex, sizeof(ifindex),
			     &reply);
	if (result)
		return result;
	found = netlink_attribute(&reply, sizeof(struct genlmsghdr), NETDEV_ATTRIBUTE_XDP_FEATURES, sizeof(features));
	if (!found)
		return -EPROTO;
	memcpy(&features, found, sizeof(features));
	return !!(features & NETDEV_XDP_TRANSMITS);
}
