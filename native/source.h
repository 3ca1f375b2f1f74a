/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the RTP source. Inside the shim only.
 *
 *   source.c         checks the options, chooses the engine
 *   source_device.c  what the interface is and can
 *   source_frame.c   a flow's headers and its checksum
 *   source_pace.c    the schedule
 *   source_live.c    engine: bpf/source.bpf.c on live frames
 *   source_udp.c     engine: sendmmsg
 */
#ifndef XDP4J_SOURCE_H
#define XDP4J_SOURCE_H

#include "error.h"
#include "pace.h"
#include "source_frame.h"

struct source_device {
	const char *name; /* the caller's */
	uint32_t ifindex;
	uint32_t mtu;
	bool up;
	bool carrier;
	bool ethernet;
	uint8_t address[ETH_ALEN];
	uint64_t tx_dropped;
};

/* 0 or -errno: -ENODEV when there is no such interface in the caller's network namespace. */
int source_device_read(struct source_device *device, const char *name);

/*
 * Whether the interface transmits frames that XDP redirects to it (NETDEV_XDP_ACT_NDO_XMIT): 1, 0 or -errno. Kernels
 * before 6.3 do not tell; there it is 1.
 */
int source_device_transmits_xdp(uint32_t ifindex);

/* Fills in all of *flow for frames of `size` bytes that leave by the device; no turn is taken yet. */
void source_flow_init(struct source_flow *flow, const struct xdp4j_source_flow *from,
		      const struct source_device *device, uint32_t size);

/* Bytes of Ethernet, IP, UDP and RTP headers. */
uint32_t source_headers_bytes(bool ipv6);

/* Takes over the schedule, which may be NULL; what the pace knows of groups that went out before remains. */
void source_pace_set(struct pace *pace, const struct xdp4j_source_schedule *schedule);

/* Sleeps, then spins, until the next `turns` turns may go out together. */
void source_pace_await(const struct pace *pace, uint32_t turns);

/* CLOCK_MONOTONIC. */
uint64_t source_now_ns(void);

/*
 * The engines. Options and pattern have been checked and are not kept; *flows is the engine's own state of each flow,
 * readable until close. Send and close are those of xdp4j.h.
 */
struct source_live;
int source_live_open(struct source_live **out, const struct xdp4j_source_options *options,
		     const struct pattern *pattern, const struct source_device *device,
		     const struct source_flow **flows, struct xdp4j_error *error);
int source_live_send(struct source_live *live, uint32_t frames, const struct xdp4j_source_schedule *schedule);
void source_live_close(struct source_live *live);

struct source_udp;
int source_udp_open(struct source_udp **out, const struct xdp4j_source_options *options, const struct pattern *pattern,
		    const struct source_device *device, const struct source_flow **flows, struct xdp4j_error *error);
int source_udp_send(struct source_udp *udp, uint32_t frames, const struct xdp4j_source_schedule *schedule);
void source_udp_close(struct source_udp *udp);

/* IPv4 TTL and IPv6 hop limit: some routers away, not the whole world. */
#define SOURCE_HOPS 16

#endif
