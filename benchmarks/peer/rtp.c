/* SPDX-License-Identifier: Apache-2.0 */
/* What is not simply the next packet. */
#include "rtp.h"

#define VIDEO_HZ 90000 /* also of dynamic payload types: RtpClock */
#define NS_PER_SECOND 1e9
#define PACE_HEADROOM 2.0 /* StreamPace.HEADROOM */

int rtp_optional_parts(const uint8_t *packet, int length)
{
	bool has_padding = packet[0] & 0x20, has_extension = packet[0] & 0x10;
	int header = RTP_HEADER_BYTES + (packet[0] & 0x0f) * 4; /* CSRCs */
	int padding, payload;

	if (has_extension) {
		if (length < header + 4)
			return -1;
		header += 4 + rtp_read16(packet + header + 2) * 4;
	}
	payload = length - header;
	if (payload < 0)
		return -1;
	if (!has_padding)
		return payload;
	padding = packet[length - 1];
	return padding == 0 || padding > payload ? -1 : payload - padding;
}

/* Tables 4 and 5 of RFC 3551 6. */
static uint32_t clock_rate_hz(uint8_t payload_type)
{
	switch (payload_type) {
	case 0:
	case 3:
	case 4:
	case 5:
	case 7:
	case 8:
	case 9:
	case 12:
	case 13:
	case 15:
	case 18:
		return 8000;
	case 6:
		return 16000;
	case 10:
	case 11:
		return 44100;
	case 16:
		return 11025;
	case 17:
		return 22050;
	default:
		return VIDEO_HZ;
	}
}

static void set_clock(struct rtp_stream *stream, uint8_t payload_type)
{
	stream->payload_type = payload_type;
	stream->clock_rate_hz = clock_rate_hz(payload_type);
	stream->ns_per_tick = NS_PER_SECOND / stream->clock_rate_hz;
}

static bool window_contains(const struct rtp_stream *stream, int64_t number)
{
	return stream->window[(uint64_t)number % RTP_WINDOW / 64] >> (uint64_t)number % 64 & 1;
}

/* Marks the numbers from `from` to before `to` as not arrived. */
static void window_skip(struct rtp_stream *stream, int64_t from, int64_t to)
{
	if (to - from >= RTP_WINDOW) {
		memset(stream->window, 0, sizeof(stream->window));
		return;
	}
	while (from < to) {
		int64_t word_end = (from | 63) + 1;
		int64_t end = word_end < to ? word_end : to;
		uint64_t bits = ~0ull >> (64 - (end - from)) << (uint64_t)from % 64;

		stream->window[(uint64_t)from % RTP_WINDOW / 64] &= ~bits;
		from = end;
	}
}

static void start_run(struct rtp_stream *stream, uint16_t sequence, uint32_t timestamp, uint64_t arrival_ns)
{
	const struct rtp_cycle cycle = { .first = sequence, .start_ns = arrival_ns };

	stream->base = sequence;
	stream->highest = stream->base - 1;
	stream->last_timestamp = timestamp;
	stream->last_arrival_ns = arrival_ns;
	stream->cycle = cycle;
	stream->previous = cycle;
	memset(stream->window, 0, sizeof(stream->window));
}

/* A new SSRC, whose first packet is still to be counted. */
static void start_stream(struct rtp_stream *stream, const struct rtp_packet *packet)
{
	uint64_t last_use = stream->last_use;

	memset(stream, 0, sizeof(*stream));
	stream->last_use = last_use;
	stream->ssrc = packet->ssrc;
	stream->next_sequence = packet->sequence;
	set_clock(stream, packet->payload_type);
	start_run(stream, packet->sequence, packet->timestamp, packet->arrival_ns);
}

static void advance_to(struct rtp_stream *stream, int64_t number, uint64_t arrival_ns)
{
	if ((number ^ stream->highest) >> 16) {
		stream->previous = stream->cycle;
		stream->cycle = (struct rtp_cycle){ .first = number, .start_ns = arrival_ns };
	}
	stream->highest = number;
	rtp_window_add(stream, number);
}

/* The packet on probation is the first of a new run, and the one at hand its second. */
static void restart(struct rtp_stream *stream, uint16_t first, uint64_t arrival_ns)
{
	stream->restarts++;
	stream->late--;
	stream->on_probation = false;
	stream->expected_in_earlier_runs += stream->highest - stream->base + 1;
	start_run(stream, first, stream->probation_timestamp, stream->probation_arrival_ns);
	advance_to(stream, first, stream->probation_arrival_ns);
	advance_to(stream, (int64_t)first + 1, arrival_ns);
}

/* Whether a loss explains a jump, by the stream's pace. */
static bool pace_explains(const struct rtp_stream *stream, int jump, uint64_t arrival_ns)
{
	bool in_previous = stream->previous.silence_ns > stream->cycle.silence_ns;
	const struct rtp_cycle *longest = in_previous ? &stream->previous : &stream->cycle;
	int64_t advance = stream->highest - stream->previous.first;
	int64_t span_ns = (int64_t)(stream->last_arrival_ns - stream->previous.start_ns);
	int64_t silence_ns = (int64_t)(arrival_ns - stream->last_arrival_ns);

	if (jump <= RTP_MAX_DROPOUT)
		return true;
	if (span_ns > longest->silence_ns && advance > longest->silence_advance) {
		advance -= longest->silence_advance;
		span_ns -= longest->silence_ns;
	}
	if (silence_ns < longest->silence_ns)
		silence_ns = longest->silence_ns;
	if (advance <= 0 || silence_ns <= 0)
		return false;
	return span_ns <= 0 || jump <= RTP_MAX_DROPOUT + PACE_HEADROOM * advance / span_ns * silence_ns;
}

/* Finds the place of a packet that is not the next one; false when it has none in this run. */
static bool place(struct rtp_stream *stream, int step, uint64_t arrival_ns)
{
	int64_t number = stream->highest + step;

	if (step > 0) {
		if (!pace_explains(stream, step, arrival_ns))
			return false;
		window_skip(stream, stream->highest + 1, number);
		advance_to(stream, number, arrival_ns);
		return true;
	}
	if (step <= -RTP_WINDOW)
		return false;
	if (window_contains(stream, number)) {
		stream->duplicate++;
		return true;
	}
	if (number < stream->base) {
		if (stream->restarts)
			return false; /* perhaps of the run before */
		stream->base = number;
	}
	rtp_window_add(stream, number);
	stream->reordered++;
	return true;
}

/* Of a packet that is not late. Two clocks have no difference. */
static void measure_jitter(struct rtp_stream *stream, const struct rtp_packet *packet, int64_t gap_ns)
{
	int32_t ticks = (int32_t)(packet->timestamp - stream->last_timestamp);
	uint32_t previous_hz = stream->clock_rate_hz;

	stream->last_timestamp = packet->timestamp;
	if (packet->payload_type != stream->payload_type)
		set_clock(stream, packet->payload_type);
	if (stream->clock_rate_hz == previous_hz)
		rtp_update_jitter(stream, gap_ns, ticks);
}

static void count(struct rtp_stream *stream, const struct rtp_packet *packet)
{
	int step = (int16_t)(packet->sequence - (uint16_t)stream->highest);
	int64_t gap_ns;

	stream->received++;
	stream->payload_bytes += packet->payload_bytes;
	if (packet->sequence != stream->next_sequence) {
		stream->discontinuities++;
		stream->on_probation = false;
	}
	stream->next_sequence = packet->sequence + 1;

	if (step == 1) {
		advance_to(stream, stream->highest + 1, packet->arrival_ns);
	} else if (stream->on_probation) {
		restart(stream, packet->sequence - 1, packet->arrival_ns);
		step = 1;
	} else if (!place(stream, step, packet->arrival_ns)) {
		stream->on_probation = true;
		stream->probation_arrival_ns = packet->arrival_ns;
		stream->probation_timestamp = packet->timestamp;
		stream->late++;
		return;
	}
	gap_ns = (int64_t)(packet->arrival_ns - stream->last_arrival_ns);
	stream->last_arrival_ns = packet->arrival_ns;
	rtp_note_gap(&stream->cycle, gap_ns, step > 0 ? step : 0);
	measure_jitter(stream, packet, gap_ns);
}

static void add_stream_counts(const struct rtp_stream *stream, struct rtp_counts *counts)
{
	uint64_t expected = stream->expected_in_earlier_runs + (uint64_t)(stream->highest - stream->base + 1);

	counts->received += stream->received;
	counts->expected += expected;
	counts->lost += expected - (stream->received - stream->duplicate - stream->late);
	counts->discontinuities += stream->discontinuities;
	counts->reordered += stream->reordered;
	counts->duplicate += stream->duplicate;
	counts->late += stream->late;
	counts->restarts += stream->restarts;
	counts->bytes += stream->payload_bytes;
}

/* Makes an unused stream the current one, or the one that has been silent longest. */
static void add_stream(struct rtp_flow *flow, const struct rtp_packet *packet)
{
	uint32_t oldest = 0;

	flow->ssrc_changes += flow->streams_used > 0;
	if (flow->streams_used < RTP_STREAMS) {
		flow->current = flow->streams_used++;
	} else {
		for (uint32_t i = 1; i < RTP_STREAMS; i++) {
			if (flow->streams[i].last_use < flow->streams[oldest].last_use)
				oldest = i;
		}
		add_stream_counts(&flow->streams[oldest], &flow->forgotten);
		flow->current = oldest;
	}
	start_stream(&flow->streams[flow->current], packet);
}

/* Makes the stream of the packet's SSRC the current one. */
static void select_stream(struct rtp_flow *flow, const struct rtp_packet *packet)
{
	flow->streams[flow->current].last_use = ++flow->uses;
	for (uint32_t i = 0; i < flow->streams_used; i++) {
		if (flow->streams[i].ssrc == packet->ssrc) {
			flow->current = i;
			return;
		}
	}
	add_stream(flow, packet);
}

void rtp_flow_other(struct rtp_flow *flow, const struct rtp_packet *packet)
{
	if (!flow->streams_used || flow->streams[flow->current].ssrc != packet->ssrc)
		select_stream(flow, packet);
	count(&flow->streams[flow->current], packet);
}

void rtp_flow_counts(const struct rtp_flow *flow, struct rtp_counts *counts)
{
	*counts = flow->forgotten;
	for (uint32_t i = 0; i < flow->streams_used; i++)
		add_stream_counts(&flow->streams[i], counts);
	counts->ssrc_changes = flow->ssrc_changes;
	counts->non_rtp = flow->non_rtp;
}

double rtp_flow_jitter_ns(const struct rtp_flow *flow)
{
	return flow->streams[flow->current].jitter_ns;
}
