/* SPDX-License-Identifier: Apache-2.0 */
/*
 * xdp4j-peer: the receiver that `xdp4j receive` is measured against, as one would write it in C.
 *
 * It takes RTP multicast from one RX queue through an AF_XDP socket, by libxdp directly, checks every packet, and
 * prints the figures as JSON on SIGTERM or SIGINT. What the kernel does for a packet is the same as for Java: the XDP
 * program of bpf/steer.bpf.c with as many slots, the metadata that it writes, one socket for all flows, rings as deep,
 * the UMEM on the same pages. So is what is done with a packet: it is checked by all rules of io.xdp4j.rtp (rtp.h), and
 * its latency goes into a histogram of the same precision (histogram.h), by a clock that is read once a batch.
 *
 * What it leaves out is not done for each packet in Java either: the ledger, which reads counters beside the receiver;
 * many queues, workers, packets of several frames, and other ways to receive.
 *
 * With --drop the XDP program drops what it would have delivered (ceiling.bpf.c): no receiver can take more.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "fail.h"
#include "receiver.h"
#include "report.h"
#include "steering.h"
#include "xsk_kernel.h"

#define LINK_HEADER_BYTES (14 + 8) /* Ethernet header and two VLAN tags: what a packet has beyond the MTU */

static volatile sig_atomic_t stop;

static void request_stop(int signal)
{
	(void)signal;
	stop = 1;
}

/* Without SA_RESTART: a signal ends a sleep. */
static void catch_signals(void)
{
	const struct sigaction action = { .sa_handler = request_stop };

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

static struct xdp4j_netdev find_device(const struct options *options)
{
	const char *name = options->interface;
	struct xdp4j_netdev device;
	struct xdp4j_error error;

	if (xdp4j_netdev_find(&device, name, &error))
		fail(BAD_INPUT, "--interface %s: %s", name, error.text);
	if (device.loopback)
		fail(BAD_INPUT, "--interface %s: it is the loopback: name one with Ethernet headers", name);
	if (!device.up)
		fail(BAD_INPUT, "--interface %s: it is down: ip link set %s up", name, name);
	if (device.mtu + LINK_HEADER_BYTES > LONGEST_PACKET)
		fail(BAD_INPUT,
		     "--interface %s: its MTU is %u, and a packet must fit into a frame: ip link set %s mtu 1500", name,
		     device.mtu, name);
	if (options->queue >= device.rx_queues)
		fail(BAD_INPUT, "--queue %u: %s has only %u, from 0: `ethtool -l %s` lists them", options->queue, name,
		     device.rx_queues, name);
	return device;
}

/* A socket for each group, which are members for as long as the program runs. */
static void join_groups(const struct options *options)
{
	struct xdp4j_error error;
	struct rlimit files;

	/* As many flows need more descriptors than the soft limit is by default, but not than the hard one. */
	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	for (uint32_t flow = 0; flow < options->flow_count; flow++) {
		if (xdp4j_membership_open(options->interface, &options->flows[flow].key, &error) < 0)
			fail(FAILURE, "--flow %s: %s", options->flows[flow].text, error.text);
	}
}

static void say_ready(const struct options *options, const struct xsk *xsk, const char *mode)
{
	fprintf(stderr, "receiving %u flow%s on %s, queue %u: %s XDP, %s mode, fill ring %u, RX ring %u%s\n",
		options->flow_count, options->flow_count == 1 ? "" : "s", options->interface, options->queue, mode,
		xsk_kernel_zero_copy(xsk->fd) == 1 ? "zero-copy" : "copy", options->fill_ring, options->rx_ring,
		options->drop ? "; the XDP program drops what it would deliver" : "");
}

int main(int argc, char *argv[])
{
	static struct options options;
	static struct receiver receiver;
	static struct steering steering;
	static struct xsk xsk;
	struct xdp4j_netdev device;
	const char *mode;

	options_read(&options, argc, argv);
	if (geteuid())
		fail(BAD_INPUT, "must be root: sudo %s ...", argv[0]);
	device = find_device(&options);
	catch_signals();

	steering_load(&steering, &options, &device);
	xsk_open(&xsk, &options, device.numa_node);
	receiver_open(&receiver, &options, &xsk);
	steering_redirect(&steering, &options, xsk.fd, LONGEST_PACKET);
	join_groups(&options);
	/* Last: until now no packet could come, so that none waited. */
	steering_attach(&steering, options.interface);
	mode = steering_mode(options.interface);
	say_ready(&options, &xsk, mode);

	receiver_run(&receiver, &stop);
	steering_detach(&steering);
	receiver_drain(&receiver);
	report_print(&receiver, &steering, mode);
	return 0;
}
