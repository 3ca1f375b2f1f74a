/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Watches the RTP sequence numbers of one flow: how many are missing though later ones came. The XDP program and the
 * socket shim run this code. It judges as the Java class RtpStream does, where every rule is explained, so that a gap
 * seen here and one seen by Java are the same gap; it keeps no more than that takes.
 *
 * What is missing is a sum of changes, over all SSRCs that ever came: a jump ahead adds what it jumped over, a
 * straggler takes its own number off, and a duplicate, a late packet and a restart change nothing.
 *
 * It may run under a lock that other CPUs wait for, and where the verifier lets no loop through that speculation could
 * run past its end (no CAP_PERFMON): so nothing here divides, and nothing loops.
 */
#ifndef XDP4J_RTP_WATCH_H
#define XDP4J_RTP_WATCH_H

#include <stdbool.h>

#include "flow.h"

#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif

#define WATCH_STREAMS 4   /* SSRCs at a time: the one that has been silent longest makes room; a power of two */
#define WATCH_WINDOW 4096 /* SequenceWindow.SIZE */
#define WATCH_BLOCK 64    /* sequence numbers */
#define WATCH_BLOCKS (WATCH_WINDOW / WATCH_BLOCK)
#define WATCH_CYCLE 65536
#define WATCH_MAX_DROPOUT 3000 /* StreamPace.MAX_DROPOUT */
#define WATCH_SSRC_KNOWN (1ull << 32)

/* The first 12 bytes of an RTP packet (RFC 3550 5.1). */
struct rtp_header {
	__u8 first;  /* version, padding, extension, CSRC count */
	__u8 second; /* marker, payload type */
	__be16 sequence;
	__be32 timestamp;
	__be32 ssrc;
};

/* A cycle of 65,536 sequence numbers, to tell the pace by: StreamPace. */
struct watch_cycle {
	__u64 first;
	__s64 start_ns;
	__s64 silence_ns; /* the longest time between two packets */
	__s64 silence_advance;
};

/*
 * Which of 64 numbers have arrived. The bits mean something only for the block that they were set for, so that what the
 * sequence jumps over needs no clearing.
 */
struct watch_block {
	__u64 block; /* number / WATCH_BLOCK */
	__u64 arrived;
};

/* Numbers are extended to 64 bits as in RtpStream, but never used twice: each run begins in a later cycle. */
struct watch_stream {
	__u64 key; /* the SSRC and WATCH_SSRC_KNOWN; 0 while unused */
	__u64 last_use;
	__u64 highest;
	__s64 last_ns;
	__u16 next; /* behind the packet that came last */
	__u8 on_probation;
	__u8 restarted;
	struct watch_cycle cycle;
	struct watch_cycle previous;
	__u64 base;
	__s64 probation_ns;
	struct watch_block window[WATCH_BLOCKS]; /* by number / WATCH_BLOCK, modulo WATCH_BLOCKS */
};

/* All zeros at first. */
struct flow_watch {
	__u64 uses;
	__u32 current;
	__u32 reserved;
	struct watch_stream streams[WATCH_STREAMS];
};

/*
 * Whether the sequence number means something: as RtpHeader.isRtp, except that extension and padding are not looked at.
 * A packet in which only these contradict its length is NOT_RTP to Java; it did arrive, so it is no gap here.
 */
static __always_inline bool watch_is_rtp(const struct rtp_header *rtp, __u32 payload_length)
{
	__u8 payload_type = rtp->second & 0x7f;

	return rtp->first >> 6 == 2 && (payload_type < 72 || payload_type > 76) &&
	       payload_length >= sizeof(*rtp) + (rtp->first & 0x0f) * 4;
}

/* Two cycles on: a packet that arrives behind the first one may move the start back into the cycle before. */
static __always_inline void watch_start_run(struct watch_stream *stream, __u16 first, __s64 now_ns)
{
	__u64 base = (stream->highest / WATCH_CYCLE + 2) * WATCH_CYCLE + first;
	const struct watch_cycle cycle = { .first = base, .start_ns = now_ns };

	stream->base = base;
	stream->highest = base - 1;
	stream->last_ns = now_ns;
	stream->cycle = cycle;
	stream->previous = cycle;
}

/* Read again each time: the verifier wants the same bounds on every path, so no number that it knows. */
static __always_inline struct watch_stream *watch_current(struct flow_watch *watch)
{
	return &watch->streams[*(const volatile __u32 *)&watch->current % WATCH_STREAMS];
}

/* The stream of an SSRC, which may begin with this packet. */
static __always_inline struct watch_stream *watch_find(struct flow_watch *watch, __u32 ssrc, __u16 sequence,
						       __s64 now_ns)
{
	struct watch_stream *stream = watch_current(watch);
	__u64 key = ssrc | WATCH_SSRC_KNOWN;
	__u64 oldest_use = ~0ull;
	__u32 found = WATCH_STREAMS;
	__u32 oldest = 0;

	if (stream->key == key)
		return stream;
	stream->last_use = ++watch->uses;
	for (__u32 i = 0; i < WATCH_STREAMS; i++) {
		if (watch->streams[i].key == key)
			found = i;
		if (watch->streams[i].last_use < oldest_use) {
			oldest_use = watch->streams[i].last_use;
			oldest = i;
		}
	}
	watch->current = found < WATCH_STREAMS ? found : oldest;
	stream = watch_current(watch);
	if (found == WATCH_STREAMS) {
		stream->key = key;
		stream->next = sequence;
		stream->on_probation = 0;
		stream->restarted = 0;
		watch_start_run(stream, sequence, now_ns);
	}
	return stream;
}

/* Marks a number as arrived; false when it was already. */
static __always_inline bool watch_add(struct watch_stream *stream, __u64 number)
{
	struct watch_block *block = &stream->window[number / WATCH_BLOCK % WATCH_BLOCKS];
	__u64 bit = 1ull << number % WATCH_BLOCK;
	__u64 arrived = block->arrived;

	if (block->block != number / WATCH_BLOCK) {
		block->block = number / WATCH_BLOCK;
		arrived = 0;
	}
	block->arrived = arrived | bit;
	return !(arrived & bit);
}

/*
 * StreamPace.explains, without its division: both times are cut to 44 bits, of which the products leave room in 64. A
 * time that then becomes 0 is less than a millionth of the other one and decides nothing.
 */
static __always_inline bool watch_explains(const struct watch_stream *stream, __u64 jump, __s64 now_ns)
{
	/* Both read, so that the compiler does not choose the address: the verifier would refuse that. */
	__s64 across_previous = *(const volatile __s64 *)&stream->previous.silence_advance;
	__s64 across_current = *(const volatile __s64 *)&stream->cycle.silence_advance;
	bool in_previous = stream->previous.silence_ns > stream->cycle.silence_ns;
	__s64 longest_ns = in_previous ? stream->previous.silence_ns : stream->cycle.silence_ns;
	__s64 across_longest = in_previous ? across_previous : across_current;
	__s64 advance = (__s64)(stream->highest - stream->previous.first);
	__s64 span_ns = stream->last_ns - stream->previous.start_ns;
	__s64 silence_ns = now_ns - stream->last_ns;

	if (jump <= WATCH_MAX_DROPOUT)
		return true;
	if (span_ns > longest_ns && advance > across_longest) {
		advance -= across_longest;
		span_ns -= longest_ns;
	}
	if (silence_ns < longest_ns)
		silence_ns = longest_ns;
	if (advance <= 0 || silence_ns <= 0)
		return false;
	if (span_ns <= 0)
		return true;
	if ((span_ns | silence_ns) >> 44) {
		span_ns >>= 20;
		silence_ns >>= 20;
	}
	return (jump - WATCH_MAX_DROPOUT) * (__u64)span_ns <= 2 * (__u64)advance * (__u64)silence_ns;
}

/* The packet has a place in the run, `step` ahead of the highest number or behind it. */
static __always_inline void watch_arrived(struct watch_stream *stream, __s64 step, __s64 now_ns)
{
	__s64 gap_ns = now_ns - stream->last_ns;

	stream->last_ns = now_ns;
	if (step > 0) {
		__u64 extended = stream->highest + (__u64)step;

		if ((extended ^ stream->highest) / WATCH_CYCLE) {
			stream->previous = stream->cycle;
			stream->cycle.first = extended;
			stream->cycle.start_ns = now_ns;
			stream->cycle.silence_ns = 0;
			stream->cycle.silence_advance = 0;
		}
		stream->highest = extended;
		watch_add(stream, extended);
	}
	if (gap_ns > stream->cycle.silence_ns) {
		stream->cycle.silence_ns = gap_ns;
		stream->cycle.silence_advance = step > 0 ? step : 0;
	}
}

/* Finds the place of a packet that is not the next one; false when it has none in this run. */
static __always_inline bool watch_place(struct watch_stream *stream, __s64 step, __s64 now_ns, __s64 *change)
{
	__u64 extended = stream->highest + (__u64)step;

	if (step > 0) {
		if (!watch_explains(stream, step, now_ns))
			return false;
		*change = step - 1;
		return true;
	}
	if (step <= -WATCH_WINDOW)
		return false;
	if (extended < stream->base) {
		if (stream->restarted)
			return false; /* perhaps of the run before */
		*change = (__s64)(stream->base - extended);
		stream->base = extended;
	}
	if (watch_add(stream, extended))
		--*change;
	return true;
}

/* Where anything but the next packet of the latest SSRC comes: apart from it, so that it needs no stack. */
static __noinline __s64 watch_other(struct flow_watch *watch, __u32 ssrc, __u16 sequence, __u64 now)
{
	__s64 now_ns = (__s64)now;
	struct watch_stream *stream = watch_find(watch, ssrc, sequence, now_ns);
	__s64 step = (__s16)(sequence - (__u16)stream->highest);
	__s64 change = 0;

	if (sequence != stream->next)
		stream->on_probation = 0;
	stream->next = sequence + 1;
	if (step != 1) {
		if (stream->on_probation) {
			/* The packet on probation is the first of a new run, and this one its second. */
			stream->on_probation = 0;
			stream->restarted = 1;
			watch_start_run(stream, sequence - 1, stream->probation_ns);
			watch_add(stream, ++stream->highest);
			step = 1;
		} else if (!watch_place(stream, step, now_ns, &change)) {
			stream->on_probation = 1;
			stream->probation_ns = now_ns;
			return 0;
		}
	}
	watch_arrived(stream, step, now_ns);
	return change;
}

/*
 * Judges a packet by its sequence number, in the byte order of the host, and the time at which it arrived. Returns by
 * how many numbers more, or fewer, are missing now.
 */
static __always_inline __s64 watch_packet(struct flow_watch *watch, __u32 ssrc, __u16 sequence, __u64 now)
{
	struct watch_stream *stream = watch_current(watch);

	/* No packet that was put on probation is followed by the highest number's successor. */
	if (stream->key != (ssrc | WATCH_SSRC_KNOWN) || (__u16)(stream->highest + 1) != sequence)
		return watch_other(watch, ssrc, sequence, now);
	stream->next = sequence + 1;
	stream->on_probation = 0;
	watch_arrived(stream, 1, (__s64)now);
	return 0;
}

#endif
