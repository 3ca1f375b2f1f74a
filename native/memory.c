/* SPDX-License-Identifier: Apache-2.0 */
/* Memory that outlives the process that writes into it: a memfd, mapped by each of its users. */
#define _GNU_SOURCE 1 /* memfd_create, fallocate */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

#define SIZE_SEALS (F_SEAL_SHRINK | F_SEAL_GROW)

static int check_size(uint64_t bytes, struct xdp4j_error *error)
{
	if (bytes && bytes <= INT32_MAX)
		return 0;
	return xdp4j_fail(error, EINVAL, "shared memory of %llu bytes: use 1 to %d, what one buffer can hold",
			  (unsigned long long)bytes, INT32_MAX);
}

int xdp4j_memory_create(const char *name, uint64_t bytes, struct xdp4j_error *error)
{
	int fd, result;

	result = check_size(bytes, error);
	if (result)
		return result;
	fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0) {
		if (errno == EINVAL)
			return xdp4j_fail(error, EINVAL, "memfd_create '%.32s...': use a name of 249 bytes or less",
					  name);
		return xdp4j_fail(error, errno, "memfd_create '%s': %s", name, strerror(errno));
	}
	/* Not ftruncate: pages that cannot be had are an error here, and SIGBUS in whoever touches them first. */
	if (fallocate(fd, 0, 0, (off_t)bytes) || fcntl(fd, F_ADD_SEALS, SIZE_SEALS | F_SEAL_SEAL)) {
		result = xdp4j_fail(error, errno, "shared memory '%s' of %llu bytes: %s; use less", name,
				    (unsigned long long)bytes, strerror(errno));
		close(fd);
		return result;
	}
	return fd;
}

int xdp4j_memory_map(void **address, uint64_t *bytes, int fd, struct xdp4j_error *error)
{
	struct stat status;
	int seals, result;
	void *mapped;

	/* Whoever else holds an unsealed descriptor could shorten it, which ends this process by SIGBUS. */
	seals = fcntl(fd, F_GET_SEALS);
	if (seals < 0 || (seals & SIZE_SEALS) != SIZE_SEALS || fstat(fd, &status))
		return xdp4j_fail(
			error, seals < 0 ? errno : EINVAL,
			"descriptor %d is no memfd sealed in its size: pass one that was made as shared memory", fd);
	result = check_size((uint64_t)status.st_size, error);
	if (result)
		return result;
	mapped = mmap(NULL, (size_t)status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (mapped == MAP_FAILED)
		return xdp4j_fail(error, errno, "mmap of %lld bytes of descriptor %d: %s", (long long)status.st_size,
				  fd, strerror(errno));
	*address = mapped;
	*bytes = (uint64_t)status.st_size;
	return 0;
}

void xdp4j_memory_leave(void *address, uint64_t bytes)
{
	mmap(address, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
}

void xdp4j_memory_unmap(void *address, uint64_t bytes)
{
	munmap(address, bytes);
}
