/* SPDX-License-Identifier: Apache-2.0 */
/* Shared memory keeps what a process wrote that was killed, has the size it was made with, and can be left. */
#define _GNU_SOURCE 1
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "xdp4j.h"

#define BYTES 10000 /* no multiple of a page */

static struct xdp4j_error error;

static volatile uint8_t *map(int fd)
{
	void *address;
	uint64_t bytes;

	CHECK(!xdp4j_memory_map(&address, &bytes, fd, &error), "%s", error.text);
	CHECK(bytes == BYTES, "%llu bytes", (unsigned long long)bytes);
	return address;
}

static void test_outlives_its_writer(void)
{
	int fd = xdp4j_memory_create("xdp4j-test", BYTES, &error);
	volatile uint8_t *memory;
	int status;
	pid_t writer;

	CHECK(fd >= 0, "%s", error.text);
	writer = fork();
	if (!writer) {
		memory = map(fd);
		memory[0] = 11;
		memory[BYTES - 1] = 22;
		kill(getpid(), SIGKILL);
	}
	CHECK(waitpid(writer, &status, 0) == writer && WIFSIGNALED(status), "the writer was not killed");
	memory = map(fd);
	CHECK(memory[0] == 11 && memory[1] == 0 && memory[BYTES - 1] == 22, "what was written is lost");
	close(fd);
	CHECK(memory[0] == 11, "the mapping does not hold the memory");
	xdp4j_memory_unmap((void *)memory, BYTES);
}

static void test_name(void)
{
	char path[64], text[300] = "", name[251];
	int fd = xdp4j_memory_create("xdp4j-test", BYTES, &error);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK(readlink(path, text, sizeof(text) - 1) > 0, "%s", strerror(errno));
	CHECK(!strcmp(text, "/memfd:xdp4j-test (deleted)"), "%s", text);
	CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC, "not close-on-exec");
	close(fd);

	memset(name, 'n', 250);
	name[250] = '\0';
	CHECK(xdp4j_memory_create(name, BYTES, &error) == -EINVAL, "a name too long");
	CHECK(strstr(error.text, "use a name of 249 bytes or less"), "%s", error.text);
}

static void test_size_is_fixed(void)
{
	int fd = xdp4j_memory_create("xdp4j-test", BYTES, &error);

	CHECK(ftruncate(fd, BYTES - 1) && errno == EPERM, "can be shortened");
	CHECK(ftruncate(fd, BYTES + 1) && errno == EPERM, "can be lengthened");
	CHECK(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE) && errno == EPERM, "can be sealed against its writers");
	close(fd);
	CHECK(xdp4j_memory_create("xdp4j-test", 0, &error) == -EINVAL, "0 bytes");
	CHECK(xdp4j_memory_create("xdp4j-test", 1ull << 31, &error) == -EINVAL, "2 GiB");
	CHECK(strstr(error.text, "2147483648 bytes: use 1 to 2147483647"), "%s", error.text);
}

/* Whose size could be changed under the mapping. */
static void test_others_are_refused(void)
{
	int memfd = memfd_create("xdp4j-test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	void *address;
	uint64_t bytes;

	CHECK(memfd >= 0 && !ftruncate(memfd, BYTES), "%s", strerror(errno));
	CHECK(xdp4j_memory_map(&address, &bytes, memfd, &error) == -EINVAL, "a memfd without seals");
	CHECK(xdp4j_memory_map(&address, &bytes, null, &error) == -EINVAL, "a device");
	CHECK(xdp4j_memory_map(&address, &bytes, -1, &error) == -EBADF, "nothing");
	close(memfd);
	close(null);
}

static void test_left(void)
{
	int fd = xdp4j_memory_create("xdp4j-test", BYTES, &error);
	volatile uint8_t *first = map(fd), *second = map(fd);

	first[BYTES - 1] = 33;
	xdp4j_memory_leave((void *)first, BYTES);
	CHECK(!first[BYTES - 1], "the old bytes are still there");
	first[BYTES - 1] = 44;
	CHECK(second[BYTES - 1] == 33, "written into the memory that was left");
	xdp4j_memory_unmap((void *)first, BYTES);
	xdp4j_memory_unmap((void *)second, BYTES);
	close(fd);
}

int main(void)
{
	test_outlives_its_writer();
	test_name();
	test_size_is_fixed();
	test_others_are_refused();
	test_left();
	return 0;
}
