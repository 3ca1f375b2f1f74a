/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The socket baselines watch the RTP sequence: what was left out on the way is missing, what the socket dropped is not.
 * Needs root; runs in a network namespace of its own.
 */
#define _GNU_SOURCE 1
#include "udp_watch.h"
#include "udp_way.h"

#define A 0xaaaaaaaa
#define B 0xbbbbbbbb

static struct udp_watch state;
static int64_t missing;
static uint64_t now_ns;

static void begin(void)
{
	memset(&state, 0, sizeof(state));
	missing = 0;
	now_ns = 1000000000;
}

/* A packet that arrives a microsecond behind the one before. */
static void arrive(uint32_t ssrc, uint32_t sequence, uint32_t drops)
{
	now_ns += 1000;
	missing += udp_watch_packet(&state, ssrc, (uint16_t)sequence, now_ns, drops);
}

static void leaves_out_what_the_socket_dropped(void)
{
	begin();
	for (uint32_t i = 0; i < 100; i++)
		arrive(A, i, 7);
	arrive(A, 100 + 65536, 7 + 65536);
	arrive(A, 106, 7 + 65536 + 5); /* behind 101 to 105, dropped */
	CHECK(missing == 0);
	arrive(A, 110, 7 + 65536 + 7); /* of 107 to 109 two were dropped */
	CHECK(missing == 1);
	arrive(A, 111 + 40000, 7 + 65536 + 7 + 40000);
	CHECK(missing == 1);
	arrive(A, 112 + 40000 + 3, 7 + 65536 + 7 + 40000); /* three lost on the way */
	CHECK(missing == 4);
	arrive(A, 112 + 40000 + 1, 7 + 65536 + 7 + 40000); /* one of them was only late */
	CHECK(missing == 3);
	arrive(A, 112 + 40000 + 4, 7 + 65536 + 7 + 40000);
	CHECK(missing == 3);
}

/* Of another SSRC, or no RTP at all. */
static void a_dropped_stranger_changes_nothing(void)
{
	uint32_t drops = UINT32_MAX - 1000; /* which wraps */
	uint32_t a = 0, b = 50000;

	begin();
	for (int round = 0; round < 20000; round++) {
		arrive(A, a++, drops);
		if (round % 97 == 50)
			drops += round % 1500;
		arrive(B, b++, drops);
	}
	CHECK(missing == 0);
	b += 1000;
	arrive(B, b, drops += 1000);
	CHECK(missing == 0);
	arrive(A, a, drops); /* has seen 1,000 drops, which were B's */
	arrive(A, a + 92, drops);
	CHECK(missing == 91);
	arrive(B, b + 6, drops);
	CHECK(missing == 96);
}

/* Whoever comes first claims a drop; the sum is right all the same. */
static void streams_do_not_claim_a_drop_twice(void)
{
	begin();
	arrive(A, 0, 0);
	arrive(B, 0, 0);
	arrive(A, 47, 46); /* 46 dropped */
	arrive(B, 2, 46);  /* one lost on the way */
	CHECK(missing == 1);
	arrive(B, 4, 46 + 46); /* another, and again 46 of the other stream dropped */
	arrive(A, 47 + 47, 46 + 46);
	CHECK(missing == 2);
	arrive(A, 47 + 48 + 65536, 46 + 46 + 65536);
	arrive(B, 6, 46 + 46 + 65536);
	CHECK(missing == 3);
}

static void goes_on_behind_a_restart(void)
{
	begin();
	for (uint32_t i = 0; i < 100; i++)
		arrive(A, 50000 + i, 0);
	for (uint32_t i = 0; i < 100; i++)
		arrive(A, 10 + i, 0);
	CHECK(missing == 0);
	arrive(A, 110 + 20, 20); /* dropped */
	CHECK(missing == 0);
	arrive(A, 131 + 5, 20);
	CHECK(missing == 5);
}

static void send_numbers(const struct way *way, uint16_t from, uint16_t to)
{
	for (uint32_t number = from; number <= to; number++)
		send_frame(way, (struct frame){ .payload = 100, .rtp = true, .sequence = (uint16_t)number, .ssrc = 9 });
}

static void watches_the_sequence(void)
{
	EACH_WAY (way) {
		struct xdp4j_udp *udp = open_or_exit(usual(way));
		int received = 0;

		send_numbers(way, 0, 9);
		send_numbers(way, 15, 20); /* without 10 to 14 */
		send_numbers(way, 12, 12);
		send_frame(way, (struct frame){ .payload = 11, .padding = 7 }); /* too short for RTP */
		CHECK(statistics(udp).missing == 0);
		CHECK(xdp4j_udp_wait(udp, SETTLE_MS) == 1);
		CHECK(statistics(udp).waiting_bytes > 0);
		while (received < 18)
			received += receive(udp);
		CHECK(statistics(udp).missing == 4);
		CHECK(statistics(udp).waiting_bytes == 0);
		xdp4j_udp_close(udp);
	}
}

/* What does not fit into the least buffer is the socket's own drop: no gap, though more was lost on the way as well. */
static void takes_its_drops_for_no_gap(void)
{
	EACH_WAY (way) {
		struct xdp4j_udp_options options = usual(way);
		uint64_t received = 0;
		struct xdp4j_udp *udp;

		options.receive_buffer = 0;
		udp = open_or_exit(options);
		for (int round = 0; round < 3; round++) {
			send_numbers(way, (uint16_t)(210 * round),
				     (uint16_t)(210 * round + 199)); /* 10 left out in front */
			while (received + statistics(udp).drops < (round + 1) * 200ull) {
				int count = xdp4j_udp_receive(udp);

				CHECK(count >= 0);
				received += (uint64_t)count;
			}
			CHECK(statistics(udp).missing == 10 * round);
		}
		CHECK(statistics(udp).drops > 0);
		xdp4j_udp_close(udp);
	}
}

int main(void)
{
	leaves_out_what_the_socket_dropped();
	a_dropped_stranger_changes_nothing();
	streams_do_not_claim_a_drop_twice();
	goes_on_behind_a_restart();
	wire = make_wire();
	watches_the_sequence();
	takes_its_drops_for_no_gap();
	printf("passed\n");
	return 0;
}
