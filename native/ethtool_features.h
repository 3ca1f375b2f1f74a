/* SPDX-License-Identifier: Apache-2.0 */
/* What of an interface can be switched on and off (`ethtool -k`). Inside the shim only. */
#ifndef XDP4J_ETHTOOL_FEATURES_H
#define XDP4J_ETHTOOL_FEATURES_H

#include "ethtool.h"
#include "xdp4j.h"

/* Every one that this kernel knows, in its order, into memory that the caller frees. How many, or -errno. */
int64_t ethtool_read_features(xdp4j_ethtool ask, const char *interface, struct xdp4j_feature **features);

#endif
