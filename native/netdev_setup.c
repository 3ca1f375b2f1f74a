/* SPDX-License-Identifier: Apache-2.0 */
/* How an interface is set up, and what its driver can do. */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/ethtool_netlink.h>
#include <linux/genetlink.h>
#include <linux/net_tstamp.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "dispatcher.h"
#include "error.h"
#include "ethtool_features.h"
#include "netlink.h"

/* linux/netdev.h, which Linux has since 6.3. */
#define NETDEV_FAMILY "netdev"
enum { NETDEV_DEV_GET = 1 };
enum { NETDEV_IFINDEX = 1, NETDEV_XDP_FEATURES = 3, NETDEV_XDP_ZC_MAX_SEGS = 4 };

struct ifindex_attribute {
	struct nlattr header;
	uint32_t ifindex;
};

static struct ifindex_attribute ifindex_attribute(uint16_t type, uint32_t ifindex)
{
	return (struct ifindex_attribute){
		.header = { .nla_len = sizeof(struct ifindex_attribute), .nla_type = type },
		.ifindex = ifindex,
	};
}

/* What a kernel does not tell is left as it is. */
static int read_xdp_features(struct xdp4j_netdev_setup *setup, uint32_t ifindex)
{
	const struct ifindex_attribute device = ifindex_attribute(NETDEV_IFINDEX, ifindex);
	const uint32_t *segments;
	union netlink_reply reply;
	const void *features;
	int result;

	result = netlink_ask_family(NETDEV_FAMILY, NETDEV_DEV_GET, &device, sizeof(device), &reply);
	if (result)
		return result == -ENOENT || result == -EOPNOTSUPP ? 0 : result;
	features = netlink_attribute(&reply, GENL_HDRLEN, NETDEV_XDP_FEATURES, sizeof(setup->xdp_features));
	if (!features)
		return -EPROTO;
	memcpy(&setup->xdp_features, features, sizeof(setup->xdp_features)); /* aligned to 4 bytes only */
	setup->xdp_features_told = 1;
	segments = netlink_attribute(&reply, GENL_HDRLEN, NETDEV_XDP_ZC_MAX_SEGS, sizeof(*segments));
	setup->zero_copy_segments = segments ? *segments : 0;
	return 0;
}

static int read_programs(struct xdp4j_netdev_setup *setup, uint32_t ifindex)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	int result = bpf_xdp_query((int)ifindex, 0, &query);

	if (result)
		return result;
	setup->native_program = query.drv_prog_id;
	setup->generic_program = query.skb_prog_id;
	xdp4j_program_name(query.drv_prog_id ?: query.skb_prog_id, setup->program_name);
	return 0;
}

static void read_channels(struct xdp4j_netdev_setup *setup, const char *interface)
{
	struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };

	if (ethtool_ask_kernel(interface, &channels))
		return;
	setup->combined = channels.max_combined > 0;
	setup->rx_queues_max = setup->combined ? channels.max_combined : channels.max_rx;
}

static void read_timestamps(struct xdp4j_netdev_setup *setup, const char *interface)
{
	const uint32_t hardware = SOF_TIMESTAMPING_RX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE;
	struct ethtool_ts_info info = { .cmd = ETHTOOL_GET_TS_INFO };

	if (ethtool_ask_kernel(interface, &info))
		return;
	setup->stamps = (info.so_timestamping & hardware) != hardware       ? XDP4J_STAMPS_NONE :
			info.rx_filters & 1u << HWTSTAMP_FILTER_ALL ? XDP4J_STAMPS_ALL :
								      XDP4J_STAMPS_SOME;
}

static void read_header_split(struct xdp4j_netdev_setup *setup, uint32_t ifindex)
{
	const struct ifindex_attribute device = ifindex_attribute(ETHTOOL_A_HEADER_DEV_INDEX, ifindex);
	const struct {
		struct nlattr header;
		struct ifindex_attribute device;
	} request = {
		.header = { .nla_len = sizeof(request), .nla_type = ETHTOOL_A_RINGS_HEADER | NLA_F_NESTED },
		.device = device,
	};
	union netlink_reply reply;
	const uint8_t *split;

	if (netlink_ask_family(ETHTOOL_GENL_NAME, ETHTOOL_MSG_RINGS_GET, &request, sizeof(request), &reply))
		return;
	split = netlink_attribute(&reply, GENL_HDRLEN, ETHTOOL_A_RINGS_TCP_DATA_SPLIT, sizeof(*split));
	setup->header_split = split && *split == ETHTOOL_TCP_DATA_SPLIT_ENABLED;
}

/* What a driver refuses to tell, for whatever reason, is left at 0. */
static void ask_driver(struct xdp4j_netdev_setup *setup, const char *interface, uint32_t ifindex)
{
	read_channels(setup, interface);
	read_timestamps(setup, interface);
	read_header_split(setup, ifindex);
}

static int read_features(struct xdp4j_netdev_setup *setup, const char *interface)
{
	int64_t count = ethtool_read_features(ethtool_ask_kernel, interface, &setup->features);

	if (count < 0)
		return (int)count;
	setup->feature_count = (uint32_t)count;
	return 0;
}

int xdp4j_netdev_setup_read(struct xdp4j_netdev_setup *out, const char *interface, struct xdp4j_error *error)
{
	struct xdp4j_netdev_setup setup = { 0 };
	uint32_t ifindex = if_nametoindex(interface);
	int result;

	if (!ifindex)
		return xdp4j_fail(error, ENODEV, "there is no interface '%s': `ip link` lists them", interface);
	result = read_xdp_features(&setup, ifindex);
	if (result)
		return xdp4j_fail(error, -result, "asking for the XDP features of %s: %s", interface,
				  strerror(-result));
	result = read_programs(&setup, ifindex);
	if (result)
		return xdp4j_fail(error, -result, "asking for the XDP program of %s: %s", interface, strerror(-result));
	result = read_features(&setup, interface);
	if (result)
		return xdp4j_fail(error, -result, "reading `ethtool -k %s`: %s", interface, strerror(-result));
	ask_driver(&setup, interface, ifindex);
	*out = setup;
	return 0;
}

void xdp4j_netdev_setup_free(struct xdp4j_netdev_setup *setup)
{
	free(setup->features);
	*setup = (struct xdp4j_netdev_setup){ 0 };
}
