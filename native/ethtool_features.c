/* SPDX-License-Identifier: Apache-2.0 */
#include "ethtool_features.h"

#include <linux/ethtool.h>
#include <stdlib.h>

#define BITS 32 /* of a block */

/* The kernel knows features by their place in a list of names. */
static int read_names(xdp4j_ethtool ask, const char *interface, uint32_t count, struct ethtool_gstrings **names)
{
	*names = calloc(1, sizeof(**names) + (size_t)count * ETH_GSTRING_LEN);
	if (!*names)
		return -ENOMEM;
	(*names)->cmd = ETHTOOL_GSTRINGS;
	(*names)->string_set = ETH_SS_FEATURES;
	(*names)->len = count;
	return ask(interface, *names);
}

static int read_bits(xdp4j_ethtool ask, const char *interface, uint32_t count, struct ethtool_gfeatures **bits)
{
	uint32_t blocks = (count + BITS - 1) / BITS;

	*bits = calloc(1, sizeof(**bits) + blocks * sizeof((*bits)->features[0]));
	if (!*bits)
		return -ENOMEM;
	(*bits)->cmd = ETHTOOL_GFEATURES;
	(*bits)->size = blocks;
	return ask(interface, *bits);
}

/* Places without a name are not in use. How many have one, or -errno. */
static int64_t fill(const struct ethtool_gstrings *names, const struct ethtool_gfeatures *bits, uint32_t count,
		    struct xdp4j_feature **features)
{
	struct xdp4j_feature *all = calloc(count ?: 1, sizeof(*all));
	uint32_t named = 0;

	if (!all)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++) {
		const struct ethtool_get_features_block *block = &bits->features[i / BITS];
		const uint8_t *name = names->data + (size_t)i * ETH_GSTRING_LEN;
		uint32_t bit = 1u << i % BITS;

		if (!*name)
			continue;
		memcpy(all[named].name, name, ETH_GSTRING_LEN);
		all[named].on = !!(block->active & bit);
		all[named].fixed = !(block->available & ~block->never_changed & bit);
		named++;
	}
	*features = all;
	return named;
}

int64_t ethtool_read_features(xdp4j_ethtool ask, const char *interface, struct xdp4j_feature **features)
{
	struct {
		struct ethtool_sset_info info;
		uint32_t count;
	} set = { .info = { .cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ull << ETH_SS_FEATURES } };
	struct ethtool_gstrings *names = NULL;
	struct ethtool_gfeatures *bits = NULL;
	int64_t result;
	uint32_t count;

	result = ask(interface, &set);
	if (result)
		return result;
	count = set.info.sset_mask ? set.count : 0;
	result = read_names(ask, interface, count, &names);
	if (!result)
		result = read_bits(ask, interface, count, &bits);
	if (!result)
		result = fill(names, bits, count, features);
	free(names);
	free(bits);
	return result;
}
