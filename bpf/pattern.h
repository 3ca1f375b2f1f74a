/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What a source does turn by turn: which position of a flow a turn is for, and whether it is sent or left out. The
 * live-frame program and the sendmmsg engine both run this code, so that they send the same packets.
 *
 * A position is the index of a sequence number in its flow, from 0. Where patterns coincide, the first of these holds:
 *
 *   lose       the position takes its turn and is not sent
 *   duplicate  sent twice in a row: two turns
 *   swap       sent behind its successor: p + 1, then p. The pair is then done, so a swap at p + 1 has no effect. A
 *              position whose successor is lost, duplicated or beyond the last has nobody to change places with and
 *              is sent in its own turn.
 */
#ifndef XDP4J_PATTERN_H
#define XDP4J_PATTERN_H

#include "flow.h"

#define PATTERN_RANGES 16

/* The first range with from > to ends each list. */
struct pattern {
	struct position_range lose[PATTERN_RANGES];
	struct position_range duplicate[PATTERN_RANGES];
	struct position_range swap[PATTERN_RANGES];
	__u64 positions; /* how many there are */
};

/* Where a flow is in its pattern. */
struct pattern_cursor {
	__u64 next;   /* the first position that is not done */
	__u64 second; /* whether next had the first of its two turns, as a duplicate or as half of a pair */
};

/* Mirrors struct xdp4j_source_counters; one writer. */
struct pattern_counters {
	__u64 positions;
	__u64 sent;
	__u64 lost;
	__u64 duplicated;
	__u64 swapped;
};

enum pattern_turn {
	PATTERN_DONE, /* no turn is left */
	PATTERN_SEND, /* send *position */
	PATTERN_LOSE, /* do not */
};

static __always_inline int pattern_matches(const volatile struct position_range *ranges, __u64 position)
{
	for (int i = 0; i < PATTERN_RANGES; i++) {
		const volatile struct position_range *range = &ranges[i];

		if (range->from > range->to)
			return 0;
		if (position >= range->from && position <= range->to && (position - range->from) % range->every == 0)
			return 1;
	}
	return 0;
}

static __always_inline int pattern_swaps(const volatile struct pattern *pattern, __u64 position)
{
	return pattern_matches(pattern->swap, position) && position + 1 < pattern->positions &&
	       !pattern_matches(pattern->lose, position + 1) && !pattern_matches(pattern->duplicate, position + 1);
}

/* Takes the flow's next turn. Counts all but `sent`, which is for the one who hands the frame over. */
static __always_inline enum pattern_turn pattern_take_turn(const volatile struct pattern *pattern,
							   struct pattern_cursor *cursor,
							   struct pattern_counters *counters, __u64 *position)
{
	__u64 next = cursor->next;

	if (next >= pattern->positions)
		return PATTERN_DONE;
	*position = next;
	if (pattern_matches(pattern->lose, next)) {
		cursor->next = next + 1;
		counters->positions++;
		counters->lost++;
		return PATTERN_LOSE;
	}
	if (pattern_matches(pattern->duplicate, next)) {
		cursor->second = !cursor->second;
		if (cursor->second) {
			counters->positions++;
		} else {
			cursor->next = next + 1;
			counters->duplicated++;
		}
		return PATTERN_SEND;
	}
	counters->positions++;
	if (pattern_swaps(pattern, next)) {
		cursor->second = !cursor->second;
		if (cursor->second) {
			*position = next + 1;
		} else {
			cursor->next = next + 2;
			counters->swapped++;
		}
		return PATTERN_SEND;
	}
	cursor->next = next + 1;
	return PATTERN_SEND;
}

#endif
