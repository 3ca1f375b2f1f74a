/* SPDX-License-Identifier: Apache-2.0 */
/* Messages with descriptors between two processes: unix(7), SOCK_SEQPACKET, in the abstract namespace. */
#define _GNU_SOURCE 1 /* accept4, struct ucred */
#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "error.h"

#define BACKLOG 16

/* Room for just as many descriptors as a message may have: the kernel then closes those beyond, and says so. */
union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(XDP4J_CHANNEL_FDS * sizeof(int))];
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

/* When to give up, for wait_readable. */
static int64_t deadline_of(int timeout_ms)
{
	return timeout_ms < 0 ? INT64_MAX : now_ms() + timeout_ms;
}

/* 1 when there is something to receive or accept, or never will be; 0 at the deadline; or -errno. */
static int wait_readable(int fd, int64_t deadline)
{
	struct pollfd descriptor = { .fd = fd, .events = POLLIN };
	int result;

	do {
		int64_t left = deadline == INT64_MAX ? -1 : deadline - now_ms();

		if (deadline != INT64_MAX && left < 0)
			left = 0;
		result = poll(&descriptor, 1, (int)left);
	} while (result < 0 && errno == EINTR);
	return result < 0 ? -errno : result;
}

/* A name in the abstract namespace is what is behind a first byte of zero, without a zero at its end. */
static int to_address(struct sockaddr_un *address, socklen_t *length, const char *name, struct xdp4j_error *error)
{
	size_t chars = strlen(name);

	if (!chars || chars >= sizeof(address->sun_path))
		return xdp4j_fail(error, EINVAL, "channel name of %zu bytes: use 1 to %zu", chars,
				  sizeof(address->sun_path) - 1);
	memset(address, 0, sizeof(*address));
	address->sun_family = AF_UNIX;
	memcpy(address->sun_path + 1, name, chars);
	*length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + chars);
	return 0;
}

/* The kernel doubles it. Refused silently beyond net.core.wmem_max: what counts is whether a message can be sent. */
static void make_room(int fd)
{
	const int bytes = XDP4J_CHANNEL_BYTES;

	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
}

static int open_socket(struct sockaddr_un *address, socklen_t *length, const char *name, struct xdp4j_error *error)
{
	int result = to_address(address, length, name, error);
	int fd;

	if (result)
		return result;
	/* Blocking: a non-blocking accept says EAGAIN, not EINVAL, when the listener was shut down. */
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return xdp4j_fail(error, errno, "socket for channel '%s': %s", name, strerror(errno));
	return fd;
}

int xdp4j_channel_listen(const char *name, struct xdp4j_error *error)
{
	struct sockaddr_un address;
	socklen_t length;
	int result, fd;

	fd = open_socket(&address, &length, name, error);
	if (fd < 0)
		return fd;
	if (bind(fd, (struct sockaddr *)&address, length) || listen(fd, BACKLOG)) {
		result = xdp4j_fail(error, errno, "listening as channel '%s': %s%s", name, strerror(errno),
				    errno == EADDRINUSE ? "; use another name" : "");
		close(fd);
		return result;
	}
	return fd;
}

/*
 * Takes the connection that poll has seen, which waits there even when the other end is closed again. A descriptor;
 * -EAGAIN when it was a stranger; or -errno.
 */
static int accept_from(int listener, pid_t expected)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	struct ucred peer = { 0 };
	socklen_t length = sizeof(peer);

	if (fd < 0)
		return errno == EINTR ? -EAGAIN : -errno;
	if (!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) && peer.pid == expected && peer.uid == geteuid())
		return fd;
	close(fd);
	return -EAGAIN;
}

int xdp4j_channel_accept(int listener, pid_t expected, int timeout_ms, struct xdp4j_error *error)
{
	int64_t deadline = deadline_of(timeout_ms);
	int result;

	do {
		result = wait_readable(listener, deadline);
		if (!result)
			break;
		if (result > 0)
			result = accept_from(listener, expected);
		if (result >= 0) {
			make_room(result);
			return result;
		}
		if (result != -EAGAIN)
			return xdp4j_fail(error, -result, "accepting process %d on descriptor %d: %s", expected,
					  listener, strerror(-result));
	} while (now_ms() < deadline); /* also when strangers never cease to come */
	return xdp4j_fail(error, ETIMEDOUT,
			  "process %d has not connected within %d ms: see whether it lives, and in this network "
			  "namespace",
			  expected, timeout_ms);
}

int xdp4j_channel_connect(const char *name, struct xdp4j_error *error)
{
	struct sockaddr_un address;
	socklen_t length;
	int result, fd;

	fd = open_socket(&address, &length, name, error);
	if (fd < 0)
		return fd;
	while (connect(fd, (struct sockaddr *)&address, length)) {
		if (errno == EINTR)
			continue;
		result = xdp4j_fail(error, errno, "connecting to channel '%s': %s%s", name, strerror(errno),
				    errno == ECONNREFUSED ? "; nobody listens in this network namespace" : "");
		close(fd);
		return result;
	}
	make_room(fd);
	return fd;
}

int xdp4j_channel_send(int fd, const void *bytes, uint32_t length, const int fds[], uint32_t fd_count)
{
	struct iovec part = { .iov_base = (void *)bytes, .iov_len = length };
	union control control = { 0 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t sent;

	/* An empty message looks like the end to the peer. */
	if (!length || fd_count > XDP4J_CHANNEL_FDS)
		return -EINVAL;
	if (length > XDP4J_CHANNEL_BYTES)
		return -EMSGSIZE;
	if (fd_count) {
		message.msg_control = &control;
		message.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(fd_count * sizeof(int));
		memcpy(CMSG_DATA(&control.header), fds, fd_count * sizeof(int));
	}
	do
		sent = sendmsg(fd, &message, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent >= 0)
		return 0;
	return errno == ECONNRESET ? -EPIPE : -errno;
}

/* Copies the descriptors that came with the message to fds; how many. */
static uint32_t take_descriptors(struct msghdr *message, int fds[XDP4J_CHANNEL_FDS])
{
	uint32_t count = 0;

	for (struct cmsghdr *each = CMSG_FIRSTHDR(message); each; each = CMSG_NXTHDR(message, each)) {
		uint32_t here = (each->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (each->cmsg_level != SOL_SOCKET || each->cmsg_type != SCM_RIGHTS)
			continue;
		memcpy(fds + count, CMSG_DATA(each), here * sizeof(int));
		count += here;
	}
	return count;
}

/* What a message means whose bytes and descriptors were received: its length, or -errno. */
static int judge(ssize_t received, int flags)
{
	if (!received)
		return -EPIPE;
	if (flags & MSG_TRUNC)
		return -EMSGSIZE;
	if (flags & MSG_CTRUNC)
		return -EMFILE;
	return (int)received;
}

int xdp4j_channel_receive(int fd, void *bytes, uint32_t room, int fds[XDP4J_CHANNEL_FDS], uint32_t *fd_count,
			  int timeout_ms)
{
	int64_t deadline = deadline_of(timeout_ms);
	struct iovec part = { .iov_base = bytes, .iov_len = room };
	struct msghdr message;
	union control control;
	ssize_t received;
	int result;

	*fd_count = 0;
	do {
		result = wait_readable(fd, deadline);
		if (result <= 0)
			return result;
		message = (struct msghdr){
			.msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
		};
		received = recvmsg(fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
		/* ECONNRESET is told once, when the peer ended with mail unread; what it had sent is behind it. */
	} while (received < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNRESET));
	if (received < 0)
		return -errno;
	*fd_count = take_descriptors(&message, fds);
	result = judge(received, message.msg_flags);
	if (result < 0) {
		while (*fd_count)
			close(fds[--*fd_count]);
	}
	return result;
}

void xdp4j_channel_shutdown(int fd)
{
	shutdown(fd, SHUT_RDWR);
}

void xdp4j_channel_close(int fd)
{
	close(fd);
}
