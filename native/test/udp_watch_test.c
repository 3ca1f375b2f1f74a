/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The socket baselines watch the RTP sequence: what was left out on the way is missing, what the socket dropped is not.
 * Needs root; runs in a network namespace of its own.
 */
#define _GNU_SOURCE 1
#include "udp_way.h"

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
	wire = make_wire();
	watches_the_sequence();
	takes_its_drops_for_no_gap();
	printf("passed\n");
	return 0;
}
