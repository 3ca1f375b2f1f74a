/* SPDX-License-Identifier: Apache-2.0 */
/* Expected figures are what HdrHistogram 2.2.2 answers: new Histogram(100, 60_000_000_000L, 2). */
#include "histogram.h"

#include <string.h>

#include "check.h"

static struct histogram histogram;

static void expect(uint32_t per_mille, uint64_t ns)
{
	uint64_t seen = histogram_ns_at(&histogram, per_mille);

	CHECK(seen == ns, "%u per mille: %lu, not %lu", per_mille, seen, ns);
}

static void rounds_up(void)
{
	static const struct {
		uint64_t recorded, answered;
	} cases[] = {
		{ 0, 63 },
		{ 63, 63 },
		{ 64, 127 },
		{ 100, 127 },
		{ 16383, 16383 },
		{ 16384, 16511 },
		{ 16511, 16511 },
		{ 16512, 16639 },
		{ 32767, 32767 },
		{ 32768, 33023 },
		{ 1000000, 1003519 },
		{ 1000000000, 1002438655 },
		{ 60000000000, 60129542143 },
		{ UINT64_MAX, 60129542143 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		memset(&histogram, 0, sizeof(histogram));
		histogram_record(&histogram, cases[i].recorded);
		CHECK(histogram_total(&histogram) == 1, "total");
		expect(500, cases[i].answered);
		expect(1000, cases[i].answered);
	}
}

/* 0 to 9,999 units of 64 ns, in an order in which none is in its place. */
static void finds_percentiles(void)
{
	memset(&histogram, 0, sizeof(histogram));
	for (uint64_t i = 0; i < 10000; i++)
		histogram_record(&histogram, (i * 7919 + 13) % 10000 * 64);
	CHECK(histogram_total(&histogram) == 10000, "total");
	expect(500, 321535);
	expect(990, 634879);
	expect(999, 643071);
	expect(1000, 643071);
}

int main(void)
{
	rounds_up();
	finds_percentiles();
	return 0;
}
