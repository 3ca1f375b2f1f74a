/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of xdp4j.h that receives through the kernel's stack. What is said of errors, ownership, threads and units
 * there holds here.
 */
#ifndef XDP4J_XDP4J_UDP_H
#define XDP4J_XDP4J_UDP_H

#include "xdp4j.h"

/* ---------------------------------------------------------------------------------------- udp.c, udp_open.c */

struct xdp4j_udp;

enum xdp4j_udp_kind {
	XDP4J_UDP_RAW,      /* SOCK_RAW, one recvmsg a packet, the IP header delivered (IPv4) */
	XDP4J_UDP_RECVMMSG, /* SOCK_DGRAM, one recvmmsg a batch, the payload delivered */
};

struct xdp4j_udp_options {
	enum xdp4j_udp_kind kind;
	const char *interface;
	struct flow_key key; /* a source other than zero joins source-specifically */
	uint32_t flow;       /* written into packet_meta */
	uint32_t receive_buffer; /* bytes to ask for; what was got: xdp4j_udp_receive_buffer */
	void *area;              /* batch_size slots of slot_bytes, owned by the caller */
	uint32_t slot_bytes;     /* a multiple of 64: 64 bytes of headroom, then the packet */
	struct xdp_desc *batch;
	uint32_t batch_size;
};

struct xdp4j_udp_statistics {
	uint64_t drops;     /* packets the kernel dropped at this socket (sk_drops, as SO_RXQ_OVFL shows it) */
	uint64_t truncated; /* delivered, but longer than a slot */
	uint64_t others;    /* raw only: of the group, but for another port or from another source */
	uint64_t invalid;   /* raw only: the flow's, with a UDP length that contradicts the packet; not delivered */
	/*
	 * RTP sequence numbers that had not arrived at the socket when later ones did; a straggler takes its own off
	 * again. What the socket itself dropped is not among them. Judged as packets are received.
	 */
	int64_t missing;
	uint64_t waiting_bytes; /* memory charged for packets not received yet (SK_MEMINFO_RMEM_ALLOC); 0 without any */
};

/* Opens, binds to group and port, joins the group on the interface, asks for kernel timestamps. */
XDP4J_API int xdp4j_udp_open(struct xdp4j_udp **out, const struct xdp4j_udp_options *options,
			     struct xdp4j_error *error);
XDP4J_API int xdp4j_udp_receive(struct xdp4j_udp *udp);
XDP4J_API int xdp4j_udp_wait(struct xdp4j_udp *udp, int timeout_ms);

/* SO_RCVBUF as the kernel keeps it: twice what it granted (socket(7)). */
XDP4J_API int xdp4j_udp_receive_buffer(const struct xdp4j_udp *udp);
XDP4J_API int xdp4j_udp_statistics(const struct xdp4j_udp *udp, struct xdp4j_udp_statistics *statistics);
XDP4J_API void xdp4j_udp_close(struct xdp4j_udp *udp);

#endif
