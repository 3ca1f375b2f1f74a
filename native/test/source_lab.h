/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of the RTP source share: a network namespace with a veth pair, two flows, and a source of them. */
#ifndef XDP4J_TEST_SOURCE_LAB_H
#define XDP4J_TEST_SOURCE_LAB_H

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "xdp4j.h"

#define SKIP 77
#define SIZE 214
#define PORT 5004
#define SSRC 0x1234abcdu

static int failures;

#define CHECK(condition, ...)                                                                                          \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			printf("%s:%d: " #condition ": ", __FILE__, __LINE__);                                         \
			printf(__VA_ARGS__);                                                                           \
			printf("\n");                                                                                  \
			failures++;                                                                                    \
		}                                                                                                      \
	} while (0)

/* A flow, and the multicast address of its frames, written by hand from RFC 1112 6.4 and RFC 2464 7. */
struct expected {
	const char *group, *source;
	const uint8_t mac[ETH_ALEN];
};

static const struct expected ipv4 = { "239.129.2.3", "10.77.0.2", { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 } };
static const struct expected ipv6 = { "ff3e::4:5:6", "fd77::2", { 0x33, 0x33, 0x00, 0x05, 0x00, 0x06 } };

static void must(const char *command)
{
	if (system(command)) {
		printf("cannot prepare: %s\n", command);
		exit(1);
	}
}

/* Puts this process into a network namespace of its own, in which what is sent on tx0 arrives on rx0. */
static void enter_lab(void)
{
	if (geteuid() || unshare(CLONE_NEWNET)) {
		printf("skipped: needs root, for a network namespace of its own\n");
		exit(SKIP);
	}
	must("ip link add rx0 type veth peer name tx0 address 02:00:00:00:00:02");
	/* A packet socket sees checksums as they are on the link: have the stack complete those of sendmmsg. */
	must("ethtool -K rx0 gro on && ethtool -K tx0 tx off >/dev/null");
	must("ip addr add 10.77.0.2/24 dev tx0 && ip addr add fd77::2/64 dev tx0 nodad");
	must("ip link set rx0 up && ip link set tx0 up");
	must("until ip link show tx0 | grep -q 'state UP'; do sleep 0.01; done");
}

static struct xdp4j_source_flow flow_of(const struct expected *expected, uint16_t first_sequence)
{
	struct xdp4j_source_flow flow = { .ssrc = SSRC, .first_sequence = first_sequence, .payload_type = 96 };
	struct flow_key *key = &flow.key;

	key->port = htons(PORT);
	if (inet_pton(AF_INET6, expected->group, key->destination) == 1) {
		inet_pton(AF_INET6, expected->source, key->source);
		return flow;
	}
	memset(key->destination + 10, 0xff, 2);
	memset(key->source + 10, 0xff, 2);
	inet_pton(AF_INET, expected->group, key->destination + 12);
	inet_pton(AF_INET, expected->source, key->source + 12);
	return flow;
}

static struct xdp4j_source_options options_of(enum xdp4j_source_engine engine, const struct xdp4j_source_flow *flows,
					      uint32_t flow_count, uint64_t positions)
{
	struct xdp4j_source_options options = {
		.interface = "tx0",
		.engine = engine,
		.flows = flows,
		.flow_count = flow_count,
		.size = SIZE,
		.positions = positions,
	};

	for (int i = 0; i < XDP4J_SOURCE_RANGES; i++) {
		options.lose[i].from = 1;
		options.duplicate[i].from = 1;
		options.swap[i].from = 1;
	}
	return options;
}

static struct xdp4j_source *open_source(const struct xdp4j_source_options *options)
{
	struct xdp4j_source *source = NULL;
	struct xdp4j_error error;

	if (xdp4j_source_open(&source, options, &error)) {
		printf("xdp4j_source_open: %s\n", error.text);
		exit(1);
	}
	return source;
}

#endif
