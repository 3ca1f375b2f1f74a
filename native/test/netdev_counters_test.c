/* SPDX-License-Identifier: Apache-2.0 */
/* Counters of interfaces of several kinds, and of one whose driver changes their number all the time. */
#define _GNU_SOURCE
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "xdp4j.h"
#include "xdp_lab.h"

#define QUEUES 4
#define READINGS 2000

static struct xdp4j_netdev_counters read_counters(const char *interface)
{
	struct xdp4j_netdev_counters counters;
	struct xdp4j_error error;

	CHECK(!xdp4j_netdev_counters_read(&counters, interface, &error), "%s", error.text);
	return counters;
}

/* 1 for the other end's index; by queue 7 of receiving and 2 of sending: veth_get_sset_count of Linux 6.18. */
static bool is_whole(const struct xdp4j_netdev_counters *counters, uint32_t queues)
{
	char last[XDP4J_COUNTER_NAME_CHARS];
	bool pages = counters->count > 1 + 9 * queues; /* and those of the page pools, on kernels built with them */

	snprintf(last, sizeof(last), "tx_queue_%u_xdp_xmit_errors", queues - 1);
	for (uint32_t i = 0; i < counters->count; i++)
		if (!strcmp(counters->counters[i].name, last))
			return pages || i == counters->count - 1;
	return false;
}

static void test_veth(void)
{
	struct xdp4j_netdev_counters counters = read_counters("rx0");
	uint64_t before = counters.rx_packets;
	int wire = open_wire();

	CHECK(!strcmp(counters.driver, "veth"), "%s", counters.driver);
	CHECK(!strcmp(counters.counters[0].name, "peer_ifindex"), "%s", counters.counters[0].name);
	CHECK(counters.counters[0].value == if_nametoindex("tx0"), "%lu", counters.counters[0].value);
	CHECK(is_whole(&counters, QUEUES), "%u", counters.count);
	xdp4j_netdev_counters_free(&counters);
	CHECK(!counters.count && !counters.counters, "freed");
	for (int i = 0; i < 10; i++)
		send_on_wire(wire, (struct frame){ .payload = 100 });
	close(wire);
	counters = read_counters("rx0");
	CHECK(counters.rx_packets == before + 10, "%lu", counters.rx_packets);
	xdp4j_netdev_counters_free(&counters);
}

static void test_without_counters(void)
{
	struct xdp4j_netdev_counters counters = read_counters("lo");

	CHECK(!counters.count && !counters.counters && !counters.rx_ring, "%u", counters.count);
	xdp4j_netdev_counters_free(&counters);
}

static void test_errors(void)
{
	struct xdp4j_netdev_counters counters;
	struct xdp4j_error error;

	CHECK(xdp4j_netdev_counters_read(&counters, "nope0", &error) == -ENODEV, "found");
	CHECK(strstr(error.text, "'nope0'") && strstr(error.text, "ip link"), "%s", error.text);
}

/* Gives rx0 one queue and four by turns, until it is killed. */
static void change_queues(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (int queues = 1;; queues = queues == 1 ? QUEUES : 1) {
		struct ethtool_channels channels = { .cmd = ETHTOOL_SCHANNELS, .rx_count = queues, .tx_count = queues };
		struct ifreq request = { .ifr_name = "rx0", .ifr_data = (void *)&channels };

		if (ioctl(fd, SIOCETHTOOL, &request))
			_exit(1);
	}
}

/* A reading is of one queue or of four, or says that it could not be had. */
static void test_changing_number(void)
{
	int whole[2] = { 0 }, status;
	pid_t changer = fork();

	CHECK(changer >= 0, "%s", strerror(errno));
	if (!changer)
		change_queues();
	for (int i = 0; i < READINGS; i++) {
		struct xdp4j_netdev_counters counters;
		struct xdp4j_error error;
		int result = xdp4j_netdev_counters_read(&counters, "rx0", &error);

		CHECK(!result || result == -EAGAIN, "%s", error.text);
		if (result)
			continue;
		CHECK(is_whole(&counters, 1) || is_whole(&counters, QUEUES), "%u counters", counters.count);
		whole[is_whole(&counters, QUEUES)]++;
		xdp4j_netdev_counters_free(&counters);
	}
	CHECK(!waitpid(changer, &status, WNOHANG), "the queues could not be changed");
	kill(changer, SIGKILL);
	waitpid(changer, NULL, 0);
	CHECK(whole[0] + whole[1], "no reading");
	printf("%d readings of 1 queue, %d of %d\n", whole[0], whole[1], QUEUES);
}

int main(void)
{
	enter_lab(QUEUES);
	test_veth();
	test_without_counters();
	test_errors();
	test_changing_number();
	return 0;
}
