/* SPDX-License-Identifier: Apache-2.0 */
/* On which CPU the calling thread runs, before which others, and when not. */
#define _GNU_SOURCE 1
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "error.h"

#define CPUS_MAX 8192 /* the most that a kernel can be built for (NR_CPUS) */
#define LIST_CHARS 256

struct cpus {
	cpu_set_t sets[CPUS_MAX / CPU_SETSIZE];
};

static bool has(const struct cpus *cpus, int cpu)
{
	return CPU_ISSET_S(cpu, sizeof(*cpus), cpus->sets);
}

/*
 * Those that the kernel would let the thread have, for example "0-3,8"; cut where it is too long. sched_getaffinity
 * alone tells those that it has now, so the thread asks for all and then goes back.
 */
static void list_allowed(char list[LIST_CHARS])
{
	struct cpus before, allowed;
	size_t length = 0;

	list[0] = '\0';
	if (sched_getaffinity(0, sizeof(before), before.sets) < 0)
		return;
	memset(&allowed, 0xff, sizeof(allowed));
	sched_setaffinity(0, sizeof(allowed), allowed.sets);
	sched_getaffinity(0, sizeof(allowed), allowed.sets);
	sched_setaffinity(0, sizeof(before), before.sets);
	for (int first = 0, last; first < CPUS_MAX && length < LIST_CHARS; first = last + 1) {
		last = first;
		if (!has(&allowed, first))
			continue;
		while (last + 1 < CPUS_MAX && has(&allowed, last + 1))
			last++;
		length += snprintf(list + length, LIST_CHARS - length, last > first ? "%s%d-%d" : "%s%d",
				   length ? "," : "", first, last);
	}
}

int xdp4j_thread_pin(int cpu, struct xdp4j_error *error)
{
	struct cpus cpus = { 0 };
	char list[LIST_CHARS];
	int code = EINVAL;

	if (cpu >= 0 && cpu < CPUS_MAX) {
		CPU_SET_S(cpu, sizeof(cpus), cpus.sets);
		if (!sched_setaffinity(0, sizeof(cpus), cpus.sets))
			return 0;
		code = errno;
	}
	if (code != EINVAL)
		return xdp4j_fail(error, code, "sched_setaffinity to CPU %d: %s", cpu, strerror(code));
	list_allowed(list);
	return xdp4j_fail(error, EINVAL, "CPU %d is not there, or not for this process: use one of %s", cpu, list);
}

int xdp4j_thread_realtime(int priority, struct xdp4j_error *error)
{
	const struct sched_param parameters = { .sched_priority = priority };
	int code;

	if (priority < 1 || priority > 99)
		return xdp4j_fail(error, EINVAL, "SCHED_FIFO priority %d: use 1 to 99", priority);
	/* Threads that it starts, perhaps without knowing, shall not keep ordinary ones from a CPU. */
	if (!sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters))
		return 0;
	code = errno;
	if (code == EPERM)
		return xdp4j_fail(error, EPERM,
				  "SCHED_FIFO priority %d: permission denied; grant CAP_SYS_NICE, or `ulimit -r %d`",
				  priority, priority);
	return xdp4j_fail(error, code, "SCHED_FIFO priority %d: %s", priority, strerror(code));
}

void xdp4j_thread_sleep(uint64_t nanoseconds)
{
	const struct timespec time = { .tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000 };

	nanosleep(&time, NULL);
}
