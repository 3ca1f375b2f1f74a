/* SPDX-License-Identifier: Apache-2.0 */
/* Writes RTP packets by hand and gives them to a flow: RtpSender of the Java tests. */
#ifndef XDP4J_PEER_TEST_RTP_LAB_H
#define XDP4J_PEER_TEST_RTP_LAB_H

#include "check.h"
#include "rtp.h"

#define MS 1000000ull
#define PAYLOAD_BYTES 160

static struct rtp_flow flow;
static uint64_t now_ns, spacing_ns;
static uint32_t ssrc;
static uint8_t payload_type;

static inline void begin(void)
{
	memset(&flow, 0, sizeof(flow));
	now_ns = 1000 * MS;
	spacing_ns = 20 * MS;
	ssrc = 0x1234;
	payload_type = 0;
}

static inline void put32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = value >> (24 - 8 * i);
}

/* Arrives now. */
static inline void packet(uint32_t sequence, uint32_t timestamp)
{
	uint8_t bytes[RTP_HEADER_BYTES + PAYLOAD_BYTES] = { 0x80, payload_type, sequence >> 8, sequence };

	put32(bytes + 4, timestamp);
	put32(bytes + 8, ssrc);
	rtp_flow_packet(&flow, bytes, sizeof(bytes), now_ns);
}

/* The sequence number modulo 65,536; the next packet comes `spacing_ns` later. */
static inline void arrive(uint32_t sequence)
{
	packet(sequence, sequence * PAYLOAD_BYTES);
	now_ns += spacing_ns;
}

/* Both included. */
static inline void arrive_all(uint32_t from, uint32_t to)
{
	for (uint32_t sequence = from; sequence <= to; sequence++)
		arrive(sequence);
}

static inline struct rtp_counts counts(void)
{
	struct rtp_counts counts;

	rtp_flow_counts(&flow, &counts);
	return counts;
}

/* What tells where each packet went. */
#define EXPECT(received_, lost_, reordered_, duplicate_, late_)                                                        \
	do {                                                                                                           \
		struct rtp_counts c = counts();                                                                        \
		CHECK(c.received == (received_) && c.lost == (lost_) && c.reordered == (reordered_) &&                 \
			      c.duplicate == (duplicate_) && c.late == (late_),                                        \
		      "received %lu lost %lu reordered %lu duplicate %lu late %lu", c.received, c.lost, c.reordered,   \
		      c.duplicate, c.late);                                                                            \
		CHECK(c.expected == c.lost + c.received - c.duplicate - c.late, "out of balance: %lu", c.expected);    \
	} while (0)

#define EXPECT_COUNT(name, value)                                                                                      \
	do {                                                                                                           \
		uint64_t seen = counts().name;                                                                         \
		CHECK(seen == (value), "%lu", seen);                                                                   \
	} while (0)

#endif
