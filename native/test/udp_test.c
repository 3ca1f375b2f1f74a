/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The socket baselines against frames made here by hand and put onto a veth pair by an AF_PACKET socket. The sending
 * end has no address, so the senders are strangers to the kernel. Needs root; runs in a network namespace of its own.
 */
#define _GNU_SOURCE 1
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "udp_way.h"

#define CLOCK_UNCERTAINTY_NS 1000000
#define TIMESTAMPS_WITHIN_NS 60000000000 /* seconds were seen on a busy machine */

static const struct packet_meta *meta(int index)
{
	return (const struct packet_meta *)(area + batch[index].addr - sizeof(struct packet_meta));
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void describes_each_packet(void)
{
	EACH_WAY (way) {
		struct xdp4j_udp *udp = open_or_exit(usual(way));
		uint64_t earliest = now_ns() - CLOCK_UNCERTAINTY_NS;

		for (uint16_t payload = 0; payload <= 1400; payload += 100) {
			send_frame(way, (struct frame){ .payload = payload, .padding = payload ? 0 : 18 });
			CHECK(receive(udp) == 1);
			CHECK(batch[0].addr % HEADROOM == 0 && batch[0].options == 0);
			CHECK(batch[0].len == (uint32_t)way->payload_offset + payload);
			CHECK(meta(0)->flow == FLOW);
			CHECK(meta(0)->payload_offset == way->payload_offset);
			CHECK(meta(0)->payload_length == payload);
			for (int i = 0; i < payload; i++)
				CHECK((uint8_t)area[batch[0].addr + way->payload_offset + i] == (uint8_t)payload);
			CHECK(meta(0)->arrival_ns >= earliest);
			CHECK(meta(0)->arrival_ns <= now_ns() + CLOCK_UNCERTAINTY_NS);
			earliest = meta(0)->arrival_ns;
		}
		xdp4j_udp_close(udp);
	}
}

/*
 * A packet that waits in the socket keeps the time at which it came. Not yet the first one: the kernel turns its
 * timestamps on some time after it was asked to.
 */
static void takes_the_time_from_the_kernel(void)
{
	EACH_WAY (way) {
		struct xdp4j_udp *udp = open_or_exit(usual(way));
		uint64_t give_up = now_ns() + TIMESTAMPS_WITHIN_NS, waiting;

		do {
			CHECK(now_ns() < give_up);
			send_frame(way, (struct frame){ .payload = 1 });
			CHECK(xdp4j_udp_wait(udp, SETTLE_MS) == 1);
			waiting = now_ns();
			usleep(3 * CLOCK_UNCERTAINTY_NS / 1000);
			CHECK(receive(udp) == 1);
		} while (meta(0)->arrival_ns > waiting + CLOCK_UNCERTAINTY_NS);
		xdp4j_udp_close(udp);
	}
}

static void fills_a_batch_in_order(void)
{
	EACH_WAY (way) {
		struct xdp4j_udp_options options = usual(way);
		struct xdp4j_udp *udp;
		uint16_t expected = 1;

		options.batch_size = 4;
		udp = open_or_exit(options);
		for (uint16_t payload = 1; payload <= 10; payload++)
			send_frame(way, (struct frame){ .payload = payload });
		while (expected <= 10) {
			int count = receive(udp);

			CHECK(count > 0 && count <= 4);
			for (int i = 0; i < count; i++) {
				CHECK(meta(i)->payload_length == expected++);
				CHECK(i == 0 || meta(i)->arrival_ns >= meta(i - 1)->arrival_ns);
			}
		}
		CHECK(xdp4j_udp_receive(udp) == 0);
		CHECK(xdp4j_udp_wait(udp, 0) == 0);
		xdp4j_udp_close(udp);
	}
}

static void leaves_other_ports_alone(void)
{
	EACH_WAY (way) {
		struct xdp4j_udp *udp = open_or_exit(usual(way));

		send_frame(way, (struct frame){ .port = UDP_FRAME_PORT + 2, .payload = 1 });
		send_frame(way, (struct frame){ .port = UDP_FRAME_PORT + 2, .payload = 2 });
		send_frame(way, (struct frame){ .payload = 3 });
		CHECK(receive(udp) == 1);
		CHECK(meta(0)->payload_length == 3);
		CHECK(statistics(udp).others == (way->kind == XDP4J_UDP_RAW ? 2 : 0));
		xdp4j_udp_close(udp);
	}
}

static void tells_sources_apart(void)
{
	EACH_WAY (way) {
		struct xdp4j_udp_options options = usual(way);
		struct xdp4j_udp *from_2, *from_3, *from_any = open_or_exit(options);

		address(options.key.source, way->ipv6, false, 2);
		from_2 = open_or_exit(options);
		address(options.key.source, way->ipv6, false, 3);
		from_3 = open_or_exit(options);
		send_frame(way, (struct frame){ .sender = 2, .payload = 20 });
		send_frame(way, (struct frame){ .sender = 3, .payload = 30 });
		send_frame(way, (struct frame){ .sender = 4, .payload = 40 });
		for (int received = 0; received < 3;)
			received += receive(from_any);
		CHECK(receive(from_2) == 1 && meta(0)->payload_length == 20);
		CHECK(receive(from_3) == 1 && meta(0)->payload_length == 30);
		CHECK(xdp4j_udp_receive(from_2) == 0 && xdp4j_udp_receive(from_3) == 0);
		xdp4j_udp_close(from_2);
		xdp4j_udp_close(from_3);
		xdp4j_udp_close(from_any);
	}
}

static void leaves_other_interfaces_alone(void)
{
	EACH_WAY (way) {
		struct xdp4j_udp_options options = usual(way);
		struct xdp4j_udp *here = open_or_exit(options), *elsewhere;

		options.interface = "tx0";
		elsewhere = open_or_exit(options);
		send_frame(way, (struct frame){ .payload = 1 });
		CHECK(receive(here) == 1);
		CHECK(xdp4j_udp_receive(elsewhere) == 0);
		CHECK(statistics(elsewhere).others == 0);
		xdp4j_udp_close(elsewhere);
		xdp4j_udp_close(here);
	}
}

/* Fewer than fit into a veth's ring (256), so that a socket buffer of the least size is all that drops. */
static void counts_every_drop(void)
{
	const uint64_t sent = 200;

	EACH_WAY (way) {
		struct xdp4j_udp_options options = usual(way);
		struct xdp4j_udp *udp;
		uint64_t received = 0;

		options.receive_buffer = 0;
		udp = open_or_exit(options);
		for (int round = 1; round <= 2; round++) {
			for (uint64_t i = 0; i < sent; i++)
				send_frame(way, (struct frame){ .payload = 100 });
			while (received + statistics(udp).drops < round * sent) {
				int count = xdp4j_udp_receive(udp);

				CHECK(count >= 0);
				received += (uint64_t)count;
			}
			CHECK(received + statistics(udp).drops == round * sent);
		}
		CHECK(statistics(udp).drops > 0);
		CHECK(received > 0);
		xdp4j_udp_close(udp);
	}
}

static void counts_what_is_longer_than_a_slot(void)
{
	EACH_WAY (way) {
		struct xdp4j_udp_options options = usual(way);
		struct xdp4j_udp *udp;

		options.slot_bytes = 2 * HEADROOM;
		udp = open_or_exit(options);
		send_frame(way, (struct frame){ .payload = HEADROOM - way->payload_offset });
		CHECK(receive(udp) == 1);
		CHECK(statistics(udp).truncated == 0);
		send_frame(way, (struct frame){ .payload = HEADROOM - way->payload_offset + 1 });
		CHECK(receive(udp) == 1);
		CHECK(statistics(udp).truncated == 1);
		CHECK(batch[0].len == HEADROOM);
		CHECK(meta(0)->payload_length == HEADROOM - way->payload_offset);
		xdp4j_udp_close(udp);
	}
}

static void raw_skips_ip_options(void)
{
	struct xdp4j_udp *udp = open_or_exit(usual(&WAYS[0]));

	send_frame(&WAYS[0], (struct frame){ .payload = 5, .ip_options = true });
	CHECK(receive(udp) == 1);
	CHECK(meta(0)->payload_offset == 32 && meta(0)->payload_length == 5);
	xdp4j_udp_close(udp);
}

static void raw_checks_the_udp_length(void)
{
	for (const struct way *way = WAYS; way < WAYS + 2; way++) {
		struct xdp4j_udp *udp = open_or_exit(usual(way));

		send_frame(way, (struct frame){ .payload = 100, .udp_length = 7 });
		send_frame(way, (struct frame){ .payload = 100, .udp_length = 109 });
		send_frame(way, (struct frame){ .payload = 100, .udp_length = 58 });
		CHECK(receive(udp) == 1);
		CHECK(meta(0)->payload_length == 50);
		CHECK(statistics(udp).others == 0);
		CHECK(statistics(udp).invalid == 2);
		xdp4j_udp_close(udp);
	}
}

static void tells_the_receive_buffer(void)
{
	EACH_WAY (way) {
		struct xdp4j_udp *udp = open_or_exit(usual(way));

		CHECK(xdp4j_udp_receive_buffer(udp) == 2 << 20); /* socket(7): the kernel doubles */
		xdp4j_udp_close(udp);
	}
}

static void fails(struct xdp4j_udp_options options, int code, const char *named)
{
	struct xdp4j_error error = { 0 };
	struct xdp4j_udp *udp;

	CHECK(xdp4j_udp_open(&udp, &options, &error) == -code);
	CHECK(error.code == code);
	if (!strstr(error.text, named)) {
		fprintf(stderr, "'%s' does not name '%s'\n", error.text, named);
		exit(1);
	}
}

static void names_what_is_wrong(void)
{
	struct xdp4j_udp_options raw = usual(&WAYS[0]), recvmmsg = usual(&WAYS[2]), bad = raw;
	struct sockaddr_in taken = { .sin_family = AF_INET, .sin_port = htons(UDP_FRAME_PORT) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	int status;

	bad.interface = "no-such0";
	fails(bad, ENODEV, "no-such0");
	CHECK(!bind(fd, (struct sockaddr *)&taken, sizeof(taken)));
	fails(recvmmsg, EADDRINUSE, "port 5004");
	close(fd);
	CHECK(!system("sysctl -q -w net.ipv4.igmp_max_memberships=0"));
	fails(recvmmsg, ENOBUFS, "net.ipv4.igmp_max_memberships");
	CHECK(!system("sysctl -q -w net.ipv4.igmp_max_memberships=20"));
	if (!fork()) {
		CHECK(!setuid(65534));
		fails(raw, EPERM, "CAP_NET_RAW");
		exit(0);
	}
	CHECK(wait(&status) > 0 && status == 0);
}

int main(void)
{
	wire = make_wire();
	takes_the_time_from_the_kernel();
	describes_each_packet();
	fills_a_batch_in_order();
	leaves_other_ports_alone();
	tells_sources_apart();
	leaves_other_interfaces_alone();
	counts_every_drop();
	counts_what_is_longer_than_a_slot();
	raw_skips_ip_options();
	raw_checks_the_udp_length();
	tells_the_receive_buffer();
	names_what_is_wrong();
	printf("passed\n");
	return 0;
}
