/* SPDX-License-Identifier: Apache-2.0 */
/* Loss, order and duplicates, several SSRCs, and what is no RTP: RtpSequenceTest, RtpSsrcTest and RtpHeaderTest. */
#include "rtp_lab.h"

static void expects_the_first_packet_whatever_its_number(void)
{
	static const uint32_t firsts[] = { 0, 1, 32767, 32768, 65535 };

	begin();
	EXPECT(0, 0, 0, 0, 0);
	for (int i = 0; i < 5; i++) {
		begin();
		arrive(firsts[i]);
		EXPECT(1, 0, 0, 0, 0);
		arrive(firsts[i] + 1);
		EXPECT(2, 0, 0, 0, 0);
		EXPECT_COUNT(discontinuities, 0);
	}
}

static void goes_on_over_wraps(void)
{
	begin();
	arrive_all(65530, 65530 + 200000);
	EXPECT(200001, 0, 0, 0, 0);
	EXPECT_COUNT(discontinuities, 0);
	EXPECT_COUNT(bytes, 200001 * PAYLOAD_BYTES);
}

static void counts_what_is_jumped_over(void)
{
	begin();
	arrive_all(1, 2);
	arrive_all(6, 7);
	EXPECT(4, 3, 0, 0, 0);
	EXPECT_COUNT(discontinuities, 1);
	EXPECT_COUNT(expected, 7);
	begin();
	arrive_all(65533, 65534);
	arrive_all(2, 3);
	EXPECT(4, 3, 0, 0, 0);
}

static void heals_a_gap(void)
{
	begin();
	arrive(1);
	arrive(3);
	EXPECT(2, 1, 0, 0, 0);
	arrive(2);
	EXPECT(3, 0, 1, 0, 0);
	arrive(2);
	EXPECT(4, 0, 1, 1, 0);
	arrive(4);
	EXPECT(5, 0, 1, 1, 0);
	EXPECT_COUNT(discontinuities, 4); /* 1-3, 3-2, 2-2 and 2-4 */
	begin();
	arrive(65534);
	arrive(0);
	arrive(65535);
	arrive(2);
	arrive(1);
	arrive(3);
	EXPECT(6, 0, 2, 0, 0);
}

static void moves_the_start_back(void)
{
	begin();
	arrive(0);
	arrive(65535);
	arrive(1);
	EXPECT(3, 0, 1, 0, 0);
	arrive(65532);
	EXPECT(4, 2, 2, 0, 0);
}

static void knows_a_window(void)
{
	begin();
	arrive_all(0, RTP_WINDOW - 1);
	arrive(0);
	EXPECT(RTP_WINDOW + 1, 0, 0, 1, 0);
	begin();
	arrive_all(0, RTP_WINDOW);
	arrive(0);
	EXPECT(RTP_WINDOW + 2, 0, 0, 0, 1);
	arrive(RTP_WINDOW + 1);
	EXPECT(RTP_WINDOW + 3, 0, 0, 0, 1);
	EXPECT_COUNT(restarts, 0);
	begin();
	arrive(0);
	arrive_all(2, RTP_WINDOW);
	arrive(1);
	EXPECT(RTP_WINDOW + 1, 0, 1, 0, 0);
	begin();
	arrive(0);
	arrive_all(2, RTP_WINDOW + 1);
	arrive(1);
	EXPECT(RTP_WINDOW + 2, 1, 0, 0, 1);
}

/* Numbers passed over must not keep the bits of those a window before them, whatever words they lie in. */
static void forgets_what_a_jump_passes_over(void)
{
	static const uint32_t losses[] = { 1, 2, 63, 64, 65, 127, 128, 129, 1000, 2998, 2999 };

	for (int i = 0; i < 11; i++) {
		for (uint32_t start = 10000; start < 10000 + 130; start += 13) {
			uint32_t lost = losses[i], beyond = start + RTP_WINDOW + lost;

			begin();
			arrive_all(start, start + RTP_WINDOW - 1);
			arrive(beyond);
			EXPECT(RTP_WINDOW + 1, lost, 0, 0, 0);
			arrive_all(start + RTP_WINDOW, beyond - 1);
			EXPECT(RTP_WINDOW + 1 + lost, 0, lost, 0, 0);
			/* What was within reach before the jump and still is. */
			arrive(beyond - RTP_WINDOW + 1);
			arrive(start + RTP_WINDOW - 1);
			EXPECT(RTP_WINDOW + 3 + lost, 0, lost, 2, 0);
		}
	}
	begin();
	spacing_ns = 2000;
	arrive_all(0, 9999);
	now_ns += 20 * MS;
	arrive(19999); /* more than the window */
	EXPECT(10001, 9999, 0, 0, 0);
	arrive_all(19999 - RTP_WINDOW + 1, 19998);
	EXPECT(10001 + RTP_WINDOW - 1, 9999 - RTP_WINDOW + 1, RTP_WINDOW - 1, 0, 0);
}

static void tells_ssrcs_apart(void)
{
	begin();
	for (uint32_t i = 0; i < 1000; i++) {
		ssrc = 0xaaaaaaaa;
		arrive(60000 + i);
		ssrc = 0;
		arrive(10 + 2 * i);
	}
	EXPECT(2000, 999, 0, 0, 0);
	EXPECT_COUNT(ssrc_changes, 1);
	EXPECT_COUNT(discontinuities, 999);
}

static void forgets_the_longest_silent(void)
{
	begin();
	for (ssrc = 1; ssrc <= RTP_STREAMS; ssrc++) {
		arrive(1);
		arrive(3);
	}
	ssrc = 1;
	arrive(4);
	ssrc = 100; /* in the place of 2 */
	arrive(9);
	EXPECT(2 * RTP_STREAMS + 2, RTP_STREAMS, 0, 0, 0);
	ssrc = 1;
	arrive(6); /* goes on */
	EXPECT(2 * RTP_STREAMS + 3, RTP_STREAMS + 1, 0, 0, 0);
	EXPECT_COUNT(ssrc_changes, RTP_STREAMS);
	ssrc = 2;
	arrive(500); /* anew */
	EXPECT(2 * RTP_STREAMS + 4, RTP_STREAMS + 1, 0, 0, 0);
	EXPECT_COUNT(ssrc_changes, RTP_STREAMS + 1);
	CHECK(rtp_flow_jitter_ns(&flow) == 0, "of the stream before");
}

static void stays_bounded_in_a_flood_of_ssrcs(void)
{
	begin();
	for (uint32_t i = 0; i < 200000; i++) {
		ssrc = 0x9e3779b9 * (i + 1); /* an odd factor: all different */
		arrive(i);
	}
	EXPECT(200000, 0, 0, 0, 0);
	EXPECT_COUNT(ssrc_changes, 199999);
	EXPECT_COUNT(bytes, 200000 * PAYLOAD_BYTES);
}

/* Hex digits; blanks are passed over. In memory of its own, so that a sanitizer sees what is read beyond its end. */
static int payload_length(const char *hex)
{
	uint8_t *bytes = malloc(strlen(hex) / 2 + 1), *exact;
	int length = 0, result;
	unsigned int byte;

	for (int used; sscanf(hex, " %2x%n", &byte, &used) == 1; hex += used)
		bytes[length++] = byte;
	exact = malloc(length);
	if (length)
		memcpy(exact, bytes, length);
	result = rtp_payload_length(exact, length);
	free(exact);
	free(bytes);
	return result;
}

#define REST " fffe 80000001 deadbeef" /* sequence, timestamp, SSRC */
#define EXPECT_LENGTH(hex, length) CHECK(payload_length(hex) == (length), "%d", payload_length(hex))

static void reads_the_header(void)
{
	char hex[64];

	EXPECT_LENGTH("80 e0" REST "aabbcc", 3);
	EXPECT_LENGTH("80 21" REST, 0);
	EXPECT_LENGTH("b2 21" REST "00000001 00000002 bede0001 10aa0000 0102030405 000003", 5);
	EXPECT_LENGTH("90 21" REST "bede0000", 0);
	EXPECT_LENGTH("a0 21" REST "000003", 0); /* padding only */
	EXPECT_LENGTH("00 21" REST, -1);
	EXPECT_LENGTH("40 21" REST, -1);
	EXPECT_LENGTH("c0 21" REST, -1);
	EXPECT_LENGTH("", -1);
	EXPECT_LENGTH("80", -1);
	EXPECT_LENGTH("80 21 fffe 80000001 deadbe", -1);
	EXPECT_LENGTH("82 21" REST "00000001 000000", -1); /* CSRC list cut */
	EXPECT_LENGTH("90 21" REST, -1);
	EXPECT_LENGTH("90 21" REST "bede00", -1);
	EXPECT_LENGTH("90 21" REST "bede0002 00000000 000000", -1);
	EXPECT_LENGTH("90 21" REST "bedeffff", -1);
	EXPECT_LENGTH("a0 21" REST "0102 00", -1); /* padding of 0 bytes */
	EXPECT_LENGTH("a0 21" REST "0102 04", -1); /* into the header */
	EXPECT_LENGTH("a0 21" REST "0102 ff", -1);
	EXPECT_LENGTH("a0 21" REST, -1);
	for (int second = 0; second < 256; second++) {
		snprintf(hex, sizeof(hex), "80 %02x" REST, second);
		/* SR, RR, SDES, BYE, APP: RFC 3550 12.1; and the same without the marker. */
		EXPECT_LENGTH(hex, (second & 0x7f) >= 72 && (second & 0x7f) <= 76 ? -1 : 0);
	}
}

static void counts_what_is_not_rtp_and_nothing_else_of_it(void)
{
	static const uint8_t text[] = "not RTP at all, but long enough";

	begin();
	arrive_all(1, 2);
	rtp_flow_packet(&flow, text, sizeof(text), now_ns);
	rtp_flow_packet(&flow, text, 0, now_ns);
	arrive(3);
	EXPECT(3, 0, 0, 0, 0);
	EXPECT_COUNT(non_rtp, 2);
	EXPECT_COUNT(discontinuities, 0);
}

int main(void)
{
	expects_the_first_packet_whatever_its_number();
	goes_on_over_wraps();
	counts_what_is_jumped_over();
	heals_a_gap();
	moves_the_start_back();
	knows_a_window();
	forgets_what_a_jump_passes_over();
	tells_ssrcs_apart();
	forgets_the_longest_silent();
	stays_bounded_in_a_flood_of_ssrcs();
	reads_the_header();
	counts_what_is_not_rtp_and_nothing_else_of_it();
	return 0;
}
