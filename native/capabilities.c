/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capabilities belong to a thread and only the thread itself can give them up (capset(2)). So each is sent a signal
 * whose handler does that, until /proc shows that none has any left; a new thread has what its maker has.
 */
#define _GNU_SOURCE 1 /* tgkill */
#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "error.h"

/*
 * A real-time signal, since the others have meanings (HotSpot suspends threads by SIGUSR2 and finds null by SIGSEGV).
 * glibc keeps 32 and 33, which SIGRTMIN leaves out; other libraries take SIGRTMIN and those next to it; the JDK wakes
 * threads in blocked I/O by SIGRTMAX - 2; valgrind takes SIGRTMAX.
 */
#define DROP_SIGNAL (SIGRTMIN + 9)

#define SECONDS 5
#define PAUSE_NS 1000000L

/* One at a time, since there is one handler. */
static pthread_mutex_t dropping = PTHREAD_MUTEX_INITIALIZER;

/* What /proc/self/task/TID/status says. */
struct task {
	pid_t tid;
	char name[64];
	char state;
	uint64_t pending, blocked; /* signals: bit n - 1 */
	uint64_t inheritable, permitted, effective, ambient;
	uint64_t no_new_privs;
};

/* System calls of its own thread alone, which are async-signal-safe. What one of them refuses, /proc shows. */
static void drop_in_this_thread(int signal)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };
	int interrupted = errno;

	(void)signal;
	/* The bounding set first, which takes CAP_SETPCAP; until there is no such capability, or no permission. */
	for (unsigned long capability = 0; !prctl(PR_CAPBSET_DROP, capability, 0, 0, 0); capability++)
		;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	syscall(SYS_capset, &header, none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	errno = interrupted;
}

static void read_number(const char *line, const char *name, uint64_t *number)
{
	size_t chars = strlen(name);

	if (!strncmp(line, name, chars))
		*number = strtoull(line + chars, NULL, 16);
}

/* False when the thread has ended. What cannot be read counts as not dropped. */
static bool read_task(struct task *task, pid_t tid)
{
	char path[64], line[128];
	FILE *status;
	bool gone;

	*task = (struct task){ .tid = tid, .name = "unknown", .effective = UINT64_MAX };
	snprintf(path, sizeof(path), "/proc/self/task/%d/status", tid);
	status = fopen(path, "re");
	if (!status)
		return errno != ENOENT && errno != ESRCH;
	while (fgets(line, sizeof(line), status)) {
		sscanf(line, "Name: %63[^\n]", task->name);
		sscanf(line, "State: %c", &task->state);
		read_number(line, "SigPnd:", &task->pending);
		read_number(line, "SigBlk:", &task->blocked);
		read_number(line, "CapInh:", &task->inheritable);
		read_number(line, "CapPrm:", &task->permitted);
		read_number(line, "CapEff:", &task->effective);
		read_number(line, "CapAmb:", &task->ambient);
		read_number(line, "NoNewPrivs:", &task->no_new_privs);
	}
	gone = ferror(status) && errno == ESRCH;
	fclose(status);
	/* A zombie runs nothing any more: a first thread that ended before the others. */
	return !gone && task->state != 'Z' && task->state != 'X';
}

static bool has_dropped(const struct task *task)
{
	return !task->inheritable && !task->permitted && !task->effective && !task->ambient && task->no_new_privs;
}

static bool holds(uint64_t signals, int signal)
{
	return signals >> (signal - 1) & 1;
}

/*
 * Sends the signal to every thread that has not dropped its capabilities. 1 when there was none, 0 when there was one,
 * which is in *last, or when a thread may have been missed; or -errno.
 */
static int ask_threads(struct task *last)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;
	struct stat status;
	nlink_t listed = 2; /* "." and ".." */
	int result = 1;

	if (!tasks)
		return -errno;
	while ((entry = readdir(tasks))) {
		pid_t tid = atoi(entry->d_name);
		struct task task;

		if (!tid)
			continue;
		listed++;
		if (!read_task(&task, tid) || has_dropped(&task))
			continue;
		result = 0;
		*last = task;
		if (!holds(task.pending, DROP_SIGNAL)) /* real-time signals queue up */
			syscall(SYS_tgkill, getpid(), tid, DROP_SIGNAL);
	}
	/* The listing leaves threads out when others end meanwhile; the number of links is that of all. */
	if (fstat(dirfd(tasks), &status) || status.st_nlink != listed)
		result = 0;
	closedir(tasks);
	return result;
}

/* 0 when every thread has dropped its capabilities. */
static int drop_in_all_threads(struct xdp4j_error *error)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	struct task last = { .name = "unknown" };
	int clean = 0, result;
	struct timespec now;
	time_t end;

	clock_gettime(CLOCK_MONOTONIC, &now);
	end = now.tv_sec + SECONDS;
	while (now.tv_sec <= end) {
		result = ask_threads(&last);
		if (result < 0)
			return xdp4j_fail(error, -result, "reading /proc/self/task: %s%s", strerror(-result),
					  result == -ENOENT ? "; mount /proc" : "");
		/*
		 * Twice: a thread made behind the first listing, by one that had not dropped them yet but then
		 * did, is in the second.
		 */
		clean = result ? clean + 1 : 0;
		if (clean == 2)
			return 0;
		if (!clean)
			nanosleep(&pause, NULL);
		clock_gettime(CLOCK_MONOTONIC, &now);
	}
	return xdp4j_fail(error, ETIMEDOUT, "thread %d (%s) has kept its capabilities for %d seconds: it %s %d",
			  last.tid, last.name, SECONDS,
			  holds(last.blocked, DROP_SIGNAL) ? "blocks signal" : "does not come to handle signal",
			  DROP_SIGNAL);
}

int xdp4j_process_drop_capabilities(struct xdp4j_error *error)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction action = { .sa_handler = drop_in_this_thread, .sa_flags = SA_RESTART | SA_ONSTACK };
	struct sigaction previous;
	int result;

	sigfillset(&action.sa_mask);
	pthread_mutex_lock(&dropping);
	if (sigaction(DROP_SIGNAL, &action, &previous)) {
		result = xdp4j_fail(error, errno, "sigaction for signal %d: %s", DROP_SIGNAL, strerror(errno));
	} else {
		result = drop_in_all_threads(error);
		/* Takes back what a thread has not handled yet: the previous action may be to end the process. */
		sigaction(DROP_SIGNAL, &ignore, NULL);
		sigaction(DROP_SIGNAL, &previous, NULL);
	}
	pthread_mutex_unlock(&dropping);
	return result;
}
