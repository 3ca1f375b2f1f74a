/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the shim only. */
#ifndef XDP4J_ETHTOOL_H
#define XDP4J_ETHTOOL_H

#include <errno.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/sockios.h>

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

#endif
