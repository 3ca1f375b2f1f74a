/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the shim only. */
#ifndef XDP4J_ETHTOOL_H
#define XDP4J_ETHTOOL_H

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/sockios.h>

/* One command of linux/ethtool.h, on an interface: 0 or -errno. A function, so that a test can stand for a driver. */
typedef int (*xdp4j_ethtool)(const char *interface, void *command);

/*
 * Asks the interface's driver one command of linux/ethtool.h: 0 or -errno.
 *
 * `fd` is any socket of the interface's network namespace.
 */
static inline int ethtool_ask(int fd, const char *interface, void *command)
{
	struct ifreq request = { .ifr_data = command };

	strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
	return ioctl(fd, SIOCETHTOOL, &request) ? -errno : 0;
}

/* The same in the calling thread's network namespace, by a socket of its own: an xdp4j_ethtool. */
static inline int ethtool_ask_kernel(const char *interface, void *command)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result;

	if (fd < 0)
		return -errno;
	result = ethtool_ask(fd, interface, command);
	close(fd);
	return result;
}

#endif
