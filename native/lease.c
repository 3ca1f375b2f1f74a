/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames that the application keeps beyond the batch. Only the thread that receives takes them and takes them back; any
 * thread may release, by a push onto a stack that the receiving one takes as a whole, so that no frame can come onto it
 * again meanwhile.
 */
#include <errno.h>
#include <stdlib.h>

#include "error.h"
#include "umem.h"

#define NO_FRAME UINT32_MAX

static uint64_t frame_bytes(const struct xdp4j_umem *umem)
{
	return ~umem->frame_mask + 1;
}

int xdp4j_leases_check(const struct xdp4j_umem_options *options, struct xdp4j_error *error)
{
	if (!options->leases)
		return 0;
	if (assembly_is_needed(options))
		return xdp4j_fail(error, EINVAL,
				  "leases of packets of several frames, up to %u bytes: such a packet is a copy; use "
				  "frames that hold it, or no leases",
				  options->longest_packet);
	if (options->leases > options->frames || options->frames - options->leases < options->fill_ring)
		return xdp4j_fail(error, EINVAL,
				  "%u frames less %u leases cannot fill a ring of %u: use at least %llu frames",
				  options->frames, options->leases, options->fill_ring,
				  (unsigned long long)options->fill_ring + options->leases);
	return 0;
}

int xdp4j_leases_open(struct leases *leases, const struct xdp4j_umem_options *options, struct xdp4j_error *error)
{
	leases->returned = NO_FRAME;
	leases->most = options->leases;
	if (!leases->most)
		return 0;
	leases->next = calloc(options->frames, sizeof(*leases->next));
	leases->is_out = calloc(options->frames, sizeof(*leases->is_out));
	if (!leases->next || !leases->is_out) {
		xdp4j_leases_close(leases);
		return xdp4j_fail(error, ENOMEM, "out of memory");
	}
	return 0;
}

void xdp4j_leases_close(struct leases *leases)
{
	free(leases->next);
	free(leases->is_out);
}

void xdp4j_umem_take_back(struct xdp4j_umem *umem)
{
	struct leases *leases = &umem->leases;
	uint32_t frame = __atomic_exchange_n(&leases->returned, NO_FRAME, __ATOMIC_ACQUIRE);

	while (frame != NO_FRAME) {
		leases->is_out[frame] = false;
		umem->leased--;
		xdp4j_umem_give_back(umem, frame * frame_bytes(umem));
		frame = leases->next[frame];
	}
}

void xdp4j_xsk_settle_leases(struct xdp4j_xsk *xsk)
{
	if (xsk->held_leased) {
		uint32_t kept = 0;

		for (uint32_t i = 0; i < xsk->held_count; i++) {
			if (xsk->held[i] != LEASED)
				xsk->held[kept++] = xsk->held[i];
		}
		xsk->held_count = kept;
		xsk->held_leased = 0;
	}
	xdp4j_umem_take_back(xsk->umem);
}

int xdp4j_xsk_lease(struct xdp4j_xsk *xsk, uint32_t index)
{
	struct xdp4j_umem *umem = xsk->umem;
	uint32_t frame;

	if (!umem->leases.most)
		return -EOPNOTSUPP;
	if (index >= xsk->held_count)
		return -EINVAL;
	if (xsk->held[index] == LEASED)
		return -EALREADY;
	if (umem->leased == umem->leases.most)
		xdp4j_umem_take_back(umem);
	if (umem->leased == umem->leases.most)
		return -ENOBUFS;
	frame = xsk->held[index] / frame_bytes(umem);
	xsk->held[index] = LEASED;
	xsk->held_leased++;
	umem->leases.is_out[frame] = true;
	umem->leased++;
	return frame;
}

void xdp4j_umem_release(struct xdp4j_umem *umem, uint32_t frame)
{
	struct leases *leases = &umem->leases;
	uint32_t top = __atomic_load_n(&leases->returned, __ATOMIC_RELAXED);

	do {
		leases->next[frame] = top;
	} while (!__atomic_compare_exchange_n(&leases->returned, &top, frame, true, __ATOMIC_RELEASE,
					      __ATOMIC_RELAXED));
}
