/* SPDX-License-Identifier: Apache-2.0 */
/* What the tests of AF_XDP share: a network namespace of their own with a veth pair. */
#ifndef XDP4J_TEST_XDP_LAB_H
#define XDP4J_TEST_XDP_LAB_H

#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "check.h"
#include "udp_frame.h"

static inline void run(const char *command)
{
	CHECK(!system(command), "cannot prepare the lab");
}

/* Ends the test as skipped where it cannot run. The namespace and all in it vanish with the process. */
static inline void enter_lab(int queues)
{
	char command[256];

	if (geteuid() || unshare(CLONE_NEWNET)) {
		printf("skipped: needs root, to make a network namespace\n");
		exit(SKIP);
	}
	snprintf(command, sizeof(command),
		 "ip link add rx0 numtxqueues %d numrxqueues %d type veth peer name tx0 numtxqueues %d numrxqueues %d",
		 queues, queues, queues, queues);
	run(command);
	run("sysctl -qw net.ipv6.conf.all.disable_ipv6=1"); /* no router solicitations among the counted packets */
	run("ip link set tx0 up && ip link set rx0 up");
}

/* A packet socket: what is sent on it goes out of tx0 and so arrives on rx0. */
static inline int open_wire(void)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_ifindex = if_nametoindex("tx0") };
	int wire = socket(AF_PACKET, SOCK_RAW, 0);

	CHECK(wire >= 0 && !bind(wire, (struct sockaddr *)&address, sizeof(address)), "%s", strerror(errno));
	return wire;
}

static inline void send_on_wire(int wire, struct frame frame)
{
	uint8_t bytes[UDP_FRAME_MAX];
	size_t count = make_frame(bytes, frame);

	CHECK(send(wire, bytes, count, 0) == (ssize_t)count, "%s", strerror(errno));
}

#endif
