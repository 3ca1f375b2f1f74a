/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole C interface of xdp4j. It knows nothing of Java: native/jni/ alone translates.
 *
 * Errors    Set-up calls return 0 or -errno and fill in *error, whose text names the call, the value and the remedy.
 *           Hot calls (xdp4j_xsk_receive, xdp4j_udp_receive, xdp4j_*_wait, xdp4j_source_send) return a count or
 *           -errno; EINTR and EAGAIN are folded into 0.
 * Ownership An open call fills *out only on success; its close call frees it and takes NULL as well. Strings and
 *           structs passed in are not kept. Buffers passed in must outlive the object.
 * Threads   An object is used by one thread at a time. Counter reads are safe from any thread while it is open.
 * Units     Times in nanoseconds on CLOCK_MONOTONIC, sizes in bytes, unless a name says otherwise.
 */
#ifndef XDP4J_H
#define XDP4J_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/if_xdp.h>

#include "flow.h"

#define XDP4J_API __attribute__((visibility("default")))

/* What went wrong in a set-up call, in one line without a full stop. */
struct xdp4j_error {
	int code; /* the errno, positive */
	char text[384];
};

/* How the XDP program is attached and the sockets are bound. */
enum xdp4j_mode {
	XDP4J_MODE_AUTO,      /* native with zero-copy, else native with copies, else generic */
	XDP4J_MODE_NATIVE,    /* native or nothing; zero-copy where the driver has it */
	XDP4J_MODE_GENERIC,   /* on socket buffers, behind the driver; works everywhere, slowest */
	XDP4J_MODE_ZERO_COPY, /* native and zero-copy or nothing */
};

/* ------------------------------------------------------------------------------------------------ netdev.c */

/* 0, or -EAFNOSUPPORT where the kernel was built without AF_XDP. Needs no privilege. */
XDP4J_API int xdp4j_kernel_support(struct xdp4j_error *error);

struct xdp4j_netdev {
	uint32_t index;
	uint32_t mtu; /* bytes of an IP packet */
	uint32_t rx_queues; /* in use (ETHTOOL_GCHANNELS); 1 where the driver does not tell */
	uint32_t up;        /* 1 or 0, by the administrator's will (IFF_UP) */
	uint32_t loopback;  /* 1 or 0 (IFF_LOOPBACK) */
	int32_t numa_node;  /* that the device is attached to; -1: none, or sysfs does not tell */
};

/* Needs no privilege. -ENODEV when there is no such interface in this network namespace. */
XDP4J_API int xdp4j_netdev_find(struct xdp4j_netdev *netdev, const char *interface, struct xdp4j_error *error);

/* --------------------------------------------------------------------------------------- netdev_counters.c */

#define XDP4J_COUNTER_NAME_CHARS 33

struct xdp4j_counter {
	char name[XDP4J_COUNTER_NAME_CHARS]; /* as the driver spells it, printable ASCII */
	uint64_t value;
};

/* Since the interface was made, or since its driver last reset them. What they mean: struct rtnl_link_stats64. */
struct xdp4j_netdev_counters {
	char driver[XDP4J_COUNTER_NAME_CHARS]; /* empty where it has no name */
	uint64_t rx_packets;
	uint64_t rx_dropped;
	uint64_t rx_missed;
	uint64_t rx_over;
	uint64_t rx_fifo;
	uint32_t rx_ring;     /* descriptors of a queue's ring; 0 where the driver does not tell */
	uint32_t rx_ring_max; /* what it can be set to */
	uint32_t count;       /* of the driver's own counters (`ethtool -S`); 0 where it has none */
	struct xdp4j_counter *counters; /* in the driver's order; freed by xdp4j_netdev_counters_free */
};

/*
 * Needs no privilege. Some drivers ask their firmware, which takes milliseconds; some refresh their counters only every
 * second or two. -ENODEV when there is no such interface in this network namespace.
 */
XDP4J_API int xdp4j_netdev_counters_read(struct xdp4j_netdev_counters *out, const char *interface,
					 struct xdp4j_error *error);

/* Frees what `counters` points to, not itself. */
XDP4J_API void xdp4j_netdev_counters_free(struct xdp4j_netdev_counters *counters);

/* -------------------------------------------------------------------------------------------------- umem.c */

struct xdp4j_umem;

struct xdp4j_umem_options {
	uint32_t frame_size; /* 2,048 or 4,096: bytes of a frame, of which 256 are headroom */
	uint32_t frames;     /* at least fill_ring */
	uint32_t fill_ring;  /* descriptors, a power of two */
	int32_t numa_node;   /* where the memory is to be while that node has some; -1: anywhere */
};

/* Where every frame is. */
struct xdp4j_umem_audit {
	uint32_t free;    /* in the pool, owned by nobody */
	uint32_t fill;    /* in the fill ring, not yet taken by the kernel */
	uint32_t rx;      /* in RX rings, not yet taken by us */
	uint32_t batch;   /* in the batches last handed out */
	uint32_t kernel;  /* nowhere here, so with the kernel; without traffic none (copies) or a ring (zero-copy) */
	uint32_t doubled; /* found in two places at once: a defect, 0 unless somebody gave back what was not his */
};

/*
 * Memory for frames, registered with the kernel, and the fill ring of the one queue that it serves, filled. Uses huge
 * pages where the system has some to spare.
 */
XDP4J_API int xdp4j_umem_open(struct xdp4j_umem **out, const struct xdp4j_umem_options *options,
			      struct xdp4j_error *error);
XDP4J_API void *xdp4j_umem_area(const struct xdp4j_umem *umem);
XDP4J_API uint64_t xdp4j_umem_bytes(const struct xdp4j_umem *umem);
XDP4J_API bool xdp4j_umem_huge_pages(const struct xdp4j_umem *umem);

/* Why not, and what would help: a line without a full stop that lives as long as the UMEM. NULL when on huge pages. */
XDP4J_API const char *xdp4j_umem_huge_page_refusal(const struct xdp4j_umem *umem);

/* Counts every frame. To be called by the thread that receives, or while none does. */
XDP4J_API void xdp4j_umem_audit(const struct xdp4j_umem *umem, struct xdp4j_umem_audit *audit);

/*
 * -EBUSY while a socket is open on it. Gives the memory back to the system but keeps the address range readable (as
 * zeros) and writable, so that a buffer kept for too long cannot crash the process; xdp4j_umem_unmap ends that.
 */
XDP4J_API int xdp4j_umem_close(struct xdp4j_umem *umem);
XDP4J_API void xdp4j_umem_unmap(void *area, uint64_t bytes);

/* --------------------------------------------------------------------------------------------- xsk.c, rx.c */

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
 * inherit the first one's mode. The UMEM holds the queue from the first socket on until it is closed. A queue that was
 * let go just now may still be taken: EBUSY is retried for three seconds.
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

/* Packets in the RX ring now, those of the batch last handed out not among them. */
XDP4J_API uint32_t xdp4j_xsk_waiting(const struct xdp4j_xsk *xsk);

/* The kernel's XDP_STATISTICS. 0 or -errno. */
XDP4J_API int xdp4j_xsk_statistics(const struct xdp4j_xsk *xsk, struct xdp_statistics *statistics);

/*
 * Gives the frames of the previous batch back, refills the fill ring from the frame pool, and takes the next batch:
 * up to batch_size descriptors, whose addr is the offset of the packet's first byte in the UMEM. With busy poll a ring
 * found empty costs a system call, in which the driver puts packets there.
 */
XDP4J_API int xdp4j_xsk_receive(struct xdp4j_xsk *xsk);

/* Blocks until a socket of the same UMEM has a packet: 1, or 0 after timeout_ms. */
XDP4J_API int xdp4j_xsk_wait(struct xdp4j_xsk *xsk, int timeout_ms);

/*
 * Gives back the frames of its batch and those still in its RX ring, then closes. xdp4j_steer_clear_socket first, or
 * frames that arrive between the two are lost to the UMEM.
 */
XDP4J_API void xdp4j_xsk_close(struct xdp4j_xsk *xsk);

/* ------------------------------------------------------------------------------------------------- steer.c */

struct xdp4j_steer;

/* Loads bpf/steer.bpf.c for up to `flows` flows on up to `queues` queues. Attaches nothing. */
XDP4J_API int xdp4j_steer_load(struct xdp4j_steer **out, uint32_t flows, uint32_t queues, struct xdp4j_error *error);

/*
 * Attaches by bpf_link, so that the kernel detaches when this process ends however it ends. Returns the mode in force
 * (XDP4J_MODE_NATIVE or XDP4J_MODE_GENERIC) or -errno; -EBUSY names the program that is there already. After a fallback
 * to generic *error says why native was refused; otherwise its text is empty.
 */
XDP4J_API int xdp4j_steer_attach(struct xdp4j_steer *steer, const char *interface, enum xdp4j_mode mode,
				 struct xdp4j_error *error);

/* After it returns no packet is redirected any more. Idempotent. */
XDP4J_API void xdp4j_steer_detach(struct xdp4j_steer *steer);

/* Makes the key a flow under an id below `flows`. -EEXIST when the key is taken. */
XDP4J_API int xdp4j_steer_add_flow(struct xdp4j_steer *steer, const struct flow_key *key, uint32_t flow,
				   struct xdp4j_error *error);

/*
 * Packets of the flow that arrive on `queue` go to this socket from now on. Longer ones than `longest` bytes, Ethernet
 * header included, pass to the stack: what a frame of the socket's UMEM holds is its size less 256
 * (XDP_PACKET_HEADROOM), and the kernel would drop more.
 */
XDP4J_API int xdp4j_steer_set_socket(struct xdp4j_steer *steer, uint32_t flow, uint32_t queue, int xsk_fd,
				     uint32_t longest, struct xdp4j_error *error);

/* When it returns, no packet of the flow is redirected on this queue any more: it passes to the stack. */
XDP4J_API int xdp4j_steer_clear_socket(struct xdp4j_steer *steer, uint32_t flow, uint32_t queue);
XDP4J_API int xdp4j_steer_flow_counters(const struct xdp4j_steer *steer, uint32_t flow, struct flow_counters *sum);

/*
 * Where the packets counted as no_socket arrived, for each of the queues that the program was loaded for; what is
 * missing in their sum arrived on queues beyond these.
 */
XDP4J_API int xdp4j_steer_strays(const struct xdp4j_steer *steer, uint32_t flow, uint64_t per_queue[]);
XDP4J_API int xdp4j_steer_program_counters(const struct xdp4j_steer *steer, struct program_counters *sum);

/* For BPF_PROG_TEST_RUN. */
XDP4J_API int xdp4j_steer_program_fd(const struct xdp4j_steer *steer);

/* By which the kernel's tracepoints and bpftool name the program. An id or -errno. */
XDP4J_API int xdp4j_steer_program_id(const struct xdp4j_steer *steer);
XDP4J_API void xdp4j_steer_close(struct xdp4j_steer *steer);

/* ---------------------------------------------------------------------------------------- redirect_errors.c */

struct xdp4j_redirect_errors;

/*
 * Counts from now on, on all CPUs that are on, how often the kernel refused a redirect of this XDP program with EINVAL
 * or ENXIO: into a socket of another queue or device, or one not bound any more. No counter of a socket shows these
 * packets, only the tracepoint xdp:xdp_redirect_err. Costs nothing while no redirect fails; one that fails for whatever
 * reason costs a comparison. Needs root, or CAP_PERFMON and the right to read tracefs; *error says so.
 */
XDP4J_API int xdp4j_redirect_errors_open(struct xdp4j_redirect_errors **out, uint32_t program,
					 struct xdp4j_error *error);

/* Packets since open, or -errno. Any thread. */
XDP4J_API int64_t xdp4j_redirect_errors_count(const struct xdp4j_redirect_errors *errors);
XDP4J_API void xdp4j_redirect_errors_close(struct xdp4j_redirect_errors *errors);

/* -------------------------------------------------------------------------------------------- membership.c */

/*
 * Makes this host a member of the flow's group on the interface, for as long as the returned descriptor is open: the
 * kernel then sends IGMP or MLD and sets the network card's multicast filter. No packet is queued at it. A descriptor
 * or -errno.
 */
XDP4J_API int xdp4j_membership_open(const char *interface, const struct flow_key *key, struct xdp4j_error *error);
XDP4J_API void xdp4j_membership_close(int fd);

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

/* ------------------------------------------------------------------------------------------------ thread.c */

/* The calling thread, and threads that it starts, run on this CPU alone from now on. -EINVAL names those to be had. */
XDP4J_API int xdp4j_thread_pin(int cpu, struct xdp4j_error *error);

/*
 * SCHED_FIFO for the calling thread, priority 1 to 99; threads that it starts are ordinary. Whatever is not realtime
 * gets its CPU only while it waits, and for what the kernel keeps back (/proc/sys/kernel/sched_rt_runtime_us: 50 ms of
 * each second). -EPERM without CAP_SYS_NICE or RLIMIT_RTPRIO.
 */
XDP4J_API int xdp4j_thread_realtime(int priority, struct xdp4j_error *error);

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

#define XDP4J_SOURCE_RANGES 16

struct xdp4j_source_options {
	const char *interface;
	enum xdp4j_source_engine engine;
	const struct xdp4j_source_flow *flows; /* packets take turns among them */
	uint32_t flow_count;                   /* 1 to 64 */
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
