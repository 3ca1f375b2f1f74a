/* SPDX-License-Identifier: Apache-2.0 */
/* Messages and descriptors arrive whole, in order and once; what goes wrong is told apart, and leaks no descriptor. */
#define _GNU_SOURCE 1
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "xdp4j.h"

#define NAME "xdp4j-channel-test"
#define PATIENCE_MS 20000

static struct xdp4j_error error;
static uint8_t sent[XDP4J_CHANNEL_BYTES + 1], received[XDP4J_CHANNEL_BYTES];
static int fds[XDP4J_CHANNEL_FDS + 1];
static uint32_t fd_count;

/* Both ends in this process. */
struct pair {
	int ends[2];
};

static struct pair open_pair(void)
{
	int listener = xdp4j_channel_listen(NAME, &error);
	struct pair pair;

	CHECK(listener >= 0, "%s", error.text);
	pair.ends[0] = xdp4j_channel_connect(NAME, &error);
	CHECK(pair.ends[0] >= 0, "%s", error.text);
	pair.ends[1] = xdp4j_channel_accept(listener, getpid(), PATIENCE_MS, &error);
	CHECK(pair.ends[1] >= 0, "%s", error.text);
	xdp4j_channel_close(listener);
	return pair;
}

static void close_pair(const struct pair *pair)
{
	xdp4j_channel_close(pair->ends[0]);
	xdp4j_channel_close(pair->ends[1]);
}

static int receive(int fd, int timeout_ms)
{
	return xdp4j_channel_receive(fd, received, sizeof(received), fds, &fd_count, timeout_ms);
}

static int open_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

static void test_messages(void)
{
	struct pair pair = open_pair();

	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (uint8_t)(i * 7 + i / 251);
	CHECK(!xdp4j_channel_send(pair.ends[0], "a", 1, NULL, 0), "one byte");
	CHECK(!xdp4j_channel_send(pair.ends[0], sent, XDP4J_CHANNEL_BYTES, NULL, 0), "the longest");
	CHECK(receive(pair.ends[1], 0) == 1 && received[0] == 'a', "not the first message alone");
	CHECK(receive(pair.ends[1], 0) == (int)XDP4J_CHANNEL_BYTES, "the second message");
	CHECK(!memcmp(received, sent, XDP4J_CHANNEL_BYTES) && !fd_count, "not what was sent");
	CHECK(receive(pair.ends[1], 0) == 0, "a third message");
	CHECK(receive(pair.ends[0], 1) == 0, "a message in the other direction");
	CHECK(xdp4j_channel_send(pair.ends[0], sent, sizeof(sent), NULL, 0) == -EMSGSIZE, "too long");
	CHECK(xdp4j_channel_send(pair.ends[0], sent, 0, NULL, 0) == -EINVAL, "empty");
	CHECK(xdp4j_channel_send(pair.ends[0], sent, 1, fds, XDP4J_CHANNEL_FDS + 1) == -EINVAL, "too many descriptors");
	close_pair(&pair);
}

/* Each received descriptor is of the memory whose only byte is its index. */
static void test_descriptors(void)
{
	int before = open_descriptors();
	struct pair pair = open_pair();

	for (uint8_t i = 0; i < XDP4J_CHANNEL_FDS; i++) {
		fds[i] = memfd_create("xdp4j-test", 0);
		CHECK(fds[i] >= 0 && write(fds[i], &i, 1) == 1, "%s", strerror(errno));
	}
	CHECK(!xdp4j_channel_send(pair.ends[0], "many", 4, fds, XDP4J_CHANNEL_FDS), "send");
	for (int i = 0; i < XDP4J_CHANNEL_FDS; i++)
		close(fds[i]);
	CHECK(receive(pair.ends[1], 0) == 4 && fd_count == XDP4J_CHANNEL_FDS, "%u descriptors", fd_count);
	for (int i = 0; i < XDP4J_CHANNEL_FDS; i++) {
		uint8_t byte;

		CHECK(pread(fds[i], &byte, 1, 0) == 1 && byte == i, "descriptor %d is another", i);
		CHECK(fcntl(fds[i], F_GETFD) == FD_CLOEXEC, "not close-on-exec");
		xdp4j_channel_close(fds[i]);
	}
	CHECK(fcntl(pair.ends[0], F_GETFD) == FD_CLOEXEC && fcntl(pair.ends[1], F_GETFD) == FD_CLOEXEC, "the channel");
	close_pair(&pair);
	CHECK(open_descriptors() == before, "descriptors leak");
}

/* By hand, since xdp4j_channel_send refuses to: all of /dev/null. */
static void send_descriptors(int fd, int count)
{
	char control[CMSG_SPACE(100 * sizeof(int))] = { 0 };
	struct iovec part = { .iov_base = "x", .iov_len = 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = CMSG_SPACE(count * sizeof(int)) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);
	int null = open("/dev/null", O_RDONLY);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(count * sizeof(int));
	for (int i = 0; i < count; i++)
		memcpy(CMSG_DATA(header) + i * sizeof(int), &null, sizeof(int));
	CHECK(sendmsg(fd, &message, 0) == 1, "%s", strerror(errno));
	close(null);
}

static void test_truncation(void)
{
	struct pair pair = open_pair();
	int before = open_descriptors();
	struct rlimit limit, low;
	int null = open("/dev/null", O_RDONLY);

	CHECK(!xdp4j_channel_send(pair.ends[0], "ten bytes.", 10, &null, 1), "send");
	close(null);
	CHECK(xdp4j_channel_receive(pair.ends[1], received, 9, fds, &fd_count, 0) == -EMSGSIZE, "cut");
	CHECK(!fd_count && open_descriptors() == before, "a descriptor of the message that was cut");

	send_descriptors(pair.ends[0], XDP4J_CHANNEL_FDS + 1);
	CHECK(receive(pair.ends[1], 0) == -EMFILE, "too many descriptors");
	CHECK(!fd_count && open_descriptors() == before, "descriptors of the message with too many");

	CHECK(!getrlimit(RLIMIT_NOFILE, &limit), "%s", strerror(errno));
	send_descriptors(pair.ends[0], 20);
	low = (struct rlimit){ .rlim_cur = before + 10, .rlim_max = limit.rlim_max };
	CHECK(!setrlimit(RLIMIT_NOFILE, &low), "%s", strerror(errno));
	CHECK(receive(pair.ends[1], 0) == -EMFILE, "more than this process may open");
	CHECK(!setrlimit(RLIMIT_NOFILE, &limit), "%s", strerror(errno));
	CHECK(!fd_count && open_descriptors() == before, "the descriptors that still could be opened");

	CHECK(!xdp4j_channel_send(pair.ends[0], "next", 4, NULL, 0) && receive(pair.ends[1], 0) == 4, "the next one");
	close_pair(&pair);
}

/* Killed with a message unread: what it had sent arrives all the same. */
static void test_killed_peer(void)
{
	int listener = xdp4j_channel_listen(NAME, &error), channel, status;
	pid_t peer = fork();

	if (!peer) {
		channel = xdp4j_channel_connect(NAME, &error);
		CHECK(channel >= 0, "%s", error.text);
		CHECK(recv(channel, received, 1, MSG_PEEK) == 1, "%s", strerror(errno));
		CHECK(!xdp4j_channel_send(channel, "first", 5, &listener, 1), "send");
		CHECK(!xdp4j_channel_send(channel, "second", 6, NULL, 0), "send");
		kill(getpid(), SIGKILL);
	}
	channel = xdp4j_channel_accept(listener, peer, PATIENCE_MS, &error);
	CHECK(channel >= 0, "%s", error.text);
	CHECK(!xdp4j_channel_send(channel, "unread", 6, NULL, 0), "send");
	CHECK(waitpid(peer, &status, 0) == peer && WIFSIGNALED(status), "the peer was not killed");
	CHECK(receive(channel, 0) == 5 && fd_count == 1, "the first message");
	xdp4j_channel_close(fds[0]);
	CHECK(receive(channel, 0) == 6 && !fd_count, "the second message");
	CHECK(receive(channel, 0) == -EPIPE && receive(channel, -1) == -EPIPE, "the end");
	CHECK(xdp4j_channel_send(channel, "x", 1, NULL, 0) == -EPIPE, "sent to nobody");
	xdp4j_channel_close(channel);
	xdp4j_channel_close(listener);
}

/* ECONNRESET, which the kernel says once, hides no message. */
static void test_reset(void)
{
	struct pair pair = open_pair();

	CHECK(!xdp4j_channel_send(pair.ends[0], "unread", 6, NULL, 0), "send");
	CHECK(!xdp4j_channel_send(pair.ends[1], "read", 4, NULL, 0), "send");
	xdp4j_channel_close(pair.ends[1]);
	CHECK(receive(pair.ends[0], 0) == 4, "the message in front of the end");
	CHECK(receive(pair.ends[0], 0) == -EPIPE, "the end");
	xdp4j_channel_close(pair.ends[0]);

	pair = open_pair();
	CHECK(!xdp4j_channel_send(pair.ends[0], "unread", 6, NULL, 0), "send");
	xdp4j_channel_close(pair.ends[1]);
	CHECK(xdp4j_channel_send(pair.ends[0], "x", 1, NULL, 0) == -EPIPE, "sent to nobody");
	xdp4j_channel_close(pair.ends[0]);
}

static void test_stranger(void)
{
	int listener = xdp4j_channel_listen(NAME, &error);
	int strange = xdp4j_channel_connect(NAME, &error), ready[2], channel, status;
	pid_t expected;

	CHECK(listener >= 0 && strange >= 0 && !pipe(ready), "%s", error.text);
	expected = fork();
	if (!expected) {
		CHECK(read(ready[0], received, 1) == 1, "read");
		channel = xdp4j_channel_connect(NAME, &error);
		CHECK(channel >= 0, "%s", error.text);
		CHECK(!xdp4j_channel_send(channel, "here", 4, NULL, 0), "send");
		_exit(0);
	}
	CHECK(xdp4j_channel_accept(listener, expected, 1, &error) == -ETIMEDOUT, "a stranger was taken");
	CHECK(strstr(error.text, "has not connected within 1 ms"), "%s", error.text);
	CHECK(receive(strange, PATIENCE_MS) == -EPIPE, "the stranger was not closed");
	close(strange);

	strange = xdp4j_channel_connect(NAME, &error); /* in front of the expected one */
	CHECK(write(ready[1], "", 1) == 1, "write");
	channel = xdp4j_channel_accept(listener, expected, PATIENCE_MS, &error);
	CHECK(channel >= 0, "%s", error.text);
	CHECK(receive(channel, PATIENCE_MS) == 4 && !memcmp(received, "here", 4), "another one");
	CHECK(waitpid(expected, &status, 0) == expected && !status, "the expected one failed");
	close(strange);
	close(channel);
	close(ready[0]);
	close(ready[1]);
	close(listener);
}

static void test_names(void)
{
	char longest[109];
	int listener, second;

	memset(longest, 'n', 108);
	longest[107] = '\0';
	listener = xdp4j_channel_listen(longest, &error);
	CHECK(listener >= 0, "%s", error.text);
	second = xdp4j_channel_listen(longest, &error);
	CHECK(second == -EADDRINUSE && strstr(error.text, "use another name"), "taken: %s", error.text);
	longest[106] = '\0';
	CHECK(xdp4j_channel_connect(longest, &error) == -ECONNREFUSED, "another name that begins alike");
	CHECK(strstr(error.text, "nobody listens in this network namespace"), "%s", error.text);
	longest[106] = longest[107] = 'n';
	longest[108] = '\0';
	CHECK(xdp4j_channel_listen(longest, &error) == -EINVAL, "too long");
	CHECK(xdp4j_channel_connect("", &error) == -EINVAL, "no name");
	close(listener);
}

struct blocked {
	pthread_t thread;
	int fd;
	int result;
};

static void *receive_in_thread(void *argument)
{
	struct blocked *blocked = argument;
	static uint8_t room[1];
	int none[XDP4J_CHANNEL_FDS];
	uint32_t count;

	blocked->result = xdp4j_channel_receive(blocked->fd, room, sizeof(room), none, &count, -1);
	return NULL;
}

static void *send_in_thread(void *argument)
{
	struct blocked *blocked = argument;

	do
		blocked->result = xdp4j_channel_send(blocked->fd, sent, XDP4J_CHANNEL_BYTES, NULL, 0);
	while (!blocked->result);
	return NULL;
}

static void *accept_in_thread(void *argument)
{
	struct blocked *blocked = argument;
	struct xdp4j_error why;

	blocked->result = xdp4j_channel_accept(blocked->fd, getpid(), -1, &why);
	return NULL;
}

/* Whether the thread blocks already or is about to. */
static void expect_ended_by_shutdown(void *(*call)(void *), int fd, int result)
{
	struct blocked blocked = { .fd = fd };

	CHECK(!pthread_create(&blocked.thread, NULL, call, &blocked), "thread");
	usleep(20000);
	xdp4j_channel_shutdown(fd);
	CHECK(!pthread_join(blocked.thread, NULL), "join");
	CHECK(blocked.result == result, "%d", blocked.result);
	call(&blocked);
	CHECK(blocked.result == result, "%d the second time", blocked.result);
}

static void test_shutdown(void)
{
	struct pair pair = open_pair();
	int listener;

	expect_ended_by_shutdown(receive_in_thread, pair.ends[0], -EPIPE);
	CHECK(receive(pair.ends[1], PATIENCE_MS) == -EPIPE, "the peer is not told");
	close_pair(&pair);
	pair = open_pair();
	expect_ended_by_shutdown(send_in_thread, pair.ends[0], -EPIPE);
	close_pair(&pair);
	listener = xdp4j_channel_listen(NAME, &error);
	CHECK(listener >= 0, "%s", error.text);
	expect_ended_by_shutdown(accept_in_thread, listener, -EINVAL);
	close(listener);
}

int main(void)
{
	int before = open_descriptors();

	signal(SIGPIPE, SIG_DFL);
	test_messages();
	test_descriptors();
	test_truncation();
	test_killed_peer();
	test_reset();
	test_stranger();
	test_names();
	test_shutdown();
	CHECK(open_descriptors() == before, "descriptors leak");
	return 0;
}
