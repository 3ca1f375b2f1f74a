/* SPDX-License-Identifier: Apache-2.0 */
/* What an interface and its driver count. */
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "error.h"
#include "ethtool.h"
#include "netlink.h"

#define ATTEMPTS 8

/*
 * Memory whose last byte is the last in front of a page that cannot be touched. The kernel writes as many names and
 * values as the driver has at that moment, whatever was asked for: when there are more than a moment ago it then says
 * EFAULT, instead of writing over what is behind.
 */
struct guarded {
	char *pages;
	size_t mapped;
	void *start; /* of the usable bytes: aligned as their number is */
};

static int guarded_open(struct guarded *memory, size_t bytes)
{
	size_t page = sysconf(_SC_PAGESIZE);
	size_t usable = (bytes + page - 1) / page * page;

	memory->mapped = usable + page;
	memory->pages = mmap(NULL, memory->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory->pages == MAP_FAILED)
		return -errno;
	if (mprotect(memory->pages + usable, page, PROT_NONE)) {
		int result = -errno;

		munmap(memory->pages, memory->mapped);
		return result;
	}
	memory->start = memory->pages + usable - bytes;
	return 0;
}

static void guarded_close(const struct guarded *memory)
{
	munmap(memory->pages, memory->mapped);
}

/* How many counters the driver has: 0 when none, or -errno. */
static int64_t count_counters(int fd, const char *interface)
{
	struct {
		struct ethtool_sset_info header;
		uint32_t count;
	} info = { .header = { .cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ull << ETH_SS_STATS } };
	int result = ethtool_ask(fd, interface, &info);

	if (result)
		return result == -EOPNOTSUPP ? 0 : result;
	return info.header.sset_mask ? info.count : 0;
}

/* The driver pads a name with zeros, or fills the field. */
static void copy_name(char to[XDP4J_COUNTER_NAME_CHARS], const char from[ETH_GSTRING_LEN])
{
	memset(to, 0, XDP4J_COUNTER_NAME_CHARS);
	for (int i = 0; i < ETH_GSTRING_LEN && from[i]; i++)
		to[i] = from[i] > 0 && from[i] < 127 ? from[i] : '?';
}

/* -EAGAIN when the number of counters has changed in the meantime. */
static int read_counters(int fd, const char *interface, uint32_t count, struct xdp4j_counter *counters)
{
	struct ethtool_gstrings *names;
	struct ethtool_stats *values;
	struct guarded name_memory, value_memory;
	int result;

	result = guarded_open(&name_memory, sizeof(*names) + (size_t)count * ETH_GSTRING_LEN);
	if (result)
		return result;
	result = guarded_open(&value_memory, sizeof(*values) + (size_t)count * sizeof(values->data[0]));
	if (result)
		goto close_names;
	names = name_memory.start;
	*names = (struct ethtool_gstrings){ .cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_STATS, .len = count };
	values = value_memory.start;
	*values = (struct ethtool_stats){ .cmd = ETHTOOL_GSTATS, .n_stats = count };
	result = ethtool_ask(fd, interface, names);
	if (!result)
		result = ethtool_ask(fd, interface, values);
	if (result == -EFAULT || (!result && (names->len != count || values->n_stats != count)))
		result = -EAGAIN;
	for (uint32_t i = 0; !result && i < count; i++) {
		copy_name(counters[i].name, (const char *)names->data + (size_t)i * ETH_GSTRING_LEN);
		counters[i].value = values->data[i];
	}
	guarded_close(&value_memory);
close_names:
	guarded_close(&name_memory);
	return result;
}

static int read_driver(int fd, const char *interface, struct xdp4j_netdev_counters *counters)
{
	struct ethtool_ringparam ring = { .cmd = ETHTOOL_GRINGPARAM };
	struct ethtool_drvinfo driver = { .cmd = ETHTOOL_GDRVINFO };
	int result = -EAGAIN;

	if (!ethtool_ask(fd, interface, &driver))
		copy_name(counters->driver, driver.driver);
	if (!ethtool_ask(fd, interface, &ring)) {
		counters->rx_ring = ring.rx_pending;
		counters->rx_ring_max = ring.rx_max_pending;
	}
	for (int i = 0; i < ATTEMPTS && result == -EAGAIN; i++) {
		int64_t count = count_counters(fd, interface);

		if (count <= 0)
			return (int)count;
		free(counters->counters);
		counters->count = (uint32_t)count;
		counters->counters = calloc(counters->count, sizeof(*counters->counters));
		if (!counters->counters)
			return -ENOMEM;
		result = read_counters(fd, interface, counters->count, counters->counters);
	}
	return result;
}

/*
 * RTM_GETSTATS gives what `ip -s link` shows and, unlike /sys, of the caller's network namespace. Only what was
 * received.
 */
static int read_link(const char *interface, struct rtnl_link_stats64 *link)
{
	struct {
		struct nlmsghdr header;
		struct if_stats_msg stats;
	} request = {
		.header = { .nlmsg_len = sizeof(request), .nlmsg_type = RTM_GETSTATS, .nlmsg_flags = NLM_F_REQUEST },
		.stats = { .ifindex = if_nametoindex(interface),
			   .filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64) },
	};
	/* An older kernel's struct is shorter at its end. */
	const size_t received = offsetof(struct rtnl_link_stats64, tx_aborted_errors);
	union netlink_reply reply;
	const void *found;
	int result;

	if (!request.stats.ifindex)
		return -ENODEV;
	result = netlink_ask(NETLINK_ROUTE, &request.header, &reply);
	if (result)
		return result;
	found = netlink_attribute(&reply, sizeof(struct if_stats_msg), IFLA_STATS_LINK_64, received);
	if (!found)
		return -EPROTO;
	memcpy(link, found, received);
	return 0;
}

int xdp4j_netdev_counters_read(struct xdp4j_netdev_counters *out, const char *interface, struct xdp4j_error *error)
{
	struct xdp4j_netdev_counters counters = { 0 };
	struct rtnl_link_stats64 link;
	int fd, result;

	result = read_link(interface, &link);
	if (result == -ENODEV)
		return xdp4j_fail(error, ENODEV, "there is no interface '%s': `ip link` lists them", interface);
	if (result)
		return xdp4j_fail(error, -result, "reading the counters of %s (RTM_GETSTATS): %s", interface,
				  strerror(-result));
	counters.rx_packets = link.rx_packets;
	counters.rx_dropped = link.rx_dropped;
	counters.rx_missed = link.rx_missed_errors;
	counters.rx_over = link.rx_over_errors;
	counters.rx_fifo = link.rx_fifo_errors;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return xdp4j_fail(error, errno, "socket: %s", strerror(errno));
	result = read_driver(fd, interface, &counters);
	close(fd);
	if (result) {
		xdp4j_netdev_counters_free(&counters);
		return xdp4j_fail(error, -result, "reading `ethtool -S %s`: %s", interface, strerror(-result));
	}
	*out = counters;
	return 0;
}

void xdp4j_netdev_counters_free(struct xdp4j_netdev_counters *counters)
{
	free(counters->counters);
	*counters = (struct xdp4j_netdev_counters){ 0 };
}
