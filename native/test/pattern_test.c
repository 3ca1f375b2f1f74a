/* SPDX-License-Identifier: Apache-2.0 */
/* bpf/pattern.h: which positions go out, in which order, counted how. Expected orders are written by hand. */
#include <stdio.h>
#include <string.h>

#include "pattern.h"

#define LOST 1000 /* added to a position that takes its turn and is not sent */

static int failures;

static struct pattern empty_pattern(__u64 positions)
{
	struct pattern pattern = { .positions = positions };

	for (int i = 0; i < PATTERN_RANGES; i++) {
		pattern.lose[i].from = 1;
		pattern.duplicate[i].from = 1;
		pattern.swap[i].from = 1;
	}
	return pattern;
}

static struct position_range range(__u64 from, __u64 to, __u64 every)
{
	return (struct position_range){ from, to, every };
}

#define TURNS(...) (const __u64[]){ __VA_ARGS__ }, sizeof((const __u64[]){ __VA_ARGS__ }) / sizeof(__u64)

static void expect(const char *what, const struct pattern *pattern, const __u64 *turns, unsigned int count,
		   struct pattern_counters counts)
{
	struct pattern_counters counters = {};
	struct pattern_cursor cursor = {};
	__u64 position;

	for (unsigned int i = 0; i < count; i++) {
		enum pattern_turn turn = pattern_take_turn(pattern, &cursor, &counters, &position);
		__u64 seen = turn == PATTERN_LOSE ? position + LOST : position;

		if (turn == PATTERN_DONE || seen != turns[i]) {
			printf("%s: turn %u: expected %llu, saw %lld\n", what, i, turns[i],
			       turn == PATTERN_DONE ? -1 : (long long)seen);
			failures++;
			return;
		}
	}
	if (pattern_take_turn(pattern, &cursor, &counters, &position) != PATTERN_DONE) {
		printf("%s: a turn behind the last: position %llu\n", what, position);
		failures++;
	}
	if (memcmp(&counters, &counts, sizeof(counts))) {
		printf("%s: counted positions %llu lost %llu duplicated %llu swapped %llu\n", what, counters.positions,
		       counters.lost, counters.duplicated, counters.swapped);
		failures++;
	}
}

int main(void)
{
	struct pattern pattern = empty_pattern(4);

	expect("none", &pattern, TURNS(0, 1, 2, 3), (struct pattern_counters){ .positions = 4 });

	pattern.lose[0] = range(1, 3, 2);
	expect("lose 1-3/2", &pattern, TURNS(0, 1 + LOST, 2, 3 + LOST),
	       (struct pattern_counters){ .positions = 4, .lost = 2 });

	pattern.lose[1] = range(0, 0, 1);
	expect("lose two ranges", &pattern, TURNS(0 + LOST, 1 + LOST, 2, 3 + LOST),
	       (struct pattern_counters){ .positions = 4, .lost = 3 });

	pattern = empty_pattern(4);
	pattern.duplicate[0] = range(0, 100, 3);
	expect("duplicate 0-100/3", &pattern, TURNS(0, 0, 1, 2, 3, 3),
	       (struct pattern_counters){ .positions = 4, .duplicated = 2 });

	pattern = empty_pattern(5);
	pattern.swap[0] = range(1, 1, 1);
	expect("swap 1", &pattern, TURNS(0, 2, 1, 3, 4), (struct pattern_counters){ .positions = 5, .swapped = 1 });

	pattern.swap[0] = range(0, 4, 1);
	expect("swap all, and the last alone", &pattern, TURNS(1, 0, 3, 2, 4),
	       (struct pattern_counters){ .positions = 5, .swapped = 2 });

	pattern.lose[0] = range(1, 1, 1);
	expect("the successor is lost", &pattern, TURNS(0, 1 + LOST, 3, 2, 4),
	       (struct pattern_counters){ .positions = 5, .lost = 1, .swapped = 1 });

	pattern.duplicate[0] = range(3, 3, 1);
	expect("the successor is a duplicate", &pattern, TURNS(0, 1 + LOST, 2, 3, 3, 4),
	       (struct pattern_counters){ .positions = 5, .lost = 1, .duplicated = 1 });

	pattern = empty_pattern(4);
	pattern.lose[0] = range(0, 0, 1);
	pattern.duplicate[0] = range(0, 1, 1);
	pattern.swap[0] = range(0, 2, 1);
	expect("lose before duplicate before swap", &pattern, TURNS(0 + LOST, 1, 1, 3, 2),
	       (struct pattern_counters){ .positions = 4, .lost = 1, .duplicated = 1, .swapped = 1 });

	pattern = empty_pattern(0);
	expect("no positions", &pattern, NULL, 0, (struct pattern_counters){});
	return failures != 0;
}
