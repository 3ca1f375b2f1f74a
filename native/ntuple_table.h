/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of a network card: what may be added and what may be removed. It asks the driver through a function, so
 * that a test can stand for a driver. Inside the shim only.
 */
#ifndef XDP4J_NTUPLE_TABLE_H
#define XDP4J_NTUPLE_TABLE_H

#include "ethtool.h"
#include "xdp4j.h"

/* As the functions of xdp4j.h. */
int xdp4j_ntuple_table_supported(xdp4j_ethtool ask, const char *interface, struct xdp4j_error *error);
int xdp4j_ntuple_table_add(xdp4j_ethtool ask, const char *interface, const struct flow_key *key, uint32_t queue,
			   struct xdp4j_error *error);
int xdp4j_ntuple_table_remove(xdp4j_ethtool ask, const char *interface, uint32_t location, const struct flow_key *key,
			      uint32_t queue);

#endif
