/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rules of a network card: what is added, refused and removed. A veth's driver has none, and says so to the real calls.
 * `card` stands for a driver that has them, as none does where no such hardware is: it keeps rules in a table, by what
 * linux/ethtool.h says of the commands. The first part needs root and runs in a network namespace of its own.
 */
#define _GNU_SOURCE 1
#include "xdp_lab.h"

#include "ntuple_rule.h"
#include "ntuple_table.h"

#define SIZE 6
#define RINGS 4
#define FEATURES 60
#define NTUPLE_AT 37 /* in the second block */

static struct xdp4j_error error;

static struct {
	bool special;           /* it chooses locations itself, from 100 on */
	bool available, active; /* the feature */
	int refuses;            /* an errno for each insertion */
	bool garbles;           /* it makes another rule of it */
	struct ethtool_rx_flow_spec rules[SIZE];
	bool used[SIZE];
} card;

static uint32_t shift(void)
{
	return card.special ? 100 : 0;
}

static struct ethtool_rx_flow_spec *at(uint32_t location)
{
	uint32_t i = location - shift();

	return i < SIZE && card.used[i] ? &card.rules[i] : NULL;
}

static int insert(struct ethtool_rxnfc *command)
{
	uint32_t i = command->fs.location;

	if (card.refuses)
		return -card.refuses;
	if (card.special) {
		CHECK(i == RX_CLS_LOC_ANY, "location %u", i);
		for (i = 0; i < SIZE && card.used[i]; i++)
			;
		if (i == SIZE)
			return -ENOSPC;
	}
	CHECK(i < SIZE, "location %u", i);
	CHECK(!card.used[i], "wrote over location %u", i);
	command->fs.location = i + shift();
	card.rules[i] = command->fs;
	card.used[i] = true;
	if (card.garbles)
		card.rules[i].m_u.hdata[10] ^= 1; /* of the port, or an IPv6 source */
	return 0;
}

static void list(struct ethtool_rxnfc *command)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < SIZE; i++) {
		if (card.used[i] && command->cmd == ETHTOOL_GRXCLSRLALL)
			command->rule_locs[count] = i + shift();
		count += card.used[i];
	}
	command->rule_cnt = count;
	command->data = SIZE | (card.special ? RX_CLS_LOC_SPECIAL : 0);
}

static int ask_rules(struct ethtool_rxnfc *command)
{
	struct ethtool_rx_flow_spec *rule = at(command->fs.location);

	switch (command->cmd) {
	case ETHTOOL_GRXRINGS:
		command->data = RINGS;
		return 0;
	case ETHTOOL_GRXCLSRLCNT:
	case ETHTOOL_GRXCLSRLALL:
		list(command);
		return 0;
	case ETHTOOL_SRXCLSRLINS:
		return insert(command);
	case ETHTOOL_GRXCLSRULE:
		if (rule)
			command->fs = *rule;
		return rule ? 0 : -EINVAL;
	case ETHTOOL_SRXCLSRLDEL:
		CHECK(rule, "deleted what is not there");
		card.used[rule - card.rules] = false;
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

static int ask_card(const char *interface, void *command)
{
	struct ethtool_sset_info *info = command;
	struct ethtool_gstrings *strings = command;
	struct ethtool_gfeatures *features = command;
	struct ethtool_get_features_block *block = &features->features[NTUPLE_AT / 32];

	CHECK(!strcmp(interface, "card0"), "%s", interface);
	switch (*(uint32_t *)command) {
	case ETHTOOL_GSSET_INFO:
		CHECK(info->sset_mask == 1ull << ETH_SS_FEATURES, "mask");
		info->data[0] = FEATURES;
		return 0;
	case ETHTOOL_GSTRINGS:
		CHECK(strings->string_set == ETH_SS_FEATURES && strings->len == FEATURES, "strings");
		strcpy((char *)strings->data + NTUPLE_AT * ETH_GSTRING_LEN, "rx-ntuple-filter");
		return 0;
	case ETHTOOL_GFEATURES:
		CHECK(features->size == 2, "%u blocks", features->size);
		block->available = card.available ? 1u << NTUPLE_AT % 32 : 0;
		block->active = card.active ? 1u << NTUPLE_AT % 32 : 0;
		return 0;
	default:
		return ask_rules(command);
	}
}

static struct flow_key key_of(const char *destination, const char *source)
{
	struct flow_key key = { .port = htons(5004) };

	inet_pton(AF_INET6, destination, key.destination);
	inet_pton(AF_INET6, source, key.source);
	return key;
}

static int add(const struct flow_key *key, uint32_t queue)
{
	return xdp4j_ntuple_table_add(ask_card, "card0", key, queue, &error);
}

static int take_off(uint32_t location, const struct flow_key *key, uint32_t queue)
{
	return xdp4j_ntuple_table_remove(ask_card, "card0", location, key, queue);
}

static void test_supported(void)
{
	const struct flow_key key = key_of("::ffff:239.1.2.3", "::");

	card.available = card.active = false;
	CHECK(!xdp4j_ntuple_table_supported(ask_card, "card0", &error), "fixed");
	CHECK(add(&key, 0) == -EOPNOTSUPP && strstr(error.text, "takes no rules"), "%s", error.text);
	card.available = true;
	CHECK(xdp4j_ntuple_table_supported(ask_card, "card0", &error) == 1, "%s", error.text);
	CHECK(add(&key, 0) == -EOPNOTSUPP && strstr(error.text, "`ethtool -K card0 ntuple on`"), "%s", error.text);
	card.active = true;
	CHECK(xdp4j_ntuple_table_supported(ask_card, "card0", &error) == 1 && !error.text[0], "%s", error.text);
}

static void test_add_and_remove(void)
{
	const struct flow_key any = key_of("::ffff:239.1.2.3", "::");
	const struct flow_key specific = key_of("::ffff:239.1.2.3", "::ffff:10.99.0.7");
	const struct flow_key ipv6 = key_of("ff3e::8000:1", "::");

	CHECK(add(&any, RINGS) == -EINVAL && strstr(error.text, "4 RX queues"), "%s", error.text);
	CHECK(add(&any, 3) == SIZE - 1, "%s", error.text);
	CHECK(at(SIZE - 1)->ring_cookie == 3, "queue");
	CHECK(add(&specific, 2) == 0, "%s", error.text); /* which goes first */
	CHECK(add(&ipv6, 1) == SIZE - 2, "%s", error.text);

	/* One that is there. */
	CHECK(add(&any, 3) == -EEXIST && strstr(error.text, "rule 5 of card0"), "%s", error.text);
	CHECK(add(&any, 2) == -EBUSY && strstr(error.text, "rule 5 of card0"), "%s", error.text);

	/* Another one, another queue, nothing. */
	CHECK(take_off(SIZE - 1, &ipv6, 3) == -ENOENT, "of another flow");
	CHECK(take_off(SIZE - 1, &specific, 3) == -ENOENT, "of another source");
	CHECK(take_off(SIZE - 1, &any, 2) == -ENOENT, "to another queue");
	CHECK(take_off(2, &any, 3) == -ENOENT, "nothing there");
	CHECK(at(SIZE - 1) && at(0) && at(SIZE - 2), "removed what was to stay");
	CHECK(!take_off(SIZE - 1, &any, 3) && !at(SIZE - 1), "remove");
	CHECK(!take_off(SIZE - 2, &ipv6, 1) && !take_off(0, &specific, 2), "remove");
}

/* Of somebody else: packets dropped, and a table that is full. */
static void test_others(void)
{
	const struct flow_key key = key_of("::ffff:239.1.2.3", "::");
	struct flow_key other = key_of("::ffff:239.1.2.4", "::");

	xdp4j_ntuple_fill(&card.rules[1], &key, 0);
	card.rules[1].ring_cookie = RX_CLS_FLOW_DISC;
	card.used[1] = true;
	CHECK(add(&key, 0) == -EBUSY && strstr(error.text, "rule 1 of card0"), "%s", error.text);
	for (int i = 0; i < SIZE; i++) {
		other.port = htons(6000 + i);
		xdp4j_ntuple_fill(&card.rules[i], &other, 0);
		card.used[i] = true;
	}
	CHECK(add(&key, 0) == -ENOSPC && strstr(error.text, "no room"), "%s", error.text);
	memset(card.used, 0, sizeof(card.used));
}

static void test_refusal(void)
{
	const struct flow_key key = key_of("ff3e::8000:1", "::");

	card.refuses = EINVAL;
	CHECK(add(&key, 0) == -EINVAL && strstr(error.text, "refuses the rule"), "%s", error.text);
	card.refuses = 0;
	card.garbles = true;
	CHECK(add(&key, 0) == -EPROTO && !at(SIZE - 1), "%s", error.text);
	card.garbles = false;
}

static void test_special_location(void)
{
	const struct flow_key key = key_of("::ffff:239.1.2.3", "::");

	card.special = true;
	CHECK(add(&key, 1) == 100, "%s", error.text);
	CHECK(add(&key, 1) == -EEXIST, "%s", error.text);
	CHECK(!take_off(100, &key, 1) && !card.used[0], "remove");
	card.special = false;
}

static void test_veth(void)
{
	const struct flow_key key = key_of("::ffff:239.1.2.3", "::");

	CHECK(!xdp4j_ntuple_supported("rx0", &error), "supported");
	CHECK(strstr(error.text, "the driver of rx0 takes no rules"), "%s", error.text);
	CHECK(xdp4j_ntuple_add("rx0", &key, 0, &error) == -EOPNOTSUPP, "added");
	CHECK(strstr(error.text, "the driver of rx0 takes no rules"), "%s", error.text);
	CHECK(xdp4j_ntuple_remove("rx0", 0, &key, 0) == -EOPNOTSUPP, "removed");
	CHECK(xdp4j_ntuple_supported("none0", &error) == -ENODEV, "%s", error.text);
	CHECK(xdp4j_ntuple_add("none0", &key, 0, &error) == -ENODEV && strstr(error.text, "'none0'"), "%s", error.text);
}

int main(void)
{
	test_supported();
	test_add_and_remove();
	test_others();
	test_refusal();
	test_special_location();
	enter_lab(1);
	test_veth();
	return 0;
}
