/* SPDX-License-Identifier: Apache-2.0 */
#include "options.h"

#include <getopt.h>
#include <string.h>

#include "fail.h"
#include "text.h"

#define USAGE                                                                                                          \
	"xdp4j-peer --interface IF --flow GROUP:PORT[@SOURCE] [--flow ...] [--queue 0] [--rx-ring 32768] "             \
	"[--fill-ring 32768] [--batch 64] [--idle sleep:1ms|spin|poll] [--drop]"

#define RING_MAX (1u << 19) /* 2^19 frames of 2,048 bytes are 1 GiB: the most that Java can be given */
#define BATCH_MAX 65536
#define QUEUE_MAX 65535

#define SLEEP "sleep:"

static uint32_t number_of(const char *option, const char *text, uint64_t least, uint64_t most)
{
	uint64_t number;

	if (!text_number(text, most, &number) || number < least)
		fail(BAD_INPUT, "%s %s: use a number from %lu to %lu", option, text, least, most);
	return number;
}

static uint32_t ring_of(const char *option, const char *text)
{
	uint64_t number;

	if (!text_number(text, RING_MAX, &number) || !number || number & (number - 1))
		fail(BAD_INPUT, "%s %s: use a power of two up to %u, for example 32768", option, text, RING_MAX);
	return number;
}

static void read_idle(struct options *options, const char *text)
{
	if (!strcmp(text, "spin"))
		options->idle = IDLE_SPIN;
	else if (!strcmp(text, "poll"))
		options->idle = IDLE_POLL;
	else if (!strncmp(text, SLEEP, strlen(SLEEP)) && text_duration(text + strlen(SLEEP), &options->sleep))
		options->idle = IDLE_SLEEP;
	else
		fail(BAD_INPUT,
		     "--idle %s: use spin, poll, or sleep:DURATION in ns, us, ms or s, for example sleep:1ms", text);
}

static void add_flow(struct options *options, const char *text)
{
	struct flow *flow = &options->flows[options->flow_count];
	const char *wrong;

	if (options->flow_count == FLOWS_MAX)
		fail(BAD_INPUT, "--flow %s: there are %d already, and no more can be", text, FLOWS_MAX);
	flow->text = text;
	wrong = text_flow(text, &flow->key);
	if (wrong)
		fail(BAD_INPUT, "--flow %s: %s", text, wrong);
	for (uint32_t i = 0; i < options->flow_count; i++) {
		if (!memcmp(&options->flows[i].key, &flow->key, sizeof(flow->key)))
			fail(BAD_INPUT, "--flow %s: it is there already, as %s: name it once", text,
			     options->flows[i].text);
	}
	options->flow_count++;
}

static void set_defaults(struct options *options)
{
	memset(options, 0, sizeof(*options));
	options->rx_ring = 32768;
	options->fill_ring = 32768;
	options->batch = 64;
	options->idle = IDLE_SLEEP;
	options->sleep.tv_nsec = 1000000;
}

void options_read(struct options *options, int argc, char *argv[])
{
	static const struct option known[] = {
		{ "interface", required_argument, NULL, 'i' },
		{ "flow", required_argument, NULL, 'f' },
		{ "queue", required_argument, NULL, 'q' },
		{ "rx-ring", required_argument, NULL, 'r' },
		{ "fill-ring", required_argument, NULL, 'l' },
		{ "batch", required_argument, NULL, 'b' },
		{ "idle", required_argument, NULL, 'w' },
		{ "drop", no_argument, NULL, 'd' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	set_defaults(options);
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", known, NULL)) != -1) {
		switch (option) {
		case 'i':
			options->interface = optarg;
			break;
		case 'f':
			add_flow(options, optarg);
			break;
		case 'q':
			options->queue = number_of("--queue", optarg, 0, QUEUE_MAX);
			break;
		case 'r':
			options->rx_ring = ring_of("--rx-ring", optarg);
			break;
		case 'l':
			options->fill_ring = ring_of("--fill-ring", optarg);
			break;
		case 'b':
			options->batch = number_of("--batch", optarg, 1, BATCH_MAX);
			break;
		case 'w':
			read_idle(options, optarg);
			break;
		case 'd':
			options->drop = true;
			break;
		default:
			fail(BAD_INPUT, "%s is no option, or lacks its value: use %s", argv[optind - 1], USAGE);
		}
	}
	if (optind < argc)
		fail(BAD_INPUT, "%s is no option: use %s", argv[optind], USAGE);
	if (!options->interface || !options->flow_count)
		fail(BAD_INPUT, "--interface and --flow are needed: use %s", USAGE);
}
