/* SPDX-License-Identifier: Apache-2.0 */
#include "histogram.h"

#define PARTS (sizeof(((struct histogram *)0)->counts) / sizeof(uint64_t))

uint64_t histogram_total(const struct histogram *histogram)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < PARTS; i++)
		total += histogram->counts[i];
	return total;
}

/* The last nanosecond that counts there. */
static uint64_t upper_end_ns(uint32_t part)
{
	uint32_t bucket = part < 2 * HISTOGRAM_HALF ? 0 : part / HISTOGRAM_HALF - 1;
	uint64_t in_bucket = part - bucket * HISTOGRAM_HALF;

	return ((in_bucket + 1) << (bucket + HISTOGRAM_UNIT_BITS)) - 1;
}

uint64_t histogram_ns_at(const struct histogram *histogram, uint32_t per_mille)
{
	uint64_t wanted = (histogram_total(histogram) * per_mille + 999) / 1000;
	uint64_t below = 0;
	uint32_t part = 0;

	while ((below += histogram->counts[part]) < wanted)
		part++;
	return upper_end_ns(part);
}
