/* SPDX-License-Identifier: Apache-2.0 */
/* The schedule of bpf/pace.h as user space keeps it. */
#include <time.h>

#include "source.h"

/* A sleeping thread wakes up so much late: timer slack and wake-up (prctl(2), PR_SET_TIMERSLACK). */
#define WAKE_UP_NS 100000

void source_pace_set(struct pace *pace, const struct xdp4j_source_schedule *schedule)
{
	pace->origin_ns = schedule ? schedule->origin_ns : 0;
	pace->turn = schedule ? schedule->turn : 0;
	pace->rate_pps = schedule ? schedule->rate_pps : 0;
	pace->group = pace_group(pace->rate_pps);
}

uint64_t source_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * PACE_SECOND_NS + now.tv_nsec;
}

void source_pace_await(const struct pace *pace, uint32_t turns)
{
	uint64_t due_ns = pace_due_ns(pace, turns);
	uint64_t now_ns;

	while (due_ns > (now_ns = source_now_ns())) {
		uint64_t wake_ns = due_ns - WAKE_UP_NS;
		struct timespec wake = { .tv_sec = wake_ns / PACE_SECOND_NS, .tv_nsec = wake_ns % PACE_SECOND_NS };

		if (wake_ns > now_ns)
			clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &wake, NULL);
	}
}
