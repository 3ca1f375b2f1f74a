/* SPDX-License-Identifier: Apache-2.0 */
/* How interfaces are set up, as ip and ethtool have set them; what a veth's driver can do. */
#define _GNU_SOURCE
#include "xdp4j.h"
#include "xdp_lab.h"

#define QUEUES 4

/* Linux, Documentation/netlink/specs/netdev.yaml: xdp-act. */
#define BASIC (1u << 0)
#define REDIRECT (1u << 1)
#define ZERO_COPY (1u << 3)

static struct xdp4j_error error;

static struct xdp4j_netdev_setup read_setup(const char *interface)
{
	struct xdp4j_netdev_setup setup;

	CHECK(!xdp4j_netdev_setup_read(&setup, interface, &error), "%s", error.text);
	return setup;
}

static struct xdp4j_feature read_feature(const char *interface, const char *name)
{
	struct xdp4j_netdev_setup setup = read_setup(interface);
	struct xdp4j_feature found = { 0 };

	for (uint32_t i = 0; i < setup.feature_count; i++)
		if (!strcmp(setup.features[i].name, name))
			found = setup.features[i];
	xdp4j_netdev_setup_free(&setup);
	CHECK(found.name[0], "there is no %s", name);
	return found;
}

static void test_what_a_veth_can(void)
{
	struct xdp4j_netdev_setup setup = read_setup("rx0");

	if (setup.xdp_features_told) {
		CHECK((setup.xdp_features & (BASIC | REDIRECT | ZERO_COPY)) == (BASIC | REDIRECT), "%lx",
		      setup.xdp_features);
	}
	CHECK(setup.rx_queues_max == QUEUES && !setup.combined, "%u queues", setup.rx_queues_max);
	CHECK(setup.stamps == XDP4J_STAMPS_NONE && !setup.header_split, "timestamps or header split");
	CHECK(!setup.native_program && !setup.generic_program && !setup.program_name[0], "a program");
	xdp4j_netdev_setup_free(&setup);
	CHECK(!setup.feature_count && !setup.features, "freed");
}

static void test_loopback(void)
{
	struct xdp4j_netdev_setup setup = read_setup("lo");

	CHECK(!setup.xdp_features && !setup.rx_queues_max && !setup.zero_copy_segments, "the loopback can XDP");
	xdp4j_netdev_setup_free(&setup);
}

static void test_features(void)
{
	struct xdp4j_feature ntuple = read_feature("rx0", "rx-ntuple-filter");

	CHECK(!ntuple.on && ntuple.fixed, "ntuple filters on a veth");
	run("ethtool -K rx0 gro on");
	CHECK(read_feature("rx0", "rx-gro").on && !read_feature("rx0", "rx-gro").fixed, "gro is on");
	run("ethtool -K rx0 gro off rx-udp-gro-forwarding on");
	CHECK(!read_feature("rx0", "rx-gro").on && !read_feature("rx0", "rx-gro").fixed, "gro is off");
	CHECK(read_feature("rx0", "rx-udp-gro-forwarding").on, "forwarding is on");
	CHECK(read_feature("lo", "loopback").on && read_feature("lo", "loopback").fixed, "fixed to on");
}

/* Who comes second is told how to get rid of it, in its mode: without a mode, ip(8) would leave a generic one. */
static void test_second_program(enum xdp4j_mode mode, uint32_t first)
{
	const char *off = mode == XDP4J_MODE_NATIVE ? "`ip link set rx0 xdpdrv off`" :
						      "`ip link set rx0 xdpgeneric off`";
	struct xdp4j_steer *second;
	char id[32];

	snprintf(id, sizeof(id), "(steer, id %u)", first);
	CHECK(!xdp4j_steer_load(&second, 1, QUEUES, false, &error), "%s", error.text);
	CHECK(xdp4j_steer_attach(second, "rx0", mode, XDP4J_ATTACH_LINK, &error) == -EBUSY, "attached");
	CHECK(strstr(error.text, off) && strstr(error.text, id), "%s", error.text);
	xdp4j_steer_close(second);
}

static void test_program(enum xdp4j_mode mode)
{
	struct xdp4j_netdev_setup setup;
	struct xdp4j_steer *steer;
	uint32_t id;

	CHECK(!xdp4j_steer_load(&steer, 1, QUEUES, false, &error), "%s", error.text);
	CHECK(xdp4j_steer_attach(steer, "rx0", mode, XDP4J_ATTACH_LINK, &error) == (int)mode, "%s", error.text);
	id = xdp4j_steer_program_id(steer);
	setup = read_setup("rx0");
	CHECK(setup.native_program == (mode == XDP4J_MODE_NATIVE ? id : 0), "%u", setup.native_program);
	CHECK(setup.generic_program == (mode == XDP4J_MODE_GENERIC ? id : 0), "%u", setup.generic_program);
	CHECK(!strcmp(setup.program_name, "steer"), "%s", setup.program_name);
	xdp4j_netdev_setup_free(&setup);
	test_second_program(mode, id);
	xdp4j_steer_close(steer);
}

static void test_errors(void)
{
	struct xdp4j_netdev_setup setup;

	CHECK(xdp4j_netdev_setup_read(&setup, "nope0", &error) == -ENODEV, "found");
	CHECK(strstr(error.text, "'nope0'") && strstr(error.text, "ip link"), "%s", error.text);
}

int main(void)
{
	enter_lab(QUEUES);
	test_what_a_veth_can();
	test_loopback();
	test_features();
	test_program(XDP4J_MODE_NATIVE);
	test_program(XDP4J_MODE_GENERIC);
	test_errors();
	return 0;
}
