/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel and an interface offer. */
#include <errno.h>
#include <linux/ethtool.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "error.h"
#include "ethtool.h"

#ifndef AF_XDP
#define AF_XDP 44
#endif

int xdp4j_kernel_support(struct xdp4j_error *error)
{
	int fd = socket(AF_XDP, SOCK_RAW, 0);

	if (fd >= 0) {
		close(fd);
		return 0;
	}
	/* The family is looked up before the privilege: EPERM means that it is there. */
	if (errno == EAFNOSUPPORT)
		return xdp4j_fail(error, EAFNOSUPPORT,
				  "this kernel was built without AF_XDP: use one with CONFIG_XDP_SOCKETS=y");
	return 0;
}

/* One ioctl of netdevice(7): 0 or -errno. */
static int ask(int fd, const char *interface, unsigned long what, struct ifreq *request)
{
	strncpy(request->ifr_name, interface, IFNAMSIZ - 1);
	return ioctl(fd, what, request) ? -errno : 0;
}

static int ask_all(int fd, struct xdp4j_netdev *netdev, const char *interface)
{
	struct ethtool_channels channels = { .cmd = ETHTOOL_GCHANNELS };
	struct ifreq request = { 0 };
	int result;

	result = ask(fd, interface, SIOCGIFMTU, &request);
	if (result)
		return result;
	netdev->mtu = request.ifr_mtu;
	result = ask(fd, interface, SIOCGIFFLAGS, &request);
	if (result)
		return result;
	netdev->up = !!(request.ifr_flags & IFF_UP);
	netdev->loopback = !!(request.ifr_flags & IFF_LOOPBACK);
	result = ethtool_ask(fd, interface, &channels);
	if (result && result != -EOPNOTSUPP)
		return result;
	netdev->rx_queues = channels.combined_count + channels.rx_count ?: 1;
	return 0;
}

/* -1 when there is none, or when the sysfs that is mounted has other interfaces: those of another network namespace. */
static int read_numa_node(const char *interface, uint32_t index)
{
	const char *const names[] = { "ifindex", "device/numa_node" };
	int values[] = { -1, -1 };

	for (int i = 0; i < 2; i++) {
		char path[64];
		FILE *file;

		snprintf(path, sizeof(path), "/sys/class/net/%s/%s", interface, names[i]);
		file = fopen(path, "re");
		if (!file)
			return -1;
		if (fscanf(file, "%d", &values[i]) != 1)
			values[i] = -1;
		fclose(file);
	}
	return (uint32_t)values[0] == index ? values[1] : -1;
}

int xdp4j_netdev_find(struct xdp4j_netdev *netdev, const char *interface, struct xdp4j_error *error)
{
	int fd, result;

	netdev->index = if_nametoindex(interface);
	if (!netdev->index)
		return xdp4j_fail(error, ENODEV, "there is no interface '%s': `ip link` lists them", interface);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return xdp4j_fail(error, errno, "socket: %s", strerror(errno));
	result = ask_all(fd, netdev, interface);
	close(fd);
	if (result)
		return xdp4j_fail(error, -result, "asking about interface %s: %s", interface, strerror(-result));
	netdev->numa_node = read_numa_node(interface, netdev->index);
	return 0;
}
