/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What the RTP source's XDP program and the shim share: a flow's headers and its state. */
#ifndef XDP4J_SOURCE_FRAME_H
#define XDP4J_SOURCE_FRAME_H

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>

#include "pattern.h"

#define SOURCE_FLOWS 512 /* a power of two: the program masks the index */

/* RFC 3550 5.1, without CSRC and extension. */
struct rtp_header {
	__u8 version_padding_extension_csrcs;
	__u8 marker_payload_type;
	__be16 sequence;
	__be32 timestamp;
	__be32 ssrc;
} __attribute__((packed));

struct source_ipv4_headers {
	struct ethhdr ethernet;
	struct iphdr ip;
} __attribute__((packed));

struct source_ipv6_headers {
	struct ethhdr ethernet;
	struct ipv6hdr ip;
} __attribute__((packed));

#define SOURCE_IPV4_START (sizeof(struct source_ipv6_headers) - sizeof(struct source_ipv4_headers))

/*
 * The start of a frame, RTP at the same place in both families:
 *
 *   | Ethernet 14 |          IPv6 40          | UDP 8 | RTP 12 |
 *            | Ethernet 14 |    IPv4 20       | UDP 8 | RTP 12 | zeros 20 |
 *            ^ SOURCE_IPV4_START
 *
 * Both are 74 bytes, so that an IPv4 frame leaves nothing of the IPv6 headers that its page may have had before.
 */
struct source_headers {
	union {
		struct {
			__u8 unused[SOURCE_IPV4_START];
			struct source_ipv4_headers ipv4;
		} __attribute__((packed));
		struct source_ipv6_headers ipv6;
	};
	struct udphdr udp;
	struct rtp_header rtp;
	__u8 zeros[SOURCE_IPV4_START];
} __attribute__((packed, aligned(2)));

struct source_flow {
	struct pattern_counters counters;
	struct pattern_cursor cursor;
	/* Sum (RFC 1071) of what the UDP checksum covers and no packet changes: all but RTP sequence and timestamp. */
	__u32 checksum_base;
	__u16 first_sequence;
	__u8 ipv6;
	struct source_headers headers;
};

/* 90 kHz, the clock of RTP video (RFC 3551 5), in step with CLOCK_MONOTONIC. */
static __always_inline __u32 source_rtp_time(__u64 now_ns)
{
	return now_ns * 9 / 100000;
}

/* RFC 1071, of the sum of a few 16-bit words: two folds are enough. 0 means none: 0xffff is sent for it (RFC 768). */
static __always_inline __u16 source_udp_checksum(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return sum == 0xffff ? 0xffff : ~sum;
}

#ifndef __bpf__
_Static_assert(sizeof(struct rtp_header) == 12, "RFC 3550 5.1");
_Static_assert(sizeof(struct source_headers) == 94, "IPv6 74 bytes, and as many from SOURCE_IPV4_START on");
#endif

#endif
