/* SPDX-License-Identifier: Apache-2.0 */
/*
 * On which pages and on which NUMA node the memory of a UMEM is, by the kernel's own account of it. Needs root; gives
 * the huge pages back that it sets aside.
 */
#define _GNU_SOURCE 1
#include "xdp_lab.h"

#include <linux/mempolicy.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "xdp4j.h"

#define POOL "/sys/kernel/mm/hugepages/hugepages-2048kB/"
#define NODE_POOL "/sys/devices/system/node/node0/hugepages/hugepages-2048kB/"
#define HUGE_PAGE_BYTES (2ul << 20)
#define MAP_HUGE_2_MB (21 << 26)
#define FRAMES 2048 /* two huge pages */
#define NEEDED 2
#define TAKEN_MAX 4096

static struct xdp4j_error error;
static long available_before;

static struct xdp4j_umem *open_umem(int numa_node)
{
	const struct xdp4j_umem_options options = { 2048, FRAMES, FRAMES, 0, 0, numa_node, 0 };
	struct xdp4j_umem *umem;

	CHECK(!xdp4j_umem_open(&umem, &options, &error), "%s", error.text);
	return umem;
}

static long count_of(const char *file)
{
	FILE *stream = fopen(file, "r");
	unsigned long count;

	CHECK(stream && fscanf(stream, "%lu", &count) == 1, "%s", file);
	fclose(stream);
	return (long)count;
}

/* Where that is forbidden nothing changes. */
static void set_count(const char *file, long count)
{
	FILE *stream = fopen(file, "w");

	if (!stream)
		return;
	fprintf(stream, "%ld", count);
	fclose(stream);
}

/* What /proc/self/smaps says under a name of the mapping at an address: kilobytes. */
static long kilobytes(const void *address, const char *name)
{
	FILE *maps = fopen("/proc/self/smaps", "r");
	char line[256], format[64];
	bool inside = false;
	long value = -1;

	CHECK(maps, "smaps");
	snprintf(format, sizeof(format), "%s: %%ld kB", name);
	while (value < 0 && fgets(line, sizeof(line), maps)) {
		unsigned long from, to;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = (unsigned long)address >= from && (unsigned long)address < to;
		else if (inside)
			sscanf(line, format, &value);
	}
	fclose(maps);
	return value;
}

/* Free ones that nobody has a claim on. */
static long available(void)
{
	long claimed = count_of(POOL "resv_hugepages"); /* below 0 while a UMEM that is unmapped is still pinned */

	return count_of(POOL "free_hugepages") - (claimed > 0 ? claimed : 0);
}

/* The kernel lets go of a UMEM by a work queue, some time later. */
static void close_umem(struct xdp4j_umem *umem)
{
	CHECK(!xdp4j_umem_close(umem), "close");
	for (int tries = 0; available() != available_before; tries++) {
		CHECK(tries < 1000, "%ld huge pages are free, and %ld before", available(), available_before);
		usleep(10000);
	}
}

/* None is to be had: this test has them all. */
static void test_refusal(int numa_node)
{
	static void *taken[TAKEN_MAX];
	char expected[256];
	struct xdp4j_umem *umem;
	int count = 0;

	while (count < TAKEN_MAX) {
		taken[count] = mmap(NULL, HUGE_PAGE_BYTES, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB | MAP_HUGE_2_MB, -1, 0);
		if (taken[count] == MAP_FAILED)
			break;
		memset(taken[count++], 1, 1); /* a node knows of those that are used, not of those that are claimed */
	}
	umem = open_umem(numa_node);
	CHECK(!xdp4j_umem_huge_pages(umem) && kilobytes(xdp4j_umem_area(umem), "KernelPageSize") == 4, "huge pages");
	snprintf(expected, sizeof(expected),
		 "2 huge pages of 2 MiB are needed and 0 are free: `echo %ld > %snr_hugepages`",
		 count_of(POOL "nr_hugepages") + NEEDED, numa_node < 0 ? POOL : NODE_POOL);
	CHECK(!strcmp(xdp4j_umem_huge_page_refusal(umem), expected), "%s, not %s", xdp4j_umem_huge_page_refusal(umem),
	      expected);
	while (count-- > 0)
		munmap(taken[count], HUGE_PAGE_BYTES);
	close_umem(umem);
}

static void test_huge_pages(int numa_node)
{
	struct xdp4j_umem *umem = open_umem(numa_node);

	CHECK(xdp4j_umem_huge_pages(umem), "%s", xdp4j_umem_huge_page_refusal(umem));
	CHECK(!xdp4j_umem_huge_page_refusal(umem), "%s", xdp4j_umem_huge_page_refusal(umem));
	CHECK(kilobytes(xdp4j_umem_area(umem), "KernelPageSize") == HUGE_PAGE_BYTES >> 10, "small pages");
	close_umem(umem);
}

/* The pages of one that was closed just now are still pinned: the next one does without. */
static void test_one_after_the_other(void)
{
	for (int i = 0; i < 20; i++) {
		struct xdp4j_umem *umem = open_umem(-1);

		CHECK(!xdp4j_umem_huge_pages(umem) == !!xdp4j_umem_huge_page_refusal(umem), "neither");
		CHECK(!xdp4j_umem_close(umem), "close");
	}
	close_umem(open_umem(-1));
}

/* Sets aside just those that are needed. */
static bool test_with_huge_pages(void)
{
	long before = count_of(POOL "nr_hugepages");
	long missing = NEEDED - available();
	bool there;

	if (missing > 0)
		set_count(POOL "nr_hugepages", before + missing);
	available_before = available();
	there = available_before >= NEEDED;
	if (there) {
		test_huge_pages(-1);
		test_huge_pages(0);
		test_one_after_the_other();
	}
	if (missing > 0)
		set_count(POOL "nr_hugepages", before);
	return there;
}

static int node_of(const void *address)
{
	int node = -1;

	CHECK(!syscall(SYS_get_mempolicy, &node, NULL, 0, address, MPOL_F_NODE | MPOL_F_ADDR), "%s", strerror(errno));
	return node;
}

static void test_node(void)
{
	struct xdp4j_umem *umem = open_umem(0);
	const uint8_t *area = xdp4j_umem_area(umem);
	int policy = -1;

	CHECK(!syscall(SYS_get_mempolicy, &policy, NULL, 0, area, MPOL_F_ADDR), "%s", strerror(errno));
	CHECK(policy == MPOL_PREFERRED, "%d", policy);
	CHECK(node_of(area) == 0 && node_of(area + xdp4j_umem_bytes(umem) - 1) == 0, "on another node");
	close_umem(umem);
}

static void test_no_such_node(int numa_node)
{
	const struct xdp4j_umem_options options = { 2048, FRAMES, FRAMES, 0, 0, numa_node, 0 };
	struct xdp4j_umem *umem;
	char expected[128];

	CHECK(xdp4j_umem_open(&umem, &options, &error) == -EINVAL, "node %d", numa_node);
	snprintf(expected, sizeof(expected), "NUMA node %d has no memory for this process: use one of 0", numa_node);
	CHECK(!strncmp(error.text, expected, strlen(expected)), "%s", error.text);
}

int main(void)
{
	if (geteuid() || access(POOL, F_OK)) {
		printf("skipped: needs root and a kernel with huge pages of 2 MiB\n");
		return SKIP;
	}
	available_before = available();
	test_refusal(-1);
	if (access(NODE_POOL, F_OK)) {
		printf("skipped: a kernel without NUMA\n");
		return SKIP;
	}
	test_node();
	test_no_such_node(1023);
	test_no_such_node(1024);
	test_no_such_node(INT32_MAX);
	test_refusal(0);
	if (!test_with_huge_pages()) {
		printf("skipped: huge pages cannot be set aside here\n");
		return SKIP;
	}
	return 0;
}
