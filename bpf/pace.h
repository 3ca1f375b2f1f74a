/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * When a source's turns go out. The live-frame program and the sendmmsg engine both run this code, so that they keep
 * the same schedule.
 *
 * Turn n is due n / rate after the origin. What falls due within 50 us is a group: it goes out together when the last
 * of it is due, so no packet is early, and the stream is even to that grain. Late groups follow each other at 125 % of
 * the rate and no faster: a burst would fill rings as no real sender does.
 *
 * Times are CLOCK_MONOTONIC.
 */
#ifndef XDP4J_PACE_H
#define XDP4J_PACE_H

#include <linux/types.h>

#define PACE_SECOND_NS 1000000000ULL
#define PACE_GROUPS_PER_SECOND 20000 /* one each 50 us */
#define PACE_GROUP_MAX 64            /* turns; a quarter of a veth's ring */
#define PACE_CATCH_UP_PERCENT 125

struct pace {
	__u64 origin_ns;
	__u64 turn;     /* the next, counted from the origin: below 10^10 */
	__u64 rate_pps; /* 0: no turn waits */
	__u64 last_ns;  /* when the wait for a group last ended: the time its packets bear */
	__u32 group;    /* turns that go out together, 1 to PACE_GROUP_MAX */
};

static __always_inline __u32 pace_group(__u64 rate_pps)
{
	__u64 turns = rate_pps / PACE_GROUPS_PER_SECOND;

	if (!rate_pps || turns > PACE_GROUP_MAX)
		return PACE_GROUP_MAX;
	return turns ? turns : 1;
}

/* When the next `turns` turns may go out together. 0 when they need not wait. */
static __always_inline __u64 pace_due_ns(const struct pace *pace, __u32 turns)
{
	__u64 due, soonest;

	if (!pace->rate_pps)
		return 0;
	due = pace->origin_ns + (pace->turn + turns - 1) * PACE_SECOND_NS / pace->rate_pps;
	soonest = pace->last_ns + turns * (PACE_SECOND_NS * 100 / PACE_CATCH_UP_PERCENT) / pace->rate_pps;
	return due > soonest ? due : soonest;
}

#endif
