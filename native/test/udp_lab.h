/* SPDX-License-Identifier: Apache-2.0 */
/* Where the socket baselines are tested: a network namespace with a veth pair of which only one end has addresses. */
#ifndef XDP4J_TEST_UDP_LAB_H
#define XDP4J_TEST_UDP_LAB_H

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SKIP 77

#define CHECK(condition)                                                                                               \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "%s:%d: %s\n", __func__, __LINE__, #condition);                                \
			exit(1);                                                                                       \
		}                                                                                                      \
	} while (0)

/* A packet socket: what is sent on it goes out of tx0 and so arrives on rx0. Skips the test where there is no veth. */
static int make_wire(void)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET };
	int tries = 0;
	int wire;

	if (unshare(CLONE_NEWNET)) {
		printf("skipped: unshare(CLONE_NEWNET): %s: needs root\n", strerror(errno));
		exit(SKIP);
	}
	if (system("ip link add rx0 type veth peer name tx0")) {
		printf("skipped: no veth in this kernel\n");
		exit(SKIP);
	}
	CHECK(!system("ip addr add 10.99.0.1/24 dev rx0 && ip addr add fd99::1/64 dev rx0 nodad && "
		      "ip link set rx0 up && ip link set tx0 up"));
	/* Until the kernel knows that the link is up there is no route for multicast. */
	while (system("grep -q '^ff0* 08 .* rx0$' /proc/net/ipv6_route"))
		CHECK(++tries <= 500 && !usleep(10000));
	wire = socket(AF_PACKET, SOCK_RAW, 0);
	at.sll_ifindex = (int)if_nametoindex("tx0");
	CHECK(!bind(wire, (struct sockaddr *)&at, sizeof(at)));
	/* Past the queueing discipline, which is there only some time after the device is up. */
	CHECK(!setsockopt(wire, SOL_PACKET, PACKET_QDISC_BYPASS, &(int){ 1 }, sizeof(int)));
	/* The kernel stamps packets while any socket wants it, which a work queue turns on and off: now it stays on. */
	CHECK(!setsockopt(wire, SOL_SOCKET, SO_TIMESTAMPNS, &(int){ 1 }, sizeof(int)));
	return wire;
}

#endif
