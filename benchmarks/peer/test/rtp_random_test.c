/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random losses, delays and duplicates, against a list that knows the numbers before they were cut to 16 bits, and
 * forgets none: RtpReferenceTest.
 */
#include "rtp_lab.h"

#define NUMBERS 150000 /* two wraps */
#define SHORT_DELAY 2000
#define LONG_DELAY 20000
#define LATE_EVERY 8 /* only these are delayed beyond the window: two late packets in a row would look like a restart */
#define SEEDS 10

struct arrival {
	double position;
	uint32_t number;
};

static struct arrival arrivals[2 * NUMBERS];
static size_t arrival_count;
static uint64_t lost, duplicated;

static double chance(void)
{
	return rand() / (RAND_MAX + 1.0);
}

static double delay(double probability, double long_probability)
{
	if (chance() < long_probability)
		return chance() * LONG_DELAY;
	return chance() < probability ? chance() * SHORT_DELAY : 0;
}

static void add(uint32_t number, double behind)
{
	arrivals[arrival_count++] = (struct arrival){ number + behind, number };
}

static int by_position(const void *a, const void *b)
{
	double difference = ((const struct arrival *)a)->position - ((const struct arrival *)b)->position;

	return (difference > 0) - (difference < 0);
}

/* The first packet arrives first and the last one last; what happens to the others is up to chance. */
static void edit(double long_delays)
{
	double loss = chance() * 0.1, delays = chance() * 0.1, duplicates = chance() * 0.05;
	int losses_to_come = 0;

	arrival_count = lost = duplicated = 0;
	add(0, 0);
	for (uint32_t number = 1; number < NUMBERS - 1; number++) {
		double late = number % LATE_EVERY ? 0 : long_delays;

		if (!losses_to_come && chance() < loss / 10)
			losses_to_come = 1 + rand() % 20;
		if (losses_to_come) {
			losses_to_come--;
			lost++;
			continue;
		}
		add(number, delay(delays, late));
		if (chance() < duplicates) {
			add(number, delay(0.5, late));
			duplicated++;
		}
	}
	add(NUMBERS - 1, LONG_DELAY);
	qsort(arrivals, arrival_count, sizeof(*arrivals), by_position);
}

/* What the packets are by the list, in which also numbers of long ago are known. */
static struct rtp_counts look_up(void)
{
	static uint8_t seen[NUMBERS];
	struct rtp_counts expected = { .received = arrival_count, .expected = NUMBERS, .lost = NUMBERS };
	int64_t highest = -1, previous = -1;

	memset(seen, 0, sizeof(seen));
	for (size_t i = 0; i < arrival_count; i++) {
		int64_t number = arrivals[i].number;

		expected.discontinuities += (number - previous - 1) % 65536 != 0;
		previous = number;
		if (number <= highest - RTP_WINDOW) {
			expected.late++;
			continue;
		}
		expected.reordered += number < highest && !seen[number];
		expected.duplicate += seen[number];
		expected.lost -= !seen[number];
		seen[number] = 1;
		if (number > highest)
			highest = number;
	}
	return expected;
}

static void agrees_with_the_list(unsigned int seed, double long_delays)
{
	struct rtp_counts expected;

	srand(seed);
	edit(long_delays);
	expected = look_up();
	if (long_delays == 0) /* what was done is then known without the list */
		CHECK(expected.lost == lost && expected.duplicate == duplicated && !expected.late, "seed %u", seed);
	begin();
	spacing_ns = 1923;
	for (size_t i = 0; i < arrival_count; i++)
		arrive(1000 * seed + arrivals[i].number);
	printf("seed %u: %zu packets\n", seed, arrival_count);
	EXPECT(arrival_count, expected.lost, expected.reordered, expected.duplicate, expected.late);
	EXPECT_COUNT(expected, NUMBERS);
	EXPECT_COUNT(discontinuities, expected.discontinuities);
	EXPECT_COUNT(restarts, 0);
}

int main(void)
{
	for (unsigned int seed = 1; seed <= SEEDS; seed++) {
		agrees_with_the_list(seed, 0);
		agrees_with_the_list(seed, 0.01);
	}
	return 0;
}
