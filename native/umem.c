/* SPDX-License-Identifier: Apache-2.0 */
#include "umem.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "error.h"

static bool power_of_two(uint32_t n)
{
	return n && !(n & (n - 1));
}

static uint64_t frames_bytes(const struct xdp4j_umem_options *options)
{
	return (uint64_t)options->frames * options->frame_size;
}

static int check_options(const struct xdp4j_umem_options *options, struct xdp4j_error *error)
{
	if (options->frame_size != 2048 && options->frame_size != 4096)
		return xdp4j_fail(error, EINVAL, "frame size %u: use 2048 or 4096", options->frame_size);
	if (!power_of_two(options->fill_ring))
		return xdp4j_fail(error, EINVAL, "fill ring of %u: use a power of two", options->fill_ring);
	if (options->frames < options->fill_ring)
		return xdp4j_fail(error, EINVAL, "%u frames cannot fill a ring of %u: use at least as many frames",
				  options->frames, options->fill_ring);
	if (frames_bytes(options) > INT32_MAX - HUGE_PAGE_BYTES)
		return xdp4j_fail(error, EINVAL,
				  "%u frames of %u bytes are more than the 2 GiB that one buffer can hold: use fewer",
				  options->frames, options->frame_size);
	if (options->longest_packet > XDP4J_LONGEST_PACKET)
		return xdp4j_fail(error, EINVAL, "longest packet of %u bytes: IP allows %u", options->longest_packet,
				  XDP4J_LONGEST_PACKET);
	if (assembly_is_needed(options) && !options->long_packets)
		return xdp4j_fail(error, EINVAL,
				  "packets of %u bytes, but room for none of them: use the sum of the sockets' batches",
				  options->longest_packet);
	if (frames_bytes(options) + assembly_bytes(options) > INT32_MAX - HUGE_PAGE_BYTES)
		return xdp4j_fail(error, EINVAL,
				  "%u frames of %u bytes and %u packets of %u are more than the 2 GiB that one buffer "
				  "can hold: use fewer",
				  options->frames, options->frame_size, options->long_packets, options->longest_packet);
	return xdp4j_leases_check(options, error);
}

static int register_umem(struct xdp4j_umem *umem, const struct xdp4j_umem_options *options, struct xdp4j_error *error)
{
	const struct xsk_umem_config config = {
		.fill_size = options->fill_ring,
		.comp_size = 64, /* nothing is sent */
		.frame_size = options->frame_size,
	};
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	uint64_t bytes = frames_bytes(options);
	int result;

	/* May be refused, and is needless with CAP_IPC_LOCK: what counts is whether the registration succeeds. */
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	result = xsk_umem__create(&umem->umem, umem->area, bytes, &umem->fill, &umem->completion, &config);
	switch (-result) {
	case 0:
		return 0;
	case EPERM:
		return xdp4j_fail(error, EPERM, "AF_XDP socket: permission denied; run as root or with CAP_NET_RAW");
	case ENOBUFS:
	case ENOMEM:
		return xdp4j_fail(error, -result,
				  "registering a UMEM of %llu bytes: %s; raise `ulimit -l`, grant CAP_IPC_LOCK, or use "
				  "smaller rings",
				  (unsigned long long)bytes, strerror(-result));
	default:
		return xdp4j_fail(error, -result, "registering a UMEM of %llu bytes: %s", (unsigned long long)bytes,
				  strerror(-result));
	}
}

int xdp4j_umem_open(struct xdp4j_umem **out, const struct xdp4j_umem_options *options, struct xdp4j_error *error)
{
	struct xdp4j_umem *umem;
	int result = check_options(options, error);

	if (result)
		return result;
	umem = calloc(1, sizeof(*umem));
	if (!umem)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	umem->frames = options->frames;
	umem->frame_mask = ~(uint64_t)(options->frame_size - 1);
	umem->free = malloc(options->frames * sizeof(*umem->free));
	if (!umem->free) {
		result = xdp4j_fail(error, ENOMEM, "out of memory");
		goto free_umem;
	}
	result = xdp4j_umem_map(umem, frames_bytes(options) + assembly_bytes(options), options->numa_node, error);
	if (result)
		goto free_pool;
	result = assembly_open(&umem->assembly, options, frames_bytes(options), error);
	if (result)
		goto unmap;
	result = xdp4j_leases_open(&umem->leases, options, error);
	if (result)
		goto close_assembly;
	result = register_umem(umem, options, error);
	if (result)
		goto close_leases;

	/* Before any bind, so that a packet finds a frame from the first moment on. */
	for (uint32_t frame = options->frames; frame-- > 0;)
		umem->free[umem->free_count++] = (uint64_t)frame * options->frame_size;
	xdp4j_umem_refill(umem);
	*out = umem;
	return 0;

close_leases:
	xdp4j_leases_close(&umem->leases);
close_assembly:
	assembly_close(&umem->assembly);
unmap:
	munmap(umem->area, umem->bytes);
free_pool:
	free(umem->free);
free_umem:
	free(umem);
	return result;
}

void *xdp4j_umem_area(const struct xdp4j_umem *umem)
{
	return umem->area;
}

uint64_t xdp4j_umem_bytes(const struct xdp4j_umem *umem)
{
	return umem->bytes;
}

bool xdp4j_umem_huge_pages(const struct xdp4j_umem *umem)
{
	return umem->huge_pages;
}

const char *xdp4j_umem_huge_page_refusal(const struct xdp4j_umem *umem)
{
	return umem->huge_pages ? NULL : umem->huge_page_refusal;
}

/* Marks the frame as seen; counts it in *place, or as doubled where it had been seen before. */
static void audit_frame(const struct xdp4j_umem *umem, uint8_t *seen, uint64_t address,
			struct xdp4j_umem_audit *audit, uint32_t *place)
{
	uint64_t frame = address / (~umem->frame_mask + 1);

	if (frame >= umem->frames || seen[frame]) {
		audit->doubled++;
		return;
	}
	seen[frame] = 1;
	(*place)++;
}

void xdp4j_umem_audit(struct xdp4j_umem *umem, struct xdp4j_umem_audit *audit)
{
	uint8_t *seen = calloc(umem->frames, 1);
	const struct xdp4j_xsk *xsk;

	memset(audit, 0, sizeof(*audit));
	if (!seen)
		return;
	xdp4j_umem_take_back(umem);
	/* RX rings before the fill ring: a frame on its way can then be missed (and is the kernel's), never doubled. */
	for (xsk = umem->sockets; xsk; xsk = xsk->next) {
		struct xsk_ring_cons rx = xsk->rx;
		uint32_t produced = __atomic_load_n(rx.producer, __ATOMIC_ACQUIRE);

		for (uint32_t i = 0; i < xsk->held_count; i++) {
			if (xsk->held[i] != LEASED)
				audit_frame(umem, seen, xsk->held[i], audit, &audit->batch);
		}
		for (uint32_t i = rx.cached_cons; i != produced; i++)
			audit_frame(umem, seen, xsk_ring_cons__rx_desc(&rx, i)->addr, audit, &audit->rx);
	}
	for (uint32_t i = 0; i < umem->free_count; i++)
		audit_frame(umem, seen, umem->free[i], audit, &audit->free);
	for (uint32_t i = __atomic_load_n(umem->fill.consumer, __ATOMIC_ACQUIRE); i != umem->fill.cached_prod; i++) {
		struct xsk_ring_prod fill = umem->fill;

		audit_frame(umem, seen, *xsk_ring_prod__fill_addr(&fill, i), audit, &audit->fill);
	}
	for (uint32_t i = 0; umem->leases.most && i < umem->frames; i++) {
		if (umem->leases.is_out[i])
			audit_frame(umem, seen, (uint64_t)i * (~umem->frame_mask + 1), audit, &audit->leased);
	}
	audit->kernel = umem->frames - audit->free - audit->fill - audit->rx - audit->batch - audit->leased;
	free(seen);
}

int xdp4j_umem_close(struct xdp4j_umem *umem)
{
	int result;

	if (!umem)
		return 0;
	xdp4j_umem_take_back(umem);
	if (umem->sockets || umem->leased)
		return -EBUSY;
	if (umem->anchor)
		xsk_socket__delete(umem->anchor);
	result = xsk_umem__delete(umem->umem);
	if (result)
		return result;
	/* The same range, empty: zeros that cost no memory. */
	mmap(umem->area, umem->bytes, PROT_READ | PROT_WRITE,
	     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
	assembly_close(&umem->assembly);
	xdp4j_leases_close(&umem->leases);
	free(umem->free);
	free(umem);
	return 0;
}

void xdp4j_umem_unmap(void *area, uint64_t bytes)
{
	munmap(area, bytes);
}
