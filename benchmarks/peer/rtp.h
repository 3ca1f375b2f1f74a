/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks the RTP packets of a flow exactly as the Java classes RtpFlow, RtpStream, SequenceWindow, StreamPace,
 * RtpHeader and RtpClock do, where every rule is explained; RtpCounter says what is counted. The words are those of
 * RFC 3550.
 *
 * One thread writes and reads.
 */
#ifndef XDP4J_PEER_RTP_H
#define XDP4J_PEER_RTP_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define RTP_STREAMS 16       /* SSRCs remembered at a time: RtpFlow.MAX_STREAMS */
#define RTP_WINDOW 4096      /* sequence numbers, the highest included: SequenceWindow.SIZE */
#define RTP_MAX_DROPOUT 3000 /* RFC 3550 A.1: StreamPace.MAX_DROPOUT */
#define RTP_HEADER_BYTES 12  /* without CSRCs and extension */
#define RTP_CACHE_LINE 64

struct rtp_counts {
	uint64_t received;
	uint64_t expected;
	uint64_t lost;
	uint64_t discontinuities;
	uint64_t reordered;
	uint64_t duplicate;
	uint64_t late;
	uint64_t ssrc_changes;
	uint64_t restarts;
	uint64_t non_rtp;
	uint64_t bytes;
};

/* What the check needs of a packet. */
struct rtp_packet {
	uint32_t ssrc;
	uint32_t timestamp;
	uint16_t sequence;
	uint8_t payload_type;
	uint32_t payload_bytes;
	uint64_t arrival_ns;
};

/* A cycle of 65,536 sequence numbers, to tell the pace by. */
struct rtp_cycle {
	int64_t silence_ns; /* the longest time between two packets */
	int64_t silence_advance;
	int64_t first;
	uint64_t start_ns;
};

/* The packets of one SSRC. Sequence numbers are extended to 64 bits. */
struct rtp_stream {
	/* A cache line that every packet reads and writes. */
	uint32_t ssrc;
	uint32_t last_timestamp;
	uint64_t last_arrival_ns;
	int64_t highest;
	uint16_t next_sequence; /* behind the packet that came last */
	uint8_t payload_type;
	bool on_probation;
	uint32_t clock_rate_hz;
	uint64_t received;
	uint64_t payload_bytes;
	double ns_per_tick;
	double jitter_ns;

	/* One of which it reads the first word. */
	struct rtp_cycle cycle;
	struct rtp_cycle previous;

	/* One bit of these: which numbers have arrived, by the number modulo RTP_WINDOW. */
	uint64_t window[RTP_WINDOW / 64];

	/* And nothing of these, while packets come in order. */
	uint64_t discontinuities;
	uint64_t reordered;
	uint64_t duplicate;
	uint64_t late;
	uint64_t restarts;
	int64_t base;
	uint64_t expected_in_earlier_runs;
	uint64_t probation_arrival_ns;
	uint32_t probation_timestamp;
	uint64_t last_use; /* when another SSRC took over from this one, as the flow counts it */
} __attribute__((aligned(RTP_CACHE_LINE)));

/* All zeros at first. */
struct rtp_flow {
	uint32_t current; /* of the streams */
	uint32_t streams_used;
	uint64_t uses;
	uint64_t ssrc_changes;
	uint64_t non_rtp;
	struct rtp_counts forgotten; /* of streams that made room */
	struct rtp_stream streams[RTP_STREAMS];
};

/* What has been counted, of all SSRCs that ever came. */
void rtp_flow_counts(const struct rtp_flow *flow, struct rtp_counts *counts);

/* Of the SSRC that came last; 0 when none has. */
double rtp_flow_jitter_ns(const struct rtp_flow *flow);

/* For the functions below alone, which leave to these what is rare. */
int rtp_optional_parts(const uint8_t *packet, int length);
void rtp_flow_other(struct rtp_flow *flow, const struct rtp_packet *packet);

static inline uint16_t rtp_read16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return ntohs(value);
}

static inline uint32_t rtp_read32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return ntohl(value);
}

/* Bytes between header and padding, or -1 for what is not RTP. RTCP has the payload types 72 to 76: RFC 5761 4. */
static inline int rtp_payload_length(const uint8_t *packet, int length)
{
	uint8_t payload_type;

	if (length < RTP_HEADER_BYTES || packet[0] >> 6 != 2)
		return -1;
	payload_type = packet[1] & 0x7f;
	if (payload_type >= 72 && payload_type <= 76)
		return -1;
	return packet[0] == 0x80 ? length - RTP_HEADER_BYTES : rtp_optional_parts(packet, length);
}

static inline void rtp_window_add(struct rtp_stream *stream, int64_t number)
{
	stream->window[(uint64_t)number % RTP_WINDOW / 64] |= 1ull << (uint64_t)number % 64;
}

/* `advance` is how far the packet moved the highest number. */
static inline void rtp_note_gap(struct rtp_cycle *cycle, int64_t gap_ns, int64_t advance)
{
	if (gap_ns > cycle->silence_ns) {
		cycle->silence_ns = gap_ns;
		cycle->silence_advance = advance;
	}
}

/* RFC 3550 A.8, in nanoseconds. `ticks` is by how much the timestamp differs from the one before. */
static inline void rtp_update_jitter(struct rtp_stream *stream, int64_t gap_ns, int32_t ticks)
{
	double difference = (double)gap_ns - ticks * stream->ns_per_tick;

	stream->jitter_ns += ((difference < 0 ? -difference : difference) - stream->jitter_ns) * (1.0 / 16);
}

/* Whether it is in order, and changes neither cycle nor clock. A stream that is not used yet has no such packet. */
static inline bool rtp_is_next(const struct rtp_stream *stream, const struct rtp_packet *packet)
{
	return packet->ssrc == stream->ssrc && packet->sequence == stream->next_sequence &&
	       packet->sequence == (uint16_t)(stream->highest + 1) && packet->sequence != 0 &&
	       packet->payload_type == stream->payload_type;
}

/* Nobody is on probation: behind such a packet comes none that is next. */
static inline void rtp_count_next(struct rtp_stream *stream, const struct rtp_packet *packet)
{
	int64_t gap_ns = (int64_t)(packet->arrival_ns - stream->last_arrival_ns);

	stream->received++;
	stream->payload_bytes += packet->payload_bytes;
	stream->next_sequence = packet->sequence + 1;
	rtp_window_add(stream, ++stream->highest);
	stream->last_arrival_ns = packet->arrival_ns;
	rtp_note_gap(&stream->cycle, gap_ns, 1);
	rtp_update_jitter(stream, gap_ns, (int32_t)(packet->timestamp - stream->last_timestamp));
	stream->last_timestamp = packet->timestamp;
}

/* Counts a UDP payload. */
static inline void rtp_flow_packet(struct rtp_flow *flow, const uint8_t *payload, int length, uint64_t arrival_ns)
{
	int payload_bytes = rtp_payload_length(payload, length);
	struct rtp_stream *stream = &flow->streams[flow->current];
	struct rtp_packet packet;

	if (payload_bytes < 0) {
		flow->non_rtp++;
		return;
	}
	packet = (struct rtp_packet){
		.ssrc = rtp_read32(payload + 8),
		.timestamp = rtp_read32(payload + 4),
		.sequence = rtp_read16(payload + 2),
		.payload_type = payload[1] & 0x7f,
		.payload_bytes = payload_bytes,
		.arrival_ns = arrival_ns,
	};
	if (rtp_is_next(stream, &packet))
		rtp_count_next(stream, &packet);
	else
		rtp_flow_other(flow, &packet);
}

#endif
