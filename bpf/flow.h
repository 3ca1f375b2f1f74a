/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * What the XDP programs, the C shim and Java all read: the key of a flow, the counters, and the metadata in front of a
 * packet. The layout of what Java reads or writes in place is pinned here by _Static_assert, and in Java by
 * PacketBatchTest and FlowKeyTest.
 */
#ifndef XDP4J_FLOW_H
#define XDP4J_FLOW_H

#include <linux/types.h>

/*
 * Which packets are a flow: IPv6 addresses, or IPv4 addresses mapped into them (::ffff:a.b.c.d, RFC 4291 2.5.5.2), in
 * network byte order. A source of all zeros is any source (any-source multicast).
 */
struct flow_key {
	__u8 destination[16];
	__u8 source[16];
	__be16 port;
	__u16 reserved; /* always 0: the hash covers it */
};

/*
 * Stands directly in front of the first byte of every packet that reaches Java: the XDP program writes it as XDP
 * metadata, the socket shim and the NIO source write it as headroom. Offsets count from the first byte of the packet.
 */
struct packet_meta {
	__u32 flow;           /* the id under which the flow was added */
	__u16 payload_offset; /* of the first byte behind the UDP header */
	__u16 payload_length; /* by the UDP header, so without Ethernet padding */
	__u64 arrival_ns;     /* CLOCK_MONOTONIC, when the kernel first saw the packet */
};

/* Per flow and CPU; one writer, the XDP program. */
struct flow_counters {
	__u64 seen;            /* packets of the flow that reached the program */
	__u64 redirected;      /* of these: handed to an AF_XDP socket */
	__u64 no_socket;       /* of these: passed to the stack, no socket on the queue that they arrived on */
	__u64 wrong_queue;     /* of these: passed to the stack, the socket in the slot serves another queue */
	__u64 no_metadata;     /* of these: passed to the stack, the driver leaves no room for metadata */
	__u64 too_large;       /* of these: passed to the stack, longer than the socket takes */
	__u64 largest_refused; /* bytes of the longest of these; of all CPUs together the largest, not the sum */
	__u64 invalid; /* not seen: passed to the stack, to the flow's address and port with a length that cannot be */
	__u64 fragmented; /* not seen: passed to the stack, the first fragment of a datagram to the flow */
	__s64 missing; /* RTP sequence numbers that had not arrived when later ones did: changes; of all CPUs the sum */
	__u64 watched; /* of the seen: judged by their sequence numbers, see rtp_watch.h */
	__u64 bytes;   /* of all seen, Ethernet header included */
};

/* Per program and CPU; one writer, the XDP program. */
struct program_counters {
	__u64 packets;    /* everything that reached the program */
	__u64 passed;     /* of these: of no flow, in fragments, or contradicting themselves; passed to the stack */
	__u64 unparsable; /* of the passed: cut short or contradicting themselves */
};

/* Which of its packets a source treats specially: positions from, from + every, ... up to and including to. */
struct position_range {
	__u64 from;
	__u64 to;
	__u64 every; /* never 0 */
};

#ifndef __bpf__
_Static_assert(sizeof(struct flow_key) == 36, "flow_key is a hash key: no padding");
_Static_assert(sizeof(struct packet_meta) == 16 && __builtin_offsetof(struct packet_meta, payload_offset) == 4 &&
		       __builtin_offsetof(struct packet_meta, payload_length) == 6 &&
		       __builtin_offsetof(struct packet_meta, arrival_ns) == 8,
	       "packet_meta: Java reads it at -16, -12, -10 and -8");
#endif

#endif
