/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of xdp4j.h that sends: RTP packets to measure with. What is said of errors, ownership, threads and units
 * there holds here.
 */
#ifndef XDP4J_XDP4J_SOURCE_H
#define XDP4J_XDP4J_SOURCE_H

#include "xdp4j.h"

/* ------------------------------------------------------------------------------------------------ source.c */

struct xdp4j_source;

enum xdp4j_source_engine {
	XDP4J_SOURCE_LIVE_FRAMES, /* BPF_PROG_TEST_RUN with BPF_F_TEST_XDP_LIVE_FRAMES */
	XDP4J_SOURCE_SENDMMSG,    /* a UDP socket, where live frames are not supported */
};

struct xdp4j_source_flow {
	struct flow_key key; /* its source address is that of the packets and is never zero */
	uint32_t ssrc;
	uint16_t first_sequence;
	uint8_t payload_type;
};

#define XDP4J_SOURCE_FLOWS 512
#define XDP4J_SOURCE_RANGES 16

struct xdp4j_source_options {
	const char *interface;
	enum xdp4j_source_engine engine;
	const struct xdp4j_source_flow *flows; /* packets take turns among them */
	uint32_t flow_count;                   /* 1 to XDP4J_SOURCE_FLOWS */
	uint32_t size;                         /* bytes of the Ethernet frame, without FCS */
	uint64_t positions;                    /* per flow: how many sequence numbers to go through; then no more */
	/* Positions count from 0 within each flow; unused ranges have from > to. */
	struct position_range lose[XDP4J_SOURCE_RANGES];      /* left out */
	struct position_range duplicate[XDP4J_SOURCE_RANGES]; /* sent twice in a row */
	struct position_range swap[XDP4J_SOURCE_RANGES];      /* sent behind its successor */
};

/* Per flow; read while sending or after. */
struct xdp4j_source_counters {
	uint64_t positions;  /* sequence numbers gone through */
	uint64_t sent;       /* frames handed to the device, duplicates included */
	uint64_t lost;       /* positions left out on purpose */
	uint64_t duplicated; /* frames sent a second time on purpose */
	uint64_t swapped;    /* pairs sent in reverse order on purpose */
};

/* -EOPNOTSUPP: the kernel or the interface has no live frames, so that the other engine is to be used. */
XDP4J_API int xdp4j_source_open(struct xdp4j_source **out, const struct xdp4j_source_options *options,
				struct xdp4j_error *error);

/*
 * When turns are due: turn n, n / rate_pps after origin_ns. What falls due within 50 us, 64 turns at most, goes out
 * together when the last of it is due. Late turns follow at 125 % of the rate and no faster.
 */
struct xdp4j_source_schedule {
	uint64_t origin_ns; /* CLOCK_MONOTONIC */
	uint64_t turn;      /* which one is next; turn and frames together stay below 10^10 */
	uint64_t rate_pps;  /* turns a second, of all flows together; 0: at once */
};

/*
 * Sends the next frames, up to `frames`, counting turns (a position left out takes a turn), each when it is due; at
 * once without a schedule. Returns behind the last of them: how many turns were taken, fewer after a signal as well; 0
 * when all positions of all flows are done; or -errno.
 *
 * Each call on live frames takes one of the kernel's 65,533 page pool ids, and gives it back a second or two after the
 * last frame has left its receiver's socket buffer: rather a call for 10 ms than for 100 us. Below 10,000 turns a
 * second it takes one for each turn. From there on it waits inside the kernel, with the softirqs of its CPU off for
 * 100 us at a time at most. The thread keeps its CPU busy while the next turn is less than 100 us away.
 */
XDP4J_API int xdp4j_source_send(struct xdp4j_source *source, uint32_t frames,
				const struct xdp4j_source_schedule *schedule);
XDP4J_API void xdp4j_source_counters(const struct xdp4j_source *source, uint32_t flow,
				     struct xdp4j_source_counters *counters);

/*
 * Frames the device refused since open because the ring behind it was full: its tx_dropped, whoever sent them. Or
 * -errno: -ENETDOWN or -EOPNOTSUPP when the interface is down, or transmits no XDP frames any more.
 */
XDP4J_API int64_t xdp4j_source_refused(const struct xdp4j_source *source);
XDP4J_API void xdp4j_source_close(struct xdp4j_source *source);

#endif
