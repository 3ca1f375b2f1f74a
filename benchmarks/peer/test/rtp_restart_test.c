/* SPDX-License-Identifier: Apache-2.0 */
/* What tells a long loss from a sender that started again, and jitter: RtpRestartTest, RtpJitterTest, RtpClockTest. */
#include "rtp_lab.h"

#define SPACING_AT_520_KPPS_NS 1923
#define TICKS 160 /* 20 ms at 8 kHz */

static void restarts_when_the_next_packet_confirms(void)
{
	begin();
	arrive_all(50000, 50099);
	arrive(100);
	EXPECT(101, 0, 0, 0, 1);
	EXPECT_COUNT(restarts, 0);
	arrive_all(101, 102);
	EXPECT(103, 0, 0, 0, 0);
	EXPECT_COUNT(restarts, 1);
	EXPECT_COUNT(discontinuities, 1);
	begin();
	arrive_all(100, 199);
	arrive_all(20000, 20001);
	EXPECT(102, 0, 0, 0, 0);
	EXPECT_COUNT(restarts, 1);
	begin();
	arrive_all(30000, 30010);
	arrive_all(65535, 65537); /* over the wrap */
	EXPECT(14, 0, 0, 0, 0);
	EXPECT_COUNT(restarts, 1);
}

static void keeps_the_loss_of_the_run_before(void)
{
	begin();
	arrive(50000);
	arrive(50003);
	arrive_all(100, 101);
	arrive(103);
	EXPECT(5, 3, 0, 0, 0);
	EXPECT_COUNT(expected, 4 + 4);
	begin();
	arrive_all(0, 9999);
	arrive_all(4096, 4100);
	arrive(4102);
	arrive(4101);
	EXPECT(10007, 0, 1, 0, 0); /* no duplicates of the run before */
	EXPECT_COUNT(restarts, 1);
	begin();
	arrive_all(100, 200);
	arrive_all(3300, 3301);
	EXPECT_COUNT(restarts, 1);
	arrive(201); /* perhaps of the run before */
	arrive(3302);
	EXPECT(105, 0, 0, 0, 1);
	EXPECT_COUNT(restarts, 1);
}

static void ignores_stray_packets(void)
{
	begin();
	arrive_all(100, 200);
	arrive(20000);
	arrive_all(201, 300);
	arrive(50000);
	arrive_all(301, 400);
	EXPECT(303, 0, 0, 0, 2);
	EXPECT_COUNT(restarts, 0);
	EXPECT_COUNT(discontinuities, 4);
	begin();
	arrive_all(50000, 50010);
	arrive(100); /* a restart whose second packet is lost begins at the third */
	arrive_all(102, 104);
	EXPECT(15, 0, 0, 0, 1);
	EXPECT_COUNT(restarts, 1);
}

/* RFC 3550 A.1: MAX_DROPOUT, however short the time. */
static void takes_a_dropout_for_a_loss(void)
{
	begin();
	spacing_ns = 0;
	arrive_all(1, 100);
	arrive_all(100 + RTP_MAX_DROPOUT, 101 + RTP_MAX_DROPOUT);
	EXPECT(102, RTP_MAX_DROPOUT - 1, 0, 0, 0);
	EXPECT_COUNT(restarts, 0);
	begin();
	spacing_ns = 0;
	arrive_all(1, 100);
	arrive_all(101 + RTP_MAX_DROPOUT, 102 + RTP_MAX_DROPOUT);
	EXPECT(102, 0, 0, 0, 0);
	EXPECT_COUNT(restarts, 1);
}

/* 46 ms of a stream of 520,000 packets a second. */
static void believes_a_loss_at_the_streams_pace(void)
{
	static const uint32_t befores[] = { 100, 5000, 65536, 200000 };

	for (int i = 0; i < 4; i++) {
		begin();
		spacing_ns = SPACING_AT_520_KPPS_NS;
		arrive_all(0, befores[i] - 1);
		now_ns += 46 * MS;
		arrive_all(befores[i] + 24000, befores[i] + 24099);
		EXPECT(befores[i] + 100, 24000, 0, 0, 0);
		EXPECT_COUNT(restarts, 0);
	}
	begin();
	spacing_ns = SPACING_AT_520_KPPS_NS;
	arrive_all(0, 4999);
	arrive_all(29000, 29099); /* without the pause */
	EXPECT(5100, 0, 0, 0, 0);
	EXPECT_COUNT(restarts, 1);
}

/* 10 s at a packet a millisecond: twice the 10,000 packets, and MAX_DROPOUT. */
static void limits_a_loss_to_twice_the_pace(void)
{
	static const struct {
		uint32_t jump, lost, restarts;
	} cases[] = { { 22900, 22899, 0 }, { 23100, 0, 1 } };

	for (int i = 0; i < 2; i++) {
		begin();
		spacing_ns = MS;
		arrive_all(0, 9999);
		now_ns += 9999 * MS;
		arrive_all(9999 + cases[i].jump, 10000 + cases[i].jump);
		EXPECT(10002, cases[i].lost, 0, 0, 0);
		EXPECT_COUNT(restarts, cases[i].restarts);
	}
}

static void measures_the_pace_without_the_longest_silence(void)
{
	begin();
	spacing_ns = SPACING_AT_520_KPPS_NS;
	arrive(0);
	now_ns += 60000 * MS; /* a pause of the sender */
	arrive_all(1, 2000);
	now_ns += 46 * MS;
	arrive_all(26001, 26002);
	EXPECT(2003, 24000, 0, 0, 0);
	EXPECT_COUNT(restarts, 0);
	begin();
	spacing_ns = MS;
	arrive_all(0, 999);
	now_ns += 10000 * MS;
	arrive_all(20000, 20999); /* what was lost in a silence is no part of the pace */
	arrive_all(45000, 45001);
	EXPECT(2002, 19000, 0, 0, 0);
	EXPECT_COUNT(restarts, 1);
	begin();
	spacing_ns = MS;
	arrive_all(0, 4999);
	now_ns += 1000 * MS;
	arrive(1000); /* nor is the step back of a straggler */
	arrive_all(11000, 11001);
	EXPECT(5003, 0, 0, 1, 0);
	EXPECT_COUNT(restarts, 1);
}

static void forgets_after_two_cycles(void)
{
	begin();
	spacing_ns = SPACING_AT_520_KPPS_NS;
	arrive_all(0, 59999);
	now_ns += 46 * MS; /* in the cycle before that of the jump */
	arrive_all(60000, 69999);
	arrive_all(90000, 90009);
	EXPECT(70010, 20000, 0, 0, 0);
	EXPECT_COUNT(restarts, 0);
	begin();
	spacing_ns = SPACING_AT_520_KPPS_NS;
	arrive_all(0, 999);
	now_ns += 1000 * MS; /* a long silence */
	arrive_all(1000, 199999);
	arrive_all(220000, 220009);
	EXPECT(200010, 0, 0, 0, 0);
	EXPECT_COUNT(restarts, 1);
	begin();
	spacing_ns = 100 * MS; /* a slow pace */
	arrive_all(0, 9999);
	spacing_ns = SPACING_AT_520_KPPS_NS;
	arrive_all(10000, 199999);
	now_ns += 46 * MS;
	arrive_all(224000, 224001);
	EXPECT(200002, 24000, 0, 0, 0);
	EXPECT_COUNT(restarts, 0);
}

static void judges_bursts_without_time(void)
{
	begin();
	spacing_ns = 0;
	arrive_all(0, 63);
	now_ns += 46 * MS;
	arrive_all(24064, 24127);
	EXPECT(128, 24000, 0, 0, 0);
	EXPECT_COUNT(restarts, 0);
	begin();
	spacing_ns = 0;
	arrive_all(0, 63);
	arrive_all(24064, 24065);
	EXPECT(66, 0, 0, 0, 0);
	EXPECT_COUNT(restarts, 1);
}

/* Arrives `ms` after the beginning; of 20 ms each. */
static void arrive_at(uint64_t ms, uint32_t sequence)
{
	now_ns = 1000 * MS + ms * MS;
	packet(sequence, sequence * TICKS);
}

static void expect_jitter_ms(double expected)
{
	double difference = rtp_flow_jitter_ns(&flow) / 1e6 - expected;

	CHECK(difference < 1e-9 && difference > -1e-9, "%.9f, not %.9f", expected + difference, expected);
}

/* RFC 3550 A.8: J += (|D| - J) / 16, D by hand. */
static void measures_jitter(void)
{
	begin();
	arrive_at(0, 0);
	arrive_at(20, 1);
	expect_jitter_ms(0);
	arrive_at(45, 2); /* 5 ms late */
	expect_jitter_ms(5.0 / 16);
	arrive_at(60, 3);
	expect_jitter_ms(5.0 / 16 + (5 - 5.0 / 16) / 16);
	begin();
	arrive_at(0, 0);
	arrive_at(20, 1);
	arrive_at(27, 1); /* a duplicate takes part */
	expect_jitter_ms(7.0 / 16);
	begin();
	arrive_at(0, 0);
	arrive_at(40, 2);
	arrive_at(43, 1); /* and a straggler, in order of arrival */
	expect_jitter_ms(23.0 / 16);
	begin();
	arrive_at(0, 0);
	arrive_at(20, 1);
	arrive_at(60, 3); /* a loss has none */
	expect_jitter_ms(0);
}

static void leaves_late_packets_out_of_the_jitter(void)
{
	begin();
	arrive_at(0, 0);
	arrive_at(20, 1);
	arrive_at(25, 40000);
	arrive_at(40, 2);
	expect_jitter_ms(0);
	arrive_at(47, 50000);
	arrive_at(67, 50001);
	expect_jitter_ms(0);
	EXPECT_COUNT(restarts, 1);
	arrive_at(92, 50002);
	expect_jitter_ms(5.0 / 16);
}

/* 100 ticks in no time, by a row of the tables 4 and 5 of RFC 3551 6, or by the clock of video. */
static void has_the_clock_of_the_payload_type(void)
{
	static const uint32_t rate_hz[128] = {
		[0] = 8000,  [3] = 8000,   [4] = 8000,   [5] = 8000,   [6] = 16000, [7] = 8000,
		[8] = 8000,  [9] = 8000,   [10] = 44100, [11] = 44100, [12] = 8000, [13] = 8000,
		[15] = 8000, [16] = 11025, [17] = 22050, [18] = 8000,
	};

	for (int type = 0; type < 128; type++) {
		begin();
		payload_type = type;
		if (type >= 72 && type <= 76)
			continue;
		packet(0, (uint32_t)-50);
		packet(1, 50);
		expect_jitter_ms(100 * 1e3 / (rate_hz[type] ? rate_hz[type] : 90000) / 16);
	}
}

static void knows_no_difference_between_two_clocks(void)
{
	begin();
	packet(0, 0);
	payload_type = 33;
	now_ns += 20 * MS;
	packet(1, 123456);
	expect_jitter_ms(0);
	now_ns += 25 * MS;
	packet(2, 123456 + 1800);
	expect_jitter_ms(5.0 / 16);
	begin();
	packet(0, 0);
	payload_type = 8; /* of the same clock */
	now_ns += 25 * MS;
	packet(1, TICKS);
	expect_jitter_ms(5.0 / 16);
}

int main(void)
{
	restarts_when_the_next_packet_confirms();
	keeps_the_loss_of_the_run_before();
	ignores_stray_packets();
	takes_a_dropout_for_a_loss();
	believes_a_loss_at_the_streams_pace();
	limits_a_loss_to_twice_the_pace();
	measures_the_pace_without_the_longest_silence();
	forgets_after_two_cycles();
	judges_bursts_without_time();
	measures_jitter();
	leaves_late_packets_out_of_the_jitter();
	has_the_clock_of_the_payload_type();
	knows_no_difference_between_two_clocks();
	return 0;
}
