/* SPDX-License-Identifier: Apache-2.0 */
/* Flows put on queues by the network card. What is decided, and why: ntuple_table.c. */
#include "ntuple_table.h"

int xdp4j_ntuple_supported(const char *interface, struct xdp4j_error *error)
{
	return xdp4j_ntuple_table_supported(ethtool_ask_kernel, interface, error);
}

int xdp4j_ntuple_add(const char *interface, const struct flow_key *key, uint32_t queue, struct xdp4j_error *error)
{
	return xdp4j_ntuple_table_add(ethtool_ask_kernel, interface, key, queue, error);
}

int xdp4j_ntuple_remove(const char *interface, uint32_t location, const struct flow_key *key, uint32_t queue)
{
	return xdp4j_ntuple_table_remove(ethtool_ask_kernel, interface, location, key, queue);
}
