/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Times from 100 ns to 60 s to 2 significant digits, by the buckets of HdrHistogram's Histogram(100, 60 s, 2): each is
 * twice as wide as the one before and cut into 256 parts, of which the lower half covers what the buckets before do,
 * and is not used. A figure is the upper end of its part, as there.
 */
#ifndef XDP4J_PEER_HISTOGRAM_H
#define XDP4J_PEER_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_MAX_NS 60000000000ull
#define HISTOGRAM_UNIT_BITS 6 /* 64 ns: the largest power of two within 100 ns */
#define HISTOGRAM_HALF_BITS 7 /* 128 parts: the least power of two above 10 ^ 2 */
#define HISTOGRAM_HALF (1u << HISTOGRAM_HALF_BITS)
#define HISTOGRAM_BUCKETS 23 /* 256 x 64 ns, doubled 22 times, is more than 60 s */

/* All zeros at first. */
struct histogram {
	uint64_t counts[(HISTOGRAM_BUCKETS + 1) * HISTOGRAM_HALF];
};

/* A longer time counts as HISTOGRAM_MAX_NS. */
static inline void histogram_record(struct histogram *histogram, uint64_t ns)
{
	const uint64_t first_bucket = (2ull * HISTOGRAM_HALF << HISTOGRAM_UNIT_BITS) - 1;
	uint32_t bucket;

	if (ns > HISTOGRAM_MAX_NS)
		ns = HISTOGRAM_MAX_NS;
	bucket = __builtin_clzll(first_bucket) - __builtin_clzll(ns | first_bucket);
	histogram->counts[bucket * HISTOGRAM_HALF + (ns >> (bucket + HISTOGRAM_UNIT_BITS))]++;
}

uint64_t histogram_total(const struct histogram *histogram);

/* What so many in a thousand were not above. There is at least one. */
uint64_t histogram_ns_at(const struct histogram *histogram, uint32_t per_mille);

#endif
