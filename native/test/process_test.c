/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Capabilities are gone from every thread, whatever it was doing, and from those that come later; and a process ends
 * with its parent. Each case in a process of its own, looked at from outside. Needs root.
 */
#define _GNU_SOURCE 1
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "xdp4j.h"

#define PATIENCE_MS 20000
#define SIGNAL (SIGRTMIN + 9)

static struct xdp4j_error error;
static atomic_int started, raw_sockets_refused;
static atomic_bool end_spinning, end_spawning;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static bool signalled;
static int input[2];

static int fork_case(void (*body)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		body();
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid, "%s", strerror(errno));
	return status;
}

/* awk reads what the kernel says of each thread: the sets that `sets` matches must be empty. */
static bool threads_have_none(pid_t pid, const char *sets)
{
	char command[400];

	snprintf(command, sizeof(command),
		 "awk '/^Cap(%s):/ && $2 !~ /^0+$/ || /^NoNewPrivs:/ && $2 != 1 { bad = 1 }"
		 " /^Cap/ { seen++ } END { exit bad || !seen }' /proc/%d/task/*/status",
		 sets, pid);
	return !system(command);
}

static void count_refusal(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	if (fd < 0 && errno == EPERM)
		raw_sockets_refused++;
}

static void *read_byte(void *unused)
{
	char byte;

	(void)unused;
	started++;
	CHECK(read(input[0], &byte, 1) == 1 && byte == 'x', "a read was cut short: %s", strerror(errno));
	count_refusal();
	return NULL;
}

static void *wait_for_condition(void *unused)
{
	(void)unused;
	pthread_mutex_lock(&mutex);
	started++;
	while (!signalled)
		pthread_cond_wait(&condition, &mutex);
	pthread_mutex_unlock(&mutex);
	count_refusal();
	return NULL;
}

static void *spin(void *unused)
{
	(void)unused;
	started++;
	while (!end_spinning)
		;
	count_refusal();
	return NULL;
}

static void *nothing(void *unused)
{
	return unused;
}

/* A thread that was made just before its maker gave its capabilities up has them. */
static void *spawn(void *unused)
{
	(void)unused;
	started++;
	while (!end_spawning) {
		pthread_t children[4];

		for (int i = 0; i < 4; i++)
			CHECK(!pthread_create(&children[i], NULL, nothing, NULL), "thread");
		for (int i = 0; i < 4; i++)
			pthread_join(children[i], NULL);
	}
	count_refusal();
	return NULL;
}

#define BLOCKED 4 /* threads that do one thing; behind them those that make others */
#define THREADS 6

/* Returns when they do what they are for. */
static void start_threads(pthread_t threads[THREADS])
{
	void *(*const bodies[THREADS])(void *) = { read_byte, wait_for_condition, spin, spin, spawn, spawn };

	CHECK(!pipe(input), "%s", strerror(errno));
	for (int i = 0; i < THREADS; i++)
		CHECK(!pthread_create(&threads[i], NULL, bodies[i], NULL), "thread");
	while (started < THREADS)
		;
	usleep(10000);
}

static void end_threads(const pthread_t threads[BLOCKED])
{
	end_spinning = true;
	pthread_mutex_lock(&mutex);
	signalled = true;
	pthread_cond_broadcast(&condition);
	pthread_mutex_unlock(&mutex);
	CHECK(write(input[1], "x", 1) == 1, "%s", strerror(errno));
	for (int i = 0; i < BLOCKED; i++)
		pthread_join(threads[i], NULL);
}

static void own_handler(int signal)
{
	(void)signal;
	CHECK(false, "a signal meant for the drop came to the handler of before");
}

static void raise_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	CHECK(!syscall(SYS_capget, &header, sets), "%s", strerror(errno));
	sets[0].inheritable = 1u << CAP_NET_RAW;
	CHECK(!syscall(SYS_capset, &header, sets), "%s", strerror(errno));
	CHECK(!prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW, 0, 0), "%s", strerror(errno));
}

static void drop_in_many_threads(void)
{
	const struct sigaction own = { .sa_handler = own_handler };
	struct sigaction after;
	pthread_t threads[THREADS], later;

	CHECK(!sigaction(SIGNAL, &own, NULL), "%s", strerror(errno));
	raise_capabilities();
	CHECK(!threads_have_none(getpid(), "Inh") && !threads_have_none(getpid(), "Prm"), "the test shows nothing");
	CHECK(!threads_have_none(getpid(), "Eff") && !threads_have_none(getpid(), "Amb"), "the test shows nothing");
	start_threads(threads);
	CHECK(!xdp4j_process_drop_capabilities(&error), "%s", error.text);
	end_spawning = true;
	pthread_join(threads[BLOCKED], NULL);
	pthread_join(threads[BLOCKED + 1], NULL);

	started = 0;
	CHECK(!pthread_create(&later, NULL, spin, NULL), "thread");
	while (!started)
		;
	CHECK(threads_have_none(getpid(), "Inh|Prm|Eff|Amb|Bnd"), "a thread has some left");
	CHECK(!system("grep -q '^CapEff:[[:space:]]*0*$' /proc/self/status"), "a program that is started has some");
	CHECK(!sigaction(SIGNAL, NULL, &after) && after.sa_handler == own_handler, "the handler of before is lost");
	CHECK(!xdp4j_process_drop_capabilities(&error), "the second time: %s", error.text);
	end_threads(threads);
	pthread_join(later, NULL);
	CHECK(raw_sockets_refused == 7, "%d", raw_sockets_refused);
}

static void *block_signal(void *unused)
{
	sigset_t set;

	(void)unused;
	pthread_setname_np(pthread_self(), "stubborn");
	sigemptyset(&set);
	sigaddset(&set, SIGNAL);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	started++;
	while (!end_spinning)
		;
	/* Were it still pending, it would end the process. */
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	return NULL;
}

static void name_a_thread_that_cannot(void)
{
	pthread_t stubborn;

	CHECK(!pthread_create(&stubborn, NULL, block_signal, NULL), "thread");
	while (!started)
		;
	CHECK(xdp4j_process_drop_capabilities(&error) == -ETIMEDOUT, "a thread has kept its capabilities");
	CHECK(strstr(error.text, "(stubborn)") && strstr(error.text, "it blocks signal"), "%s", error.text);
	end_spinning = true;
	pthread_join(stubborn, NULL);
}

static void drop_without_any(void)
{
	CHECK(!setresuid(65534, 65534, 65534), "%s", strerror(errno));
	CHECK(!xdp4j_process_drop_capabilities(&error), "%s", error.text);
	CHECK(threads_have_none(getpid(), "Inh|Prm|Eff|Amb"), "some left");
}

/* Of which the write end is open in the process that is to end, and nowhere else in the end. */
static int life[2];

static void wait_for_life(void)
{
	char byte;

	close(life[1]);
	CHECK(read(life[0], &byte, 1) == 1, "it did not start");
}

static bool has_ended(int timeout_ms)
{
	struct pollfd pollfd = { .fd = life[0], .events = POLLIN };

	return poll(&pollfd, 1, timeout_ms) == 1 && pollfd.revents & POLLHUP;
}

static void end_with(pid_t parent)
{
	CHECK(!xdp4j_process_end_with_parent(parent, &error), "%s", error.text);
	CHECK(!xdp4j_process_drop_capabilities(&error), "%s", error.text);
	CHECK(write(life[1], "", 1) == 1, "%s", strerror(errno));
	for (;;)
		pause();
}

static void test_ends_with_parent(void)
{
	pid_t parent;

	CHECK(!pipe(life), "%s", strerror(errno));
	parent = fork();
	if (!parent) {
		parent = getpid();
		if (!fork())
			end_with(parent);
		close(life[1]);
		for (;;)
			pause();
	}
	wait_for_life();
	CHECK(!has_ended(50), "it ended before its parent");
	kill(parent, SIGKILL);
	CHECK(waitpid(parent, NULL, 0) == parent, "%s", strerror(errno));
	CHECK(has_ended(PATIENCE_MS), "it outlived its parent");
	close(life[0]);
}

static void *fork_and_end(void *unused)
{
	pid_t parent = getpid();

	if (!fork())
		end_with(parent);
	wait_for_life();
	return unused;
}

/* So xdp4j_process.h says: the parent is the thread. */
static void test_ends_with_thread_of_parent(void)
{
	pthread_t thread;

	CHECK(!pipe(life), "%s", strerror(errno));
	CHECK(!pthread_create(&thread, NULL, fork_and_end, NULL), "thread");
	pthread_join(thread, NULL);
	CHECK(has_ended(PATIENCE_MS), "it outlived the thread that made it");
	close(life[0]);
	CHECK(wait(NULL) > 0, "%s", strerror(errno));
}

static void refuse_another_parent(void)
{
	CHECK(xdp4j_process_end_with_parent(getpid(), &error) == -ESRCH, "its own parent");
	CHECK(strstr(error.text, "that one has ended, or is no parent"), "%s", error.text);
}

int main(void)
{
	if (geteuid()) {
		printf("skipped: needs root, to have capabilities that can be dropped\n");
		return SKIP;
	}
	CHECK(!fork_case(drop_in_many_threads), "see above");
	CHECK(!fork_case(name_a_thread_that_cannot), "see above");
	CHECK(!fork_case(drop_without_any), "see above");
	CHECK(!fork_case(refuse_another_parent), "see above");
	test_ends_with_parent();
	test_ends_with_thread_of_parent();
	return 0;
}
