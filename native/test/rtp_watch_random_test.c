/* SPDX-License-Identifier: Apache-2.0 */
/* The sequence watch, on random losses, delays and duplicates, against a list that keeps every number. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rtp_watch.h"

#define NUMBERS 150000 /* two wraps */
#define DELAY_MAX 2000
#define SSRCS 3

struct arrival {
	double position;
	uint32_t ssrc;
	uint32_t number;
};

static int by_position(const void *a, const void *b)
{
	double difference = ((const struct arrival *)a)->position - ((const struct arrival *)b)->position;

	return (difference > 0) - (difference < 0);
}

static double chance(void)
{
	return rand() / (RAND_MAX + 1.0);
}

static void agrees_with_a_list(unsigned int seed)
{
	static struct arrival arrivals[2 * SSRCS * NUMBERS];
	static struct flow_watch watch;
	static uint8_t seen[SSRCS][NUMBERS];
	int64_t missing = 0, first[SSRCS], last[SSRCS], distinct[SSRCS] = { 0 }, expected = 0;
	size_t count = 0;

	srand(seed);
	memset(seen, 0, sizeof(seen));
	memset(&watch, 0, sizeof(watch));
	for (uint32_t ssrc = 0; ssrc < SSRCS; ssrc++) {
		uint32_t lost = 0;

		first[ssrc] = NUMBERS;
		last[ssrc] = -1;
		for (uint32_t number = 0; number < NUMBERS; number++) {
			if (chance() < 0.0005)
				lost = (uint32_t)(chance() * chance() * 900);
			if (lost) {
				lost--;
				continue;
			}
			for (int copies = chance() < 0.02 ? 2 : 1; copies; copies--) {
				double delay = chance() < 0.05 ? chance() * DELAY_MAX : 0;

				arrivals[count++] = (struct arrival){ number + delay + ssrc / 10.0, ssrc, number };
			}
		}
	}
	qsort(arrivals, count, sizeof(*arrivals), by_position);
	for (size_t i = 0; i < count; i++) {
		uint32_t ssrc = arrivals[i].ssrc, number = arrivals[i].number;

		missing += watch_packet(&watch, ssrc, (uint16_t)(number + 1000 * seed + 20000 * ssrc), 1000 * i);
		expected -= distinct[ssrc] ? last[ssrc] - first[ssrc] + 1 - distinct[ssrc] : 0;
		distinct[ssrc] += !seen[ssrc][number];
		seen[ssrc][number] = 1;
		if (number < first[ssrc])
			first[ssrc] = number;
		if (number > last[ssrc])
			last[ssrc] = number;
		expected += last[ssrc] - first[ssrc] + 1 - distinct[ssrc];
		if (missing != expected) {
			fprintf(stderr, "seed %u, arrival %zu, number %u of %u: %lld missing instead of %lld\n", seed,
				i, number, ssrc, (long long)missing, (long long)expected);
			exit(1);
		}
	}
	printf("seed %u: %zu packets, %lld missing\n", seed, count, (long long)missing);
}

int main(void)
{
	for (unsigned int seed = 1; seed <= 10; seed++)
		agrees_with_a_list(seed);
	return 0;
}
