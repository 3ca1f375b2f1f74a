/* SPDX-License-Identifier: Apache-2.0 */
#include "ntuple_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "ethtool_features.h"
#include "flow_key.h"
#include "ntuple_rule.h"

#define FEATURE "rx-ntuple-filter"

enum feature { FEATURE_FIXED_OFF, FEATURE_OFF, FEATURE_ON };

/* An enum feature or -errno. */
static int find_feature(xdp4j_ethtool ask, const char *interface)
{
	struct xdp4j_feature *features;
	int64_t count = ethtool_read_features(ask, interface, &features);
	int found = FEATURE_FIXED_OFF;

	if (count < 0)
		return (int)count;
	for (int64_t i = 0; i < count; i++)
		if (!strcmp(features[i].name, FEATURE))
			found = features[i].on ? FEATURE_ON : features[i].fixed ? FEATURE_FIXED_OFF : FEATURE_OFF;
	free(features);
	return found;
}

static int fail_to_ask(int result, const char *interface, struct xdp4j_error *error)
{
	if (result == -ENODEV)
		return xdp4j_fail(error, ENODEV, "no interface '%s': `ip link` lists them", interface);
	if (result == -EPERM)
		return xdp4j_fail(error, EPERM, "rules of %s: permission denied; run as root or with CAP_NET_ADMIN",
				  interface);
	return xdp4j_fail(error, -result, "asking the driver of %s for its rules: %s", interface, strerror(-result));
}

/* How large the table is (0: the driver does not tell), and how many rules there are. */
static int read_table(xdp4j_ethtool ask, const char *interface, struct ethtool_rxnfc *table)
{
	*table = (struct ethtool_rxnfc){ .cmd = ETHTOOL_GRXCLSRLCNT };
	return ask(interface, table);
}

/* 1, 0 or -errno; with 1 `feature` and `table` are set. */
static int check_support(xdp4j_ethtool ask, const char *interface, int *feature, struct ethtool_rxnfc *table,
			 struct xdp4j_error *error)
{
	int result;

	error->text[0] = '\0';
	*feature = find_feature(ask, interface);
	result = *feature < 0                  ? *feature :
		 *feature == FEATURE_FIXED_OFF ? -EOPNOTSUPP :
						 read_table(ask, interface, table);
	if (!result)
		return 1;
	if (result != -EOPNOTSUPP)
		return fail_to_ask(result, interface, error);
	xdp4j_fail(error, EOPNOTSUPP,
		   "the driver of %s takes no rules that put flows on queues (`ethtool -k %s`: ntuple-filters)",
		   interface, interface);
	return 0;
}

int xdp4j_ntuple_table_supported(xdp4j_ethtool ask, const char *interface, struct xdp4j_error *error)
{
	struct ethtool_rxnfc table;
	int feature;

	return check_support(ask, interface, &feature, &table, error);
}

static int read_rule(xdp4j_ethtool ask, const char *interface, uint32_t location, struct ethtool_rx_flow_spec *rule)
{
	struct ethtool_rxnfc command = { .cmd = ETHTOOL_GRXCLSRULE, .fs.location = location };
	int result = ask(interface, &command);

	*rule = command.fs;
	return result;
}

static int delete_rule(xdp4j_ethtool ask, const char *interface, uint32_t location)
{
	struct ethtool_rxnfc command = { .cmd = ETHTOOL_SRXCLSRLDEL, .fs.location = location };

	return ask(interface, &command);
}

/* Reads which locations are used into a list that the caller frees. */
static int list_rules(xdp4j_ethtool ask, const char *interface, uint32_t count, struct ethtool_rxnfc **list)
{
	int result;

	*list = calloc(1, sizeof(**list) + (size_t)count * sizeof((*list)->rule_locs[0]));
	if (!*list)
		return -ENOMEM;
	(*list)->cmd = ETHTOOL_GRXCLSRLALL;
	(*list)->rule_cnt = count;
	result = ask(interface, *list);
	if (!result && (*list)->rule_cnt > count)
		result = -EMSGSIZE;
	return result;
}

/* Whether somebody has a rule for the same packets: 0 when nobody has, -EEXIST or -EBUSY. */
static int find_same(xdp4j_ethtool ask, const char *interface, const struct ethtool_rxnfc *list,
		     const struct ethtool_rx_flow_spec *wanted, struct xdp4j_error *error)
{
	for (uint32_t i = 0; i < list->rule_cnt; i++) {
		uint32_t location = list->rule_locs[i];
		struct ethtool_rx_flow_spec rule;

		if (read_rule(ask, interface, location, &rule) || !xdp4j_ntuple_same_packets(&rule, wanted))
			continue; /* gone meanwhile, or another one */
		if (rule.ring_cookie == wanted->ring_cookie)
			return xdp4j_fail(error, EEXIST, "rule %u of %s puts the flow on queue %llu already", location,
					  interface, wanted->ring_cookie);
		return xdp4j_fail(error, EBUSY,
				  "rule %u of %s puts the flow elsewhere than on queue %llu: `ethtool -n %s rule %u` "
				  "shows it, `ethtool -N %s delete %u` removes it",
				  location, interface, wanted->ring_cookie, interface, location, interface, location);
	}
	return 0;
}

static int check_queue(xdp4j_ethtool ask, const char *interface, uint32_t queue, struct xdp4j_error *error)
{
	struct ethtool_rxnfc rings = { .cmd = ETHTOOL_GRXRINGS };
	int result = ask(interface, &rings);

	if (result)
		return fail_to_ask(result, interface, error);
	if (queue >= rings.data)
		return xdp4j_fail(error, EINVAL, "queue %u: %s has %llu RX queues", queue, interface, rings.data);
	return 0;
}

/* Where the rule is to go: RX_CLS_LOC_ANY where the driver chooses, or a free location. */
static int choose_location(const struct ethtool_rxnfc *table, const struct ethtool_rxnfc *list, bool names_source,
			   uint32_t *location)
{
	uint64_t size = table->data & ~(uint64_t)RX_CLS_LOC_SPECIAL;
	int free_one;

	if (table->data & RX_CLS_LOC_SPECIAL) {
		*location = RX_CLS_LOC_ANY;
		return 0;
	}
	free_one = xdp4j_ntuple_free_location(list->rule_locs, list->rule_cnt, size, names_source);
	*location = free_one;
	return free_one < 0 ? free_one : 0;
}

static int fail_for_room(const char *interface, struct xdp4j_error *error)
{
	return xdp4j_fail(error, ENOSPC, "%s has no room for another rule: `ethtool -n %s` lists them", interface,
			  interface);
}

/* Returns the location. */
static int insert(xdp4j_ethtool ask, const char *interface, const struct ethtool_rx_flow_spec *rule,
		  struct xdp4j_error *error)
{
	struct ethtool_rxnfc command = { .cmd = ETHTOOL_SRXCLSRLINS, .fs = *rule };
	struct ethtool_rx_flow_spec there;
	int result = ask(interface, &command);

	if (result == -EPERM)
		return fail_to_ask(result, interface, error);
	if (result == -ENOSPC)
		return fail_for_room(interface, error);
	if (result)
		return xdp4j_fail(error, -result,
				  "the driver of %s refuses the rule (%s): some cards take rules with the same fields "
				  "only, some none for IPv6",
				  interface, strerror(-result));
	/* Removing compares: a rule that reads differently could not be removed as ours. */
	result = read_rule(ask, interface, command.fs.location, &there);
	if (!result && xdp4j_ntuple_same_packets(&there, rule) && there.ring_cookie == rule->ring_cookie)
		return (int)command.fs.location;
	delete_rule(ask, interface, command.fs.location);
	return xdp4j_fail(error, EPROTO, "the driver of %s made another rule of it; it is removed again", interface);
}

static int add(xdp4j_ethtool ask, const char *interface, const struct flow_key *key, uint32_t queue,
	       const struct ethtool_rxnfc *table, const struct ethtool_rxnfc *list, struct xdp4j_error *error)
{
	struct ethtool_rx_flow_spec rule;
	int result;

	xdp4j_ntuple_fill(&rule, key, queue);
	result = find_same(ask, interface, list, &rule, error);
	if (result)
		return result;
	if (choose_location(table, list, flow_key_names_source(key), &rule.location))
		return fail_for_room(interface, error);
	return insert(ask, interface, &rule, error);
}

int xdp4j_ntuple_table_add(xdp4j_ethtool ask, const char *interface, const struct flow_key *key, uint32_t queue,
			   struct xdp4j_error *error)
{
	struct ethtool_rxnfc table, *list;
	int feature, result;

	result = check_support(ask, interface, &feature, &table, error);
	if (result < 0)
		return result;
	if (!result)
		return -error->code;
	if (feature == FEATURE_OFF)
		return xdp4j_fail(error, EOPNOTSUPP, "ntuple filters of %s are off: `ethtool -K %s ntuple on`",
				  interface, interface);
	result = check_queue(ask, interface, queue, error);
	if (result)
		return result;
	result = list_rules(ask, interface, table.rule_cnt, &list);
	result = result ? fail_to_ask(result, interface, error) : add(ask, interface, key, queue, &table, list, error);
	free(list);
	return result;
}

int xdp4j_ntuple_table_remove(xdp4j_ethtool ask, const char *interface, uint32_t location, const struct flow_key *key,
			      uint32_t queue)
{
	struct ethtool_rx_flow_spec ours, there;
	int result = read_rule(ask, interface, location, &there);

	/* What drivers say of a location where there is none. */
	if (result == -EINVAL || result == -ENOENT)
		return -ENOENT;
	if (result)
		return result;
	xdp4j_ntuple_fill(&ours, key, queue);
	if (!xdp4j_ntuple_same_packets(&there, &ours) || there.ring_cookie != ours.ring_cookie)
		return -ENOENT;
	return delete_rule(ask, interface, location);
}
