/* SPDX-License-Identifier: Apache-2.0 */
/* The RTP source and its interface: what it refuses, what the interface refuses, and what it leaves alone. */
#define _GNU_SOURCE
#include <errno.h>
#include <net/if.h>

#include <bpf/libbpf.h>

#include "source_lab.h"

/* The other end takes frames up to its own MTU only. */
static void test_refused(void)
{
	const struct xdp4j_source_flow flow = flow_of(&ipv4, 0);
	struct xdp4j_source_options options = options_of(XDP4J_SOURCE_LIVE_FRAMES, &flow, 1, 100);
	struct xdp4j_source *source;

	options.size = 1514;
	must("ip link set rx0 mtu 1400");
	source = open_source(&options);
	CHECK(xdp4j_source_send(source, 70, NULL) == 70, "turns");
	CHECK(xdp4j_source_refused(source) == 70, "%ld", xdp4j_source_refused(source));
	must("ip link set rx0 mtu 1500");
	CHECK(xdp4j_source_send(source, 70, NULL) == 30, "turns");
	CHECK(xdp4j_source_refused(source) == 70, "%ld", xdp4j_source_refused(source));
	must("ip link set rx0 down");
	CHECK(xdp4j_source_refused(source) == -ENETDOWN, "%ld", xdp4j_source_refused(source));
	must("ip link set rx0 up && ethtool -K rx0 gro off");
	CHECK(xdp4j_source_refused(source) == -EOPNOTSUPP, "%ld", xdp4j_source_refused(source));
	must("ethtool -K rx0 gro on");
	xdp4j_source_close(source);
}

static void expect_error(const struct xdp4j_source_options *options, int code, const char *value, const char *remedy)
{
	struct xdp4j_source *source = NULL;
	struct xdp4j_error error = { .code = 0 };
	int result = xdp4j_source_open(&source, options, &error);

	CHECK(result == -code && error.code == code, "%d: %s", result, error.text);
	CHECK(strstr(error.text, value) && strstr(error.text, remedy), "%s", error.text);
	CHECK(!strchr(error.text, '\n'), "%s", error.text);
	xdp4j_source_close(source);
}

static void test_errors(void)
{
	const struct xdp4j_source_flow flow = flow_of(&ipv4, 0);
	const struct xdp4j_source_options good = options_of(XDP4J_SOURCE_LIVE_FRAMES, &flow, 1, 1);
	struct xdp4j_source_flow sourceless = flow;
	struct xdp4j_source_options bad = good;

	bad.interface = "nowhere0";
	expect_error(&bad, ENODEV, "nowhere0", "ip link");
	bad.interface = "lo";
	expect_error(&bad, ENETDOWN, "lo is down", "ip link set lo up");
	bad = good;
	bad.size = 53;
	expect_error(&bad, EINVAL, "53", "use 54 or more");
	bad.size = 1515;
	expect_error(&bad, EMSGSIZE, "1515", "use 1514 or less");
	bad = good;
	memset(sourceless.key.source, 0, sizeof(sourceless.key.source));
	bad.flows = &sourceless;
	expect_error(&bad, EADDRNOTAVAIL, "flow 0", "or tx0 an IPv4 address");
	bad = good;
	bad.lose[0] = (struct position_range){ 0, 5, 0 };
	expect_error(&bad, EINVAL, "every = 0", "use 1 or more");
	must("ethtool -K rx0 gro off");
	expect_error(&good, EOPNOTSUPP, "tx0", "gro on");
	must("ethtool -K rx0 gro on");
	must("ip link set rx0 down");
	expect_error(&good, ENETDOWN, "tx0 has no carrier", "other end");
	must("ip link set rx0 up");
}

/* The program is attached in a network namespace of its own, not to anything of the user's. */
static void test_touches_nothing(void)
{
	const struct xdp4j_source_flow flow = flow_of(&ipv4, 0);
	struct xdp4j_source_options options = options_of(XDP4J_SOURCE_LIVE_FRAMES, &flow, 1, 1);
	struct xdp4j_source *source = open_source(&options);
	const struct if_nameindex *interfaces = if_nameindex();
	uint32_t id;

	for (const struct if_nameindex *at = interfaces; at && at->if_index; at++)
		CHECK(!bpf_xdp_query_id(at->if_index, 0, &id) && !id, "%s has XDP program %u", at->if_name, id);
	if_freenameindex((struct if_nameindex *)interfaces);
	xdp4j_source_close(source);
}

int main(void)
{
	enter_lab();
	test_refused();
	test_errors();
	test_touches_nothing();
	return failures != 0;
}
