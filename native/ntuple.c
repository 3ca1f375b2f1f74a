/* SPDX-License-Identifier: Apache-2.0 */
/* Flows put on queues by the network card. What is decided, and why: ntuple_table.c. */
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ethtool.h"
#include "ntuple_table.h"

static int ask_kernel(const char *interface, void *command)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result;

	if (fd < 0)
		return -errno;
	result = ethtool_ask(fd, interface, command);
	close(fd);
	return result;
}

int xdp4j_ntuple_supported(const char *interface, struct xdp4j_error *error)
{
	return xdp4j_ntuple_table_supported(ask_kernel, interface, error);
}

int xdp4j_ntuple_add(const char *interface, const struct flow_key *key, uint32_t queue, struct xdp4j_error *error)
{
	return xdp4j_ntuple_table_add(ask_kernel, interface, key, queue, error);
}

int xdp4j_ntuple_remove(const char *interface, uint32_t location, const struct flow_key *key, uint32_t queue)
{
	return xdp4j_ntuple_table_remove(ask_kernel, interface, location, key, queue);
}
