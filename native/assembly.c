/* SPDX-License-Identifier: Apache-2.0 */
#include "assembly.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/bpf.h>

#include "error.h"
#include "xsk_kernel.h"

#define CACHE_LINE 64

bool assembly_is_needed(const struct xdp4j_umem_options *options)
{
	return options->longest_packet > options->frame_size - XDP_PACKET_HEADROOM;
}

static uint64_t slot_bytes(const struct xdp4j_umem_options *options)
{
	uint64_t bytes = sizeof(struct packet_meta) + options->longest_packet;

	return (bytes + CACHE_LINE - 1) & ~(uint64_t)(CACHE_LINE - 1);
}

uint64_t assembly_bytes(const struct xdp4j_umem_options *options)
{
	return assembly_is_needed(options) ? options->long_packets * slot_bytes(options) : 0;
}

int assembly_open(struct assembly *assembly, const struct xdp4j_umem_options *options, uint64_t start,
		  struct xdp4j_error *error)
{
	if (!assembly_is_needed(options))
		return 0;
	assembly->free = malloc(options->long_packets * sizeof(*assembly->free));
	if (!assembly->free)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	for (uint32_t slot = options->long_packets; slot-- > 0;)
		assembly->free[assembly->free_count++] =
			start + slot * slot_bytes(options) + sizeof(struct packet_meta);
	assembly->longest = options->longest_packet;
	return 0;
}

void assembly_close(struct assembly *assembly)
{
	free(assembly->free);
}

int assembly_take(struct assembly *assembly, uint64_t **slots, uint32_t count, struct xdp4j_error *error)
{
	if (!assembly->free)
		return 0;
	if (count > assembly->free_count)
		return xdp4j_fail(error, ENOBUFS,
				  "batch of %u, but the UMEM has room for %u more packets of several frames: use a "
				  "smaller batch, or open the UMEM for the sum of its sockets' batches",
				  count, assembly->free_count);
	*slots = malloc(count * sizeof(**slots));
	if (!*slots)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	for (uint32_t i = 0; i < count; i++)
		(*slots)[i] = assembly->free[--assembly->free_count];
	return 0;
}

void assembly_give_back(struct assembly *assembly, uint64_t *slots, uint32_t count)
{
	for (uint32_t i = 0; slots && i < count; i++)
		assembly->free[assembly->free_count++] = slots[i];
	free(slots);
}

uint32_t assembly_count(const struct xsk_ring_cons *rx, uint32_t first, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		if (!(xsk_ring_cons__rx_desc(rx, first + i)->options & XDP_PKT_CONTD))
			return i + 1;
	}
	return 0;
}

uint32_t assembly_copy(const struct assembly *assembly, void *area, uint64_t slot, const struct xsk_ring_cons *rx,
		       uint32_t first, uint32_t count)
{
	uint8_t *packet = (uint8_t *)area + slot;
	const uint8_t *from = area;
	uint32_t bytes = 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct xdp_desc *desc = xsk_ring_cons__rx_desc(rx, first + i);

		if (desc->len > assembly->longest - bytes)
			return 0;
		memcpy(packet + bytes, from + desc->addr, desc->len);
		bytes += desc->len;
	}
	/* It stands in front of the first buffer alone. */
	from += xsk_ring_cons__rx_desc(rx, first)->addr;
	memcpy(packet - sizeof(struct packet_meta), from - sizeof(struct packet_meta), sizeof(struct packet_meta));
	return bytes;
}
