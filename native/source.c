/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flow_key.h"
#include "source.h"

_Static_assert(SOURCE_FLOWS == XDP4J_SOURCE_FLOWS, "the program has room for what the interface takes");
_Static_assert(PATTERN_RANGES == XDP4J_SOURCE_RANGES, "the program and the interface take the same patterns");
_Static_assert(sizeof(struct pattern_counters) == sizeof(struct xdp4j_source_counters), "the same counters");

struct xdp4j_source {
	struct source_live *live; /* one of the two */
	struct source_udp *udp;
	const struct source_flow *flows; /* the engine's */
	uint64_t tx_dropped_before;
	char interface[]; /* the name */
};

static int check_interface(struct source_device *device, const char *name, struct xdp4j_error *error)
{
	int result = source_device_read(device, name);

	if (result == -ENODEV)
		return xdp4j_fail(error, ENODEV, "no interface '%s': `ip link` lists them", name);
	if (result)
		return xdp4j_fail(error, -result, "asking for interface %s: %s", name, strerror(-result));
	if (!device->up)
		return xdp4j_fail(error, ENETDOWN, "%s is down: ip link set %s up", name, name);
	if (!device->carrier)
		return xdp4j_fail(error, ENETDOWN, "%s has no carrier: plug it in, or set its other end up", name);
	return 0;
}

static int check_size(uint32_t size, const struct source_device *device, bool ipv6, struct xdp4j_error *error)
{
	uint32_t least = source_headers_bytes(ipv6);
	uint32_t most = device->mtu + ETH_HLEN;

	if (size < least)
		return xdp4j_fail(error, EINVAL,
				  "size %u is too small for the Ethernet, %s, UDP and RTP headers: use %u or more",
				  size, ipv6 ? "IPv6" : "IPv4", least);
	/* Both IP headers have a 16-bit length: whatever the MTU, 65,535 bytes behind Ethernet. */
	if (most > UINT16_MAX + ETH_HLEN)
		most = UINT16_MAX + ETH_HLEN;
	if (size > most)
		return xdp4j_fail(error, EMSGSIZE,
				  "size %u is too large for %s, whose MTU is %u: use %u or less, or raise the MTU",
				  size, device->name, device->mtu, most);
	return 0;
}

static int check_flows(const struct xdp4j_source_options *options, const struct source_device *device,
		       struct xdp4j_error *error)
{
	static const uint8_t none[16];

	if (options->flow_count < 1 || options->flow_count > SOURCE_FLOWS)
		return xdp4j_fail(error, EINVAL, "%u flows: a source sends 1 to %d", options->flow_count, SOURCE_FLOWS);
	for (uint32_t i = 0; i < options->flow_count; i++) {
		const struct xdp4j_source_flow *flow = &options->flows[i];
		int result = check_size(options->size, device, flow_key_is_ipv6(&flow->key), error);

		if (result)
			return result;
		if (!memcmp(flow->key.source, none, sizeof(none)))
			return xdp4j_fail(error, EADDRNOTAVAIL,
					  "flow %u has no source address: give it one, or %s an %s address", i,
					  device->name, flow_key_is_ipv6(&flow->key) ? "IPv6" : "IPv4");
		if (flow->payload_type > 127)
			return xdp4j_fail(error, EINVAL, "RTP payload type %u: there are 0 to 127", flow->payload_type);
	}
	return 0;
}

/* Moves the ranges in use to the front; the first unused one ends the list. */
static int copy_ranges(struct position_range *to, const struct position_range *from, struct xdp4j_error *error)
{
	uint32_t used = 0;

	for (uint32_t i = 0; i < PATTERN_RANGES; i++) {
		if (from[i].from > from[i].to)
			continue;
		if (!from[i].every)
			return xdp4j_fail(error, EINVAL, "a range of positions with every = 0: use 1 or more");
		to[used++] = from[i];
	}
	for (; used < PATTERN_RANGES; used++)
		to[used] = (struct position_range){ .from = 1, .to = 0, .every = 1 };
	return 0;
}

static int copy_pattern(struct pattern *pattern, const struct xdp4j_source_options *options, struct xdp4j_error *error)
{
	int result;

	pattern->positions = options->positions;
	result = copy_ranges(pattern->lose, options->lose, error);
	if (!result)
		result = copy_ranges(pattern->duplicate, options->duplicate, error);
	if (!result)
		result = copy_ranges(pattern->swap, options->swap, error);
	return result;
}

int xdp4j_source_open(struct xdp4j_source **out, const struct xdp4j_source_options *options, struct xdp4j_error *error)
{
	struct source_device device;
	struct xdp4j_source *source;
	struct pattern pattern;
	int result;

	result = check_interface(&device, options->interface, error);
	if (!result)
		result = check_flows(options, &device, error);
	if (!result)
		result = copy_pattern(&pattern, options, error);
	if (result)
		return result;

	source = calloc(1, sizeof(*source) + strlen(options->interface) + 1);
	if (!source)
		return xdp4j_fail(error, ENOMEM, "out of memory");
	strcpy(source->interface, options->interface);
	source->tx_dropped_before = device.tx_dropped;
	if (options->engine == XDP4J_SOURCE_LIVE_FRAMES)
		result = source_live_open(&source->live, options, &pattern, &device, &source->flows, error);
	else
		result = source_udp_open(&source->udp, options, &pattern, &device, &source->flows, error);
	if (result) {
		free(source);
		return result;
	}
	*out = source;
	return 0;
}

int xdp4j_source_send(struct xdp4j_source *source, uint32_t frames, const struct xdp4j_source_schedule *schedule)
{
	return source->live ? source_live_send(source->live, frames, schedule) :
			      source_udp_send(source->udp, frames, schedule);
}

void xdp4j_source_counters(const struct xdp4j_source *source, uint32_t flow, struct xdp4j_source_counters *counters)
{
	const struct pattern_counters *from = &source->flows[flow].counters;

	counters->positions = __atomic_load_n(&from->positions, __ATOMIC_RELAXED);
	counters->sent = __atomic_load_n(&from->sent, __ATOMIC_RELAXED);
	counters->lost = __atomic_load_n(&from->lost, __ATOMIC_RELAXED);
	counters->duplicated = __atomic_load_n(&from->duplicated, __ATOMIC_RELAXED);
	counters->swapped = __atomic_load_n(&from->swapped, __ATOMIC_RELAXED);
}

/* tx_dropped does not count what is lost while the interface is down or takes no XDP frames any more. */
int64_t xdp4j_source_refused(const struct xdp4j_source *source)
{
	struct source_device device;
	int result = source_device_read(&device, source->interface);

	if (result)
		return result;
	if (!device.up || !device.carrier)
		return -ENETDOWN;
	if (source->live) {
		result = source_device_transmits_xdp(device.ifindex);
		if (result < 0)
			return result;
		if (!result)
			return -EOPNOTSUPP;
	}
	return device.tx_dropped - source->tx_dropped_before;
}

void xdp4j_source_close(struct xdp4j_source *source)
{
	if (!source)
		return;
	source_live_close(source->live);
	source_udp_close(source->udp);
	free(source);
}
