/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tells, for a socket, the gaps of an RTP sequence that came about before the socket from those that it made itself:
 * the kernel says with each packet how many packets the socket had dropped when this one was queued (SO_RXQ_OVFL).
 * Inside the shim only.
 *
 * A gap is the socket's as far as it dropped packets since the stream's packet before, and no other stream has claimed
 * these; they are taken out of the sequence, and the rest is watched as the XDP program does. So 65,536 dropped in a
 * row are no gap, and a drop of something that was no packet of the stream changes nothing. Only where both happen
 * between two packets of a stream, a stranger without a sequence dropped and a packet of it lost on the way, is the
 * loss taken for the drop.
 */
#ifndef XDP4J_UDP_WATCH_H
#define XDP4J_UDP_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "rtp_watch.h"

struct udp_watch_stream {
	bool used;
	uint32_t ssrc;
	uint32_t drops;  /* of the socket, when the stream's latest packet was queued */
	uint16_t taken;  /* numbers taken out of the sequence */
	uint16_t next;   /* behind the highest number, these taken out */
	uint16_t behind; /* behind a number that stepped back */
};

/* All zeros at first. */
struct udp_watch {
	struct flow_watch watch;
	struct udp_watch_stream streams[WATCH_STREAMS];
	uint32_t turn;      /* whose place the next SSRC takes */
	uint32_t drops;     /* of the socket, when the latest packet was queued */
	uint32_t unclaimed; /* of these: no gap has shown them yet */
};

static inline struct udp_watch_stream *udp_watch_find(struct udp_watch *watch, uint32_t ssrc, uint16_t sequence,
						      uint32_t drops)
{
	struct udp_watch_stream *stream;

	for (int i = 0; i < WATCH_STREAMS; i++) {
		if (watch->streams[i].used && watch->streams[i].ssrc == ssrc)
			return &watch->streams[i];
	}
	stream = &watch->streams[watch->turn++ % WATCH_STREAMS];
	*stream = (struct udp_watch_stream){ .used = true, .ssrc = ssrc, .drops = drops, .next = sequence };
	return stream;
}

/*
 * Judges a packet. Returns by how many numbers more, or fewer, are missing now.
 *
 * sequence    in the byte order of the host
 * arrival_ns  CLOCK_MONOTONIC
 * drops       of the socket, when the packet was queued; 32 bits that wrap
 */
static inline int64_t udp_watch_packet(struct udp_watch *watch, uint32_t ssrc, uint16_t sequence, uint64_t arrival_ns,
				       uint32_t drops)
{
	struct udp_watch_stream *stream = udp_watch_find(watch, ssrc, sequence, drops);
	uint32_t dropped = drops - stream->drops;
	uint16_t number = (uint16_t)(sequence - stream->taken);
	uint16_t gap = (uint16_t)(number - stream->next);
	uint32_t claimed = 0;

	watch->unclaimed += drops - watch->drops;
	watch->drops = drops;
	stream->drops = drops;
	if (dropped > watch->unclaimed)
		dropped = watch->unclaimed;
	if (gap <= dropped)
		claimed = dropped - (uint16_t)(dropped - gap); /* and all cycles of 65,536 that there can be */
	else if (gap < 0x8000)
		claimed = dropped;
	watch->unclaimed -= claimed;
	stream->taken += (uint16_t)claimed;
	number -= (uint16_t)claimed;
	/* A step back is a straggler or a duplicate, unless the next one follows it: then the stream has restarted. */
	if ((int16_t)(number - stream->next) >= 0 || number == stream->behind)
		stream->next = (uint16_t)(number + 1);
	else
		stream->behind = (uint16_t)(number + 1);
	return watch_packet(&watch->watch, ssrc, number, arrival_ns);
}

#endif
