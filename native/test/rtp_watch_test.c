/* SPDX-License-Identifier: Apache-2.0 */
/* The sequence watch, on sequences made by hand. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/cdefs.h>

#include "rtp_watch.h"

#define CHECK(condition)                                                                                               \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "%s:%d: %s\n", __func__, __LINE__, #condition);                                \
			exit(1);                                                                                       \
		}                                                                                                      \
	} while (0)

#define US 1000ull
#define MS (1000 * US)
#define A 0xaaaaaaaa

static struct flow_watch state;
static int64_t missing;
static uint64_t now_ns;

static void begin(void)
{
	memset(&state, 0, sizeof(state));
	missing = 0;
	now_ns = 1000000 * MS;
}

/* A packet that arrives a microsecond behind the one before. */
static void arrive(uint32_t ssrc, uint32_t sequence)
{
	now_ns += US;
	missing += watch_packet(&state, ssrc, (uint16_t)sequence, now_ns);
}

static void arrive_all(uint32_t ssrc, uint32_t from, uint32_t to)
{
	for (uint32_t sequence = from; sequence <= to; sequence++)
		arrive(ssrc, sequence);
}

static void counts_what_is_jumped_over(void)
{
	begin();
	arrive_all(A, 100, 199);
	CHECK(missing == 0);
	arrive(A, 203); /* without 200, 201, 202 */
	CHECK(missing == 3);
	arrive(A, 201);
	CHECK(missing == 2);
	arrive(A, 201); /* a duplicate of a straggler */
	CHECK(missing == 2);
	arrive(A, 200);
	arrive(A, 202);
	CHECK(missing == 0);
	arrive(A, 203);
	arrive(A, 150);
	CHECK(missing == 0);
	arrive(A, 204);
	CHECK(missing == 0);
}

static void begins_with_zero_and_ssrc_zero(void)
{
	begin();
	arrive(0, 0);
	arrive(0, 2);
	CHECK(missing == 1);
}

static void goes_on_over_the_wrap(void)
{
	begin();
	arrive_all(A, 65530, 65536 + 10);
	CHECK(missing == 0);
	arrive(A, 13); /* without 11 and 12 */
	CHECK(missing == 2);
	begin();
	arrive(A, 65534);
	arrive(A, 1);
	CHECK(missing == 2); /* 65535 and 0 */
	arrive(A, 65535);
	arrive(A, 0);
	CHECK(missing == 0);
}

/* The first packet to arrive was not the first to be sent. */
static void moves_the_start_back(void)
{
	begin();
	arrive(A, 1);
	arrive(A, 65534);
	CHECK(missing == 2); /* 65535 and 0 */
	arrive(A, 0);
	arrive(A, 65535);
	CHECK(missing == 0);
	arrive(A, 65535);
	arrive(A, 2);
	CHECK(missing == 0);
}

/* 4,096 numbers, the highest included: one behind them is late, and late for good. */
static void knows_a_window(void)
{
	begin();
	arrive(A, 1000);
	arrive_all(A, 1003, 1001 + 4096); /* without 1001 and 1002 */
	CHECK(missing == 2);
	arrive(A, 1001); /* 4,096 behind the highest */
	CHECK(missing == 2);
	begin();
	arrive(A, 1000);
	arrive_all(A, 1003, 1001 + 4096);
	arrive(A, 1002); /* 4,095 behind: the last in the window */
	CHECK(missing == 1);
}

/* The numbers that a window's bits stood for before are forgotten without being cleared. */
static void reuses_the_window(void)
{
	begin();
	arrive_all(A, 0, 4095);
	arrive(A, 4095 + 2001); /* without 2,000: their bits are those of 0 to 1,999 */
	CHECK(missing == 2000);
	arrive_all(A, 4096, 4095 + 2000);
	CHECK(missing == 0);
}

static void restarts(void)
{
	begin();
	arrive_all(A, 0, 99);
	arrive(A, 20000); /* more than 3,000 ahead, and no time for so many: on probation */
	CHECK(missing == 0);
	arrive(A, 20001);
	arrive(A, 20004);
	CHECK(missing == 2);
	arrive(A, 19999); /* perhaps of the run before */
	CHECK(missing == 2);
	arrive(A, 20005);
	CHECK(missing == 2);
	arrive_all(A, 5000, 5100); /* and behind */
	arrive(A, 5103);
	CHECK(missing == 4);
	/* The same numbers again, and now 5,050 is missing: what came in the run before does not count. */
	arrive_all(A, 40000, 40001);
	arrive_all(A, 5000, 5049);
	arrive(A, 5051);
	CHECK(missing == 5);
	arrive(A, 5050);
	CHECK(missing == 4);
}

/* One stray number, far away, is no restart. */
static void ignores_a_single_stray(void)
{
	begin();
	arrive_all(A, 0, 99);
	arrive(A, 30000);
	arrive(A, 100);
	arrive(A, 30001);
	arrive(A, 101);
	CHECK(missing == 0);
}

static void takes_a_dropout_for_a_loss(void)
{
	begin();
	arrive_all(A, 0, 99);
	arrive(A, 99 + 3000); /* RFC 3550 A.1: MAX_DROPOUT, however short the time */
	CHECK(missing == 2999);
	begin();
	arrive_all(A, 0, 99);
	arrive(A, 99 + 3003); /* one above 3,000 + 2 x 1 a us x 1 us: no loss explains it */
	CHECK(missing == 0);
	begin();
	arrive_all(A, 0, 99);
	arrive(A, 99 + 3002);
	CHECK(missing == 3001);
}

/* A packet a microsecond; then nothing for 24 ms, in which 24,000 can have been sent, and 48,000 are believed. */
static void judges_a_jump_by_the_pace(void)
{
	begin();
	arrive_all(A, 0, 9999);
	now_ns += 24 * MS;
	arrive(A, 9999 + 24000);
	CHECK(missing == 23999);
	/* The silence is remembered: a jump that comes soon after it is believed as well. */
	arrive(A, 9999 + 24000 + 20000);
	CHECK(missing == 23999 + 19999);
}

/* Hours between packets: the products would leave 64 bits. */
static void judges_a_slow_stream(void)
{
	begin();
	for (uint32_t i = 0; i < 10; i++) {
		now_ns += 3600000 * MS;
		arrive(A, i);
	}
	now_ns += 100 * 3600000 * MS;
	arrive(A, 9 + 3100); /* 3,000 + 2 x 100 numbers in 100 hours */
	CHECK(missing == 3099);
	arrive(A, 9 + 3100 + 4000); /* 3,000 + 2 x 100 again at most */
	CHECK(missing == 3099);
}

/* 12 in turns, of which 4 are kept: each begins anew, and nothing is counted or taken off for that. */
static void keeps_the_latest_ssrcs(void)
{
	begin();
	for (uint32_t ssrc = 0; ssrc < 12; ssrc++) {
		arrive(ssrc, 1000 * ssrc);
		arrive(ssrc, 1000 * ssrc + 2);
	}
	CHECK(missing == 12);
	for (int turns = 0; turns < 1000; turns++) {
		for (uint32_t ssrc = 0; ssrc < 12; ssrc++)
			arrive(ssrc, 7 * turns);
	}
	CHECK(missing == 12);

	begin();
	for (uint32_t ssrc = 1; ssrc <= 4; ssrc++)
		arrive(ssrc, 100);
	arrive(1, 101);
	arrive(5, 100); /* takes the place of 2, which has been silent longest */
	arrive(1, 104); /* without 102 and 103 */
	arrive(3, 103); /* without 101 and 102 */
	CHECK(missing == 4);
	arrive(2, 500); /* anew, in the place of 4 */
	CHECK(missing == 4);
	arrive(4, 900);
	CHECK(missing == 4);
}

static void tells_ssrcs_apart(void)
{
	begin();
	for (uint32_t i = 0; i < 1000; i++) {
		arrive(1, 50000 + i);
		arrive(2, 100 + 2 * i); /* every second one is missing */
	}
	CHECK(missing == 999);
}

static void knows_rtp(void)
{
	CHECK(watch_is_rtp(&(struct rtp_header){ .first = 0x80, .second = 96 }, 12));
	CHECK(watch_is_rtp(&(struct rtp_header){ .first = 0x80, .second = 0x80 | 33 }, 172));
	CHECK(watch_is_rtp(&(struct rtp_header){ .first = 0xb0, .second = 96 }, 12)); /* not looked at further */
	CHECK(!watch_is_rtp(&(struct rtp_header){ .first = 0x80, .second = 96 }, 11));
	CHECK(!watch_is_rtp(&(struct rtp_header){ .first = 0x40, .second = 96 }, 172));
	CHECK(!watch_is_rtp(&(struct rtp_header){ .first = 0xc0, .second = 96 }, 172));
	CHECK(watch_is_rtp(&(struct rtp_header){ .first = 0x8f, .second = 96 }, 72)); /* 12 and 15 CSRCs of 4 */
	CHECK(!watch_is_rtp(&(struct rtp_header){ .first = 0x8f, .second = 96 }, 71));
	for (int type = 200; type <= 204; type++) /* RTCP: RFC 5761 4 */
		CHECK(!watch_is_rtp(&(struct rtp_header){ .first = 0x80, .second = (__u8)type }, 172));
	CHECK(watch_is_rtp(&(struct rtp_header){ .first = 0x80, .second = 71 }, 172));
	CHECK(watch_is_rtp(&(struct rtp_header){ .first = 0x80, .second = 77 }, 172));
}

int main(void)
{
	counts_what_is_jumped_over();
	begins_with_zero_and_ssrc_zero();
	goes_on_over_the_wrap();
	moves_the_start_back();
	knows_a_window();
	reuses_the_window();
	restarts();
	ignores_a_single_stray();
	takes_a_dropout_for_a_loss();
	judges_a_jump_by_the_pace();
	judges_a_slow_stream();
	keeps_the_latest_ssrcs();
	tells_ssrcs_apart();
	knows_rtp();
	return 0;
}
