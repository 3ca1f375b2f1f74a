/* SPDX-License-Identifier: Apache-2.0 */
/* Where a thread runs and before which others, by what /proc says of it. The refusals need no root, the rest does. */
#define _GNU_SOURCE 1
#include "xdp_lab.h"

#include <linux/capability.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "xdp4j.h"

static struct xdp4j_error error;

/* Of /proc/thread-self/status. */
static void read_allowed(char list[64])
{
	FILE *status = fopen("/proc/thread-self/status", "r");
	char line[256];

	list[0] = '\0';
	CHECK(status, "status");
	while (fgets(line, sizeof(line), status) && sscanf(line, "Cpus_allowed_list: %63s", list) != 1)
		;
	fclose(status);
}

/* Fields 40 and 41 of /proc/thread-self/stat (proc(5)), behind the name, which is in brackets. */
static void read_policy(int *priority, int *policy)
{
	FILE *stat = fopen("/proc/thread-self/stat", "r");
	char line[1024];
	char *field;

	CHECK(stat && fgets(line, sizeof(line), stat), "stat");
	fclose(stat);
	field = strrchr(line, ')') + 1;
	for (int number = 3; number < 40; number++)
		field = strchr(field + 1, ' ');
	CHECK(sscanf(field, "%d %d", priority, policy) == 2, "%s", line);
}

static void expect_policy(int expected_priority, int expected_policy)
{
	int priority, policy;

	read_policy(&priority, &policy);
	CHECK(priority == expected_priority && policy == expected_policy, "priority %d, policy %d", priority, policy);
}

static void *pin(void *before)
{
	char list[64], cpu[8], expected[128];
	int first = atoi(before);

	snprintf(cpu, sizeof(cpu), "%d", first);
	CHECK(!xdp4j_thread_pin(first, &error), "%s", error.text);
	read_allowed(list);
	CHECK(!strcmp(list, cpu), "on %s, not on %s", list, cpu);

	/* What it may have is more than what it has, and stays so. */
	snprintf(expected, sizeof(expected), "CPU 8191 is not there, or not for this process: use one of %s",
		 (const char *)before);
	CHECK(xdp4j_thread_pin(8191, &error) == -EINVAL && !strcmp(error.text, expected), "%s", error.text);
	read_allowed(list);
	CHECK(!strcmp(list, cpu), "on %s, not on %s", list, cpu);
	CHECK(xdp4j_thread_pin(-1, &error) == -EINVAL && strstr(error.text, "CPU -1"), "%s", error.text);
	CHECK(xdp4j_thread_pin(8192, &error) == -EINVAL && strstr(error.text, "CPU 8192"), "%s", error.text);
	return NULL;
}

static void *expect_ordinary(void *argument)
{
	expect_policy(0, SCHED_OTHER);
	return argument;
}

static void *become_realtime(void *argument)
{
	pthread_t child;

	CHECK(!xdp4j_thread_realtime(7, &error), "%s", error.text);
	expect_policy(7, SCHED_FIFO);
	CHECK(!pthread_create(&child, NULL, expect_ordinary, NULL) && !pthread_join(child, NULL), "thread");
	CHECK(xdp4j_thread_realtime(0, &error) == -EINVAL, "0");
	CHECK(!strcmp(error.text, "SCHED_FIFO priority 0: use 1 to 99"), "%s", error.text);
	CHECK(xdp4j_thread_realtime(100, &error) == -EINVAL, "100");
	expect_policy(7, SCHED_FIFO);
	return argument;
}

/* Capabilities are the thread's own. */
static void *be_refused(void *argument)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	CHECK(!syscall(SYS_capget, &header, sets), "%s", strerror(errno));
	sets[CAP_TO_INDEX(CAP_SYS_NICE)].effective &= ~CAP_TO_MASK(CAP_SYS_NICE);
	CHECK(!syscall(SYS_capset, &header, sets), "%s", strerror(errno));
	CHECK(xdp4j_thread_realtime(7, &error) == -EPERM, "%s", error.text);
	CHECK(!strcmp(error.text, "SCHED_FIFO priority 7: permission denied; grant CAP_SYS_NICE, or `ulimit -r 7`"),
	      "%s", error.text);
	expect_policy(0, SCHED_OTHER);
	return argument;
}

static void in_thread(void *(*function)(void *), void *argument)
{
	pthread_t thread;

	CHECK(!pthread_create(&thread, NULL, function, argument) && !pthread_join(thread, NULL), "thread");
}

int main(void)
{
	const struct rlimit none = { 0, 0 };
	char before[64];
	cpu_set_t all;

	CHECK(!setrlimit(RLIMIT_RTPRIO, &none), "%s", strerror(errno));
	memset(&all, 0xff, sizeof(all));
	CHECK(!sched_setaffinity(0, sizeof(all), &all), "%s", strerror(errno));
	read_allowed(before);
	in_thread(pin, before);
	in_thread(be_refused, NULL);
	if (geteuid()) {
		printf("skipped: needs root for SCHED_FIFO\n");
		return SKIP;
	}
	in_thread(become_realtime, NULL);
	return 0;
}
