/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of a UMEM: on which pages, and on which NUMA node. */
#include <errno.h>
#include <linux/mempolicy.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "error.h"
#include "umem.h"

#define MAP_HUGE_2_MB (21 << 26) /* linux/mman.h: log2 of the size, above MAP_HUGE_SHIFT */

#define NODES_MAX 1024 /* the most that a kernel can be built for (NODES_SHIFT) */
#define LONG_BITS (8 * sizeof(long))

#define FOLDER_CHARS 96

/* The huge pages of 2 MiB of a node, or of the machine: where the kernel counts them. */
static void name_pool(char folder[FOLDER_CHARS], int numa_node)
{
	if (numa_node < 0)
		snprintf(folder, FOLDER_CHARS, "/sys/kernel/mm/hugepages/hugepages-2048kB");
	else
		snprintf(folder, FOLDER_CHARS, "/sys/devices/system/node/node%d/hugepages/hugepages-2048kB", numa_node);
}

/* -1 when it cannot be read. */
static long read_count(const char *pool, const char *name)
{
	char path[FOLDER_CHARS + 32];
	unsigned long count = -1;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", pool, name);
	file = fopen(path, "re");
	if (!file)
		return -1;
	if (fscanf(file, "%lu", &count) != 1)
		count = -1;
	fclose(file);
	return (long)count; /* the kernel's number of claims is below 0 at times, and printed unsigned */
}

static void explain_refusal(struct xdp4j_umem *umem, const char *pool, long needed, int code)
{
	long total = read_count(pool, "nr_hugepages"), free = read_count(pool, "free_hugepages");
	long claimed = read_count(pool, "resv_hugepages"); /* of all nodes together: a node has no such file */
	char *text = umem->huge_page_refusal;
	size_t size = sizeof(umem->huge_page_refusal);

	if (claimed > 0)
		free -= claimed;
	if (total < 0)
		snprintf(text, size,
			 "%ld huge pages of 2 MiB are needed, and there is no %s: use a kernel with CONFIG_HUGETLBFS",
			 needed, pool);
	else if (free < needed)
		snprintf(text, size,
			 "%ld huge pages of 2 MiB are needed and %ld are free: `echo %ld > %s/nr_hugepages`", needed,
			 free, total + needed - free, pool);
	else
		snprintf(text, size, "%ld huge pages of 2 MiB are needed and %ld are free, but mmap: %s", needed, free,
			 strerror(code));
}

/* Whether it is mapped. By this the kernel grants the pages; it takes them from a node when they are touched. */
static bool map_huge_pages(struct xdp4j_umem *umem, uint64_t wanted, int numa_node)
{
	long needed = (wanted + HUGE_PAGE_BYTES - 1) / HUGE_PAGE_BYTES;
	char pool[FOLDER_CHARS];

	name_pool(pool, numa_node);
	umem->bytes = needed * HUGE_PAGE_BYTES;
	umem->area = mmap(NULL, umem->bytes, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_HUGE_2_MB, -1, 0);
	if (umem->area != MAP_FAILED) {
		/* That the machine has them does not mean that the node has. */
		if (read_count(pool, "free_hugepages") >= needed)
			return true;
		munmap(umem->area, umem->bytes);
		errno = ENOMEM;
	}
	explain_refusal(umem, pool, needed, errno);
	return false;
}

#define NODES_CHARS 128

/* Those on which this thread may have memory, for example "0-1"; empty when /proc cannot be read. */
static void read_allowed_nodes(char nodes[NODES_CHARS])
{
	FILE *status = fopen("/proc/thread-self/status", "re");
	char line[256];

	nodes[0] = '\0';
	while (status && fgets(line, sizeof(line), status) && sscanf(line, "Mems_allowed_list: %127s", nodes) != 1)
		;
	if (status)
		fclose(status);
}

/*
 * MPOL_PREFERRED, not MPOL_BIND: when the node has no memory left, memory that is further away is slower. With
 * MPOL_BIND the OOM killer comes, or, on huge pages, SIGBUS.
 */
static int place_on_node(const struct xdp4j_umem *umem, int numa_node, struct xdp4j_error *error)
{
	unsigned long nodes[NODES_MAX / LONG_BITS] = { 0 };
	char allowed[NODES_CHARS];
	int code = EINVAL;

	if (numa_node < NODES_MAX) {
		nodes[numa_node / LONG_BITS] = 1ul << numa_node % LONG_BITS;
		/* The kernel takes one off the number of bits. */
		if (!syscall(SYS_mbind, umem->area, umem->bytes, MPOL_PREFERRED, nodes, NODES_MAX + 1, 0))
			return 0;
		code = errno;
	}
	if (code != EINVAL)
		return xdp4j_fail(error, code, "mbind of the UMEM to NUMA node %d: %s; use -1 for any node", numa_node,
				  strerror(code));
	read_allowed_nodes(allowed);
	return xdp4j_fail(error, EINVAL, "NUMA node %d has no memory for this process: use one of %s, or -1 for any",
			  numa_node, allowed);
}

int xdp4j_umem_map(struct xdp4j_umem *umem, uint64_t wanted, int numa_node, struct xdp4j_error *error)
{
	int result;

	umem->huge_pages = map_huge_pages(umem, wanted, numa_node);
	if (!umem->huge_pages) {
		umem->bytes = wanted;
		umem->area = mmap(NULL, umem->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (umem->area == MAP_FAILED)
			return xdp4j_fail(error, errno, "mmap of %llu bytes for the UMEM: %s; use smaller rings",
					  (unsigned long long)wanted, strerror(errno));
		madvise(umem->area, umem->bytes, MADV_HUGEPAGE);
	}
	if (numa_node < 0)
		return 0;
	result = place_on_node(umem, numa_node, error);
	if (result)
		munmap(umem->area, umem->bytes);
	return result;
}
