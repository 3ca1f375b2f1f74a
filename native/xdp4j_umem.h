/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of xdp4j.h that receives by AF_XDP: memory for packets, sockets on it, and packets kept for longer. What is
 * said of errors, ownership, threads and units there holds here.
 */
#ifndef XDP4J_XDP4J_UMEM_H
#define XDP4J_XDP4J_UMEM_H

#include "xdp4j.h"

/* -------------------------------------------------------------------------------------------------- umem.c */

struct xdp4j_umem;

struct xdp4j_umem_options {
	uint32_t frame_size; /* 2,048 or 4,096: bytes of a frame, of which 256 are headroom */
	uint32_t frames;     /* at least fill_ring */
	uint32_t fill_ring;  /* descriptors, a power of two */
	/*
	 * Ethernet header included. 0, or what a frame holds (its size less 256): a packet is one frame. Longer: it may
	 * be several (multi-buffer, Linux 6.6.10), which xdp4j_xsk_receive puts together behind the frames.
	 */
	uint32_t longest_packet; /* up to XDP4J_LONGEST_PACKET */
	uint32_t long_packets;   /* of several frames, in all batches at a time: the sum of the sockets' batch_size */
	int32_t numa_node;       /* where the memory is to be while that node has some; -1: anywhere */
	/* Frames that can be leased at a time, of those beyond fill_ring; a packet must then be one frame. */
	uint32_t leases;
};

/* What the 16-bit length of an IP packet allows, an Ethernet header and two VLAN tags. */
#define XDP4J_LONGEST_PACKET (65535 + 14 + 8)

/* Where every frame is. */
struct xdp4j_umem_audit {
	uint32_t free;    /* in the pool, owned by nobody */
	uint32_t fill;    /* in the fill ring, not yet taken by the kernel */
	uint32_t rx;      /* in RX rings, not yet taken by us */
	uint32_t batch;   /* in the batches last handed out; those of packets put together are free again */
	uint32_t leased;  /* the application's: xdp4j_xsk_lease */
	uint32_t kernel;  /* nowhere here, so with the kernel; without traffic none (copies) or a ring (zero-copy) */
	uint32_t doubled; /* found in two places at once: a defect, 0 unless somebody gave back what was not his */
};

/*
 * Memory for frames, registered with the kernel, and the fill ring of the one queue that it serves, filled. Behind the
 * frames the room for long packets, if they were asked for, of which the kernel knows nothing. Uses huge pages where
 * the system has some to spare.
 */
XDP4J_API int xdp4j_umem_open(struct xdp4j_umem **out, const struct xdp4j_umem_options *options,
			      struct xdp4j_error *error);
XDP4J_API void *xdp4j_umem_area(const struct xdp4j_umem *umem);
XDP4J_API uint64_t xdp4j_umem_bytes(const struct xdp4j_umem *umem);
XDP4J_API bool xdp4j_umem_huge_pages(const struct xdp4j_umem *umem);

/* Why not, and what would help: a line without a full stop that lives as long as the UMEM. NULL when on huge pages. */
XDP4J_API const char *xdp4j_umem_huge_page_refusal(const struct xdp4j_umem *umem);

/* Counts every frame. To be called by the thread that receives, or while none does. */
XDP4J_API void xdp4j_umem_audit(struct xdp4j_umem *umem, struct xdp4j_umem_audit *audit);

/*
 * -EBUSY while a socket is open on it or a frame is leased. Gives the memory back to the system but keeps the address
 * range readable (as zeros) and writable, so that a buffer kept for too long cannot crash the process;
 * xdp4j_umem_unmap ends that.
 */
XDP4J_API int xdp4j_umem_close(struct xdp4j_umem *umem);
XDP4J_API void xdp4j_umem_unmap(void *area, uint64_t bytes);

/* ------------------------------------------------------------------------------------ xsk.c, rx.c, lease.c */

struct xdp4j_xsk;

struct xdp4j_xsk_options {
	const char *interface;
	uint32_t queue;
	uint32_t rx_ring; /* descriptors, a power of two */
	enum xdp4j_mode mode;
	struct xdp_desc *batch; /* where xdp4j_xsk_receive puts descriptors; owned by the caller */
	uint32_t batch_size;
	uint32_t busy_poll_budget; /* packets an empty ring takes from the device at a look, to 65,535; 0: none */
};

/*
 * Binds a socket to a queue. All sockets of one UMEM are on the same interface and queue and share its fill ring; they
 * inherit the first one's mode, and the UMEM's longest packet. The UMEM holds the queue from the first socket on until
 * it is closed. A queue that was let go just now may still be taken: EBUSY is retried for three seconds. -ENOBUFS when
 * the UMEM has not enough room for long packets left for this batch_size.
 *
 * Busy poll (Documentation/networking/napi.rst) needs Linux 5.11, or it is -ENOPROTOOPT, and CAP_NET_ADMIN, or -EPERM.
 * Interrupts go on beside it unless the interface defers them. Whether it takes effect: xdp4j_xsk_napi_id.
 */
XDP4J_API int xdp4j_xsk_open(struct xdp4j_xsk **out, struct xdp4j_umem *umem, const struct xdp4j_xsk_options *options,
			     struct xdp4j_error *error);
XDP4J_API int xdp4j_xsk_fd(const struct xdp4j_xsk *xsk);

/* Asked of the kernel (XDP_OPTIONS), not remembered. 1, 0 or -errno. */
XDP4J_API int xdp4j_xsk_zero_copy(const struct xdp4j_xsk *xsk);

/*
 * The NAPI instance that busy poll runs (SO_INCOMING_NAPI_ID), or -errno. 0: none, so that busy poll has no effect.
 * From Linux 6.13 on the socket gets it when it is bound, if the driver has told the kernel which NAPI serves the queue
 * (veth does not); before, with the first packet.
 */
XDP4J_API int xdp4j_xsk_napi_id(const struct xdp4j_xsk *xsk);

/* Packets in the RX ring now, those of the batch last handed out not among them. Any thread. */
XDP4J_API uint32_t xdp4j_xsk_waiting(const struct xdp4j_xsk *xsk);

/*
 * The most descriptors (packets, but for long ones) that xdp4j_xsk_receive has found in the RX ring: since the socket
 * was opened, and since the last call of the second function, which is for one reader. Any thread.
 */
XDP4J_API uint32_t xdp4j_xsk_fullest(const struct xdp4j_xsk *xsk);
XDP4J_API uint32_t xdp4j_xsk_take_fullest(struct xdp4j_xsk *xsk);

/* The kernel's XDP_STATISTICS. 0 or -errno. */
XDP4J_API int xdp4j_xsk_statistics(const struct xdp4j_xsk *xsk, struct xdp_statistics *statistics);

/*
 * Gives the frames of the previous batch back, straight into the fill ring while the frame pool is empty, else to the
 * pool, from which it refills the fill ring; then takes the next batch: up to batch_size descriptors, one a packet,
 * whose addr is the offset of the packet's first byte in the UMEM. A packet of several frames is copied behind the
 * frames, which are free again at once. With busy poll a ring found empty costs a system call, in which the driver puts
 * packets there.
 */
XDP4J_API int xdp4j_xsk_receive(struct xdp4j_xsk *xsk);

/*
 * Takes the frame of packet `index` out of the batch last received: its memory stays as it is, whatever becomes of the
 * socket, until xdp4j_umem_release. For the thread that receives. Returns the frame's number (0 or more), or -EINVAL
 * when the batch has no such packet, -EALREADY when it is leased, -ENOBUFS while as many frames are out as the UMEM has
 * leases, -EOPNOTSUPP when it has none. So the fill ring can always be filled, whoever keeps frames for however long.
 */
XDP4J_API int xdp4j_xsk_lease(struct xdp4j_xsk *xsk, uint32_t index);

/* Any thread. The frame must be leased, and is not the caller's any more: the receiver takes it back when it looks. */
XDP4J_API void xdp4j_umem_release(struct xdp4j_umem *umem, uint32_t frame);

/* Blocks until a socket of the same UMEM has a packet: 1, or 0 after timeout_ms. */
XDP4J_API int xdp4j_xsk_wait(struct xdp4j_xsk *xsk, int timeout_ms);

/*
 * Gives back the frames of its batch and those still in its RX ring, then closes. xdp4j_steer_clear_socket and
 * xdp4j_steer_synchronize first, or frames that arrive between the two are lost to the UMEM.
 */
XDP4J_API void xdp4j_xsk_close(struct xdp4j_xsk *xsk);

#endif
