/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The whole C interface of xdp4j, with the headers that it includes at the end. It knows nothing of Java: native/jni/
 * alone translates.
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

/* ------------------------------------------------------------------------------------------ netdev_setup.c */

/* What of an interface can be switched on and off. */
struct xdp4j_feature {
	char name[XDP4J_COUNTER_NAME_CHARS]; /* the kernel's, for example rx-gro */
	bool on;
	bool fixed; /* it cannot be switched */
};

/* What the card says when packets arrived. */
enum xdp4j_stamps {
	XDP4J_STAMPS_NONE,
	XDP4J_STAMPS_SOME, /* of PTP packets and the like */
	XDP4J_STAMPS_ALL,
};

struct xdp4j_netdev_setup {
	uint64_t xdp_features;       /* bits of the kernel's enum netdev_xdp_act */
	uint32_t xdp_features_told;  /* 1 or 0; no kernel before 6.3 does */
	uint32_t zero_copy_segments; /* frames that a packet may take with zero-copy; 0 where that is not told */
	uint32_t native_program;     /* the id of the XDP program that is attached; 0: none */
	uint32_t generic_program;    /* likewise */
	char program_name[16];       /* of one of the two; empty where it may not be read (CAP_SYS_ADMIN) */
	uint32_t rx_queues_max;      /* what `ethtool -L` can set; 0 where the driver does not tell */
	uint32_t combined;           /* 1 or 0: queues of both directions in one, as `ethtool -L` calls them */
	enum xdp4j_stamps stamps;
	uint32_t header_split;       /* 1 or 0: headers of TCP go to other memory than data */
	uint32_t feature_count;
	struct xdp4j_feature *features; /* in the kernel's order; freed by xdp4j_netdev_setup_free */
};

/*
 * Needs no privilege, but for program_name. What the driver does not tell is 0. -ENODEV when there is no such interface
 * in this network namespace.
 */
XDP4J_API int xdp4j_netdev_setup_read(struct xdp4j_netdev_setup *out, const char *interface,
				      struct xdp4j_error *error);

/* Frees what `features` points to, not itself. */
XDP4J_API void xdp4j_netdev_setup_free(struct xdp4j_netdev_setup *setup);

/* ------------------------------------------------------------------------------------------------ ntuple.c */

/*
 * Whether the driver takes rules that put flows on RX queues (ntuple filters, `ethtool -N`): 1, also while they are
 * switched off and can be switched on; 0 where it does not, and *error says so; or -errno. Needs no privilege.
 */
XDP4J_API int xdp4j_ntuple_supported(const char *interface, struct xdp4j_error *error);

/*
 * Has the network card put the flow's packets on a queue. It stays until it is removed, whatever becomes of this
 * process. Returns the rule's location (0 or more) or -errno: -EEXIST when somebody's rule does the same already, which
 * is then not the caller's to remove; -EBUSY when one puts the same packets elsewhere; -EOPNOTSUPP when the driver has
 * no such rules or they are switched off, which is left to the administrator. Needs CAP_NET_ADMIN.
 */
XDP4J_API int xdp4j_ntuple_add(const char *interface, const struct flow_key *key, uint32_t queue,
			       struct xdp4j_error *error);

/*
 * Removes the rule at a location if it is still the one that xdp4j_ntuple_add made there for this flow and queue. 0, or
 * -ENOENT when it is not.
 */
XDP4J_API int xdp4j_ntuple_remove(const char *interface, uint32_t location, const struct flow_key *key,
				  uint32_t queue);

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
	uint32_t leases;         /* frames that can be leased at a time, of those beyond fill_ring; each packet one frame */
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
 * -EBUSY while a socket is open on it or a frame is leased. Gives the memory back to the system but keeps the address range readable (as
 * zeros) and writable, so that a buffer kept for too long cannot crash the process; xdp4j_umem_unmap ends that.
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
 * The most descriptors (packets, but for long ones) that xdp4j_xsk_receive has found in the RX ring: since the socket was
 * opened, and since the last call of the second function, which is for one reader. Any thread.
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

/* ------------------------------------------------------------------------------------------------- steer.c */

struct xdp4j_steer;

/*
 * Loads bpf/steer.bpf.c for up to `flows` flows on up to `queues` queues. Attaches nothing. With multi_buffer the
 * kernel may show it packets of several buffers (BPF_F_XDP_HAS_FRAGS): without, drivers refuse it on an interface whose
 * MTU is larger than a buffer of theirs.
 */
XDP4J_API int xdp4j_steer_load(struct xdp4j_steer **out, uint32_t flows, uint32_t queues, bool multi_buffer,
			       struct xdp4j_error *error);

/* What holds the program on its interface. */
enum xdp4j_attachment {
	XDP4J_ATTACH_LINK,       /* a bpf_link, by which it is alone: the kernel detaches when this process ends */
	XDP4J_ATTACH_DISPATCHER, /* libxdp's dispatcher, beside other programs; stays when this process is killed */
};

/*
 * Attaches to an interface. Returns the mode in force (XDP4J_MODE_NATIVE or XDP4J_MODE_GENERIC) or -errno; -EBUSY names
 * the program that is there already. After a fallback to generic *error says why native was refused; otherwise its text
 * is empty.
 *
 * Through the dispatcher a copy is attached that shares all maps with the program loaded first. Its place is that of
 * libxdp's default priority, 50, and what it passes goes on to the next program. It needs a bpffs, CAP_SYS_ADMIN and
 * CAP_PERFMON; -EOPNOTSUPP where the kernel or libxdp cannot do it. It never ends up attached alone.
 */
XDP4J_API int xdp4j_steer_attach(struct xdp4j_steer *steer, const char *interface, enum xdp4j_mode mode,
				 enum xdp4j_attachment attachment, struct xdp4j_error *error);

/*
 * After it returns no packet is redirected any more. Idempotent. 0, or -errno when libxdp could not take it out of the
 * dispatcher: then it is attached still.
 */
XDP4J_API int xdp4j_steer_detach(struct xdp4j_steer *steer);

/*
 * For a process that comes after one that was killed: takes the program of this id (xdp4j_steer_program_id while it was
 * attached) out of the interface's dispatcher. Other programs stay; with the last one the dispatcher goes. -ENOENT when
 * it is not there.
 */
XDP4J_API int xdp4j_steer_detach_from_dispatcher(const char *interface, uint32_t program, struct xdp4j_error *error);

/* Makes the key a flow under an id below `flows`. -EEXIST when the key is taken. */
XDP4J_API int xdp4j_steer_add_flow(struct xdp4j_steer *steer, const struct flow_key *key, uint32_t flow,
				   struct xdp4j_error *error);

/*
 * When it returns, no packet counts as the flow's any more. Its sockets stay in their slots: xdp4j_steer_clear_socket.
 * 0, or -ENOENT when the key is not this flow.
 */
XDP4J_API int xdp4j_steer_remove_flow(struct xdp4j_steer *steer, const struct flow_key *key, uint32_t flow);

/*
 * Sets all that was counted under an id to zero and forgets the sequences seen, so that another flow can be added under
 * it. Only for an id that is no flow's (any more).
 */
XDP4J_API int xdp4j_steer_reset_flow(struct xdp4j_steer *steer, uint32_t flow);

/*
 * Packets of the flow that arrive on `queue` go to this socket from now on. Longer ones than `longest` bytes, Ethernet
 * header included, pass to the stack: what a frame of the socket's UMEM holds is its size less 256
 * (XDP_PACKET_HEADROOM), and the kernel would drop more. With a longest_packet beyond that it is the longest_packet:
 * the kernel would deliver more, and xdp4j_xsk_receive drop it.
 */
XDP4J_API int xdp4j_steer_set_socket(struct xdp4j_steer *steer, uint32_t flow, uint32_t queue, int xsk_fd,
				     uint32_t longest, struct xdp4j_error *error);

/*
 * The flow's packets on this queue pass to the stack from now on; behind a xdp4j_steer_synchronize none is on its way
 * to the socket any more.
 */
XDP4J_API int xdp4j_steer_clear_socket(struct xdp4j_steer *steer, uint32_t flow, uint32_t queue);

/* Waits, for some 25 ms, until no run of an XDP program sees what has been changed before. */
XDP4J_API void xdp4j_steer_synchronize(void);

XDP4J_API int xdp4j_steer_flow_counters(const struct xdp4j_steer *steer, uint32_t flow, struct flow_counters *sum);

/*
 * Where the packets counted as no_socket arrived, for each of the queues that the program was loaded for; what is
 * missing in their sum arrived on queues beyond these.
 */
XDP4J_API int xdp4j_steer_strays(const struct xdp4j_steer *steer, uint32_t flow, uint64_t per_queue[]);
XDP4J_API int xdp4j_steer_program_counters(const struct xdp4j_steer *steer, struct program_counters *sum);

/* For BPF_PROG_TEST_RUN. */
XDP4J_API int xdp4j_steer_program_fd(const struct xdp4j_steer *steer);

/*
 * By which bpftool names the program; while it is attached through the dispatcher, that of the copy which sees the
 * packets. An id or -errno.
 */
XDP4J_API int xdp4j_steer_program_id(const struct xdp4j_steer *steer);

/*
 * By which the kernel's tracepoints name the map that redirects go through: the program they name is the dispatcher,
 * where there is one. An id or -errno.
 */
XDP4J_API int xdp4j_steer_sockets_id(const struct xdp4j_steer *steer);
XDP4J_API void xdp4j_steer_close(struct xdp4j_steer *steer);

/* ---------------------------------------------------------------------------------------- redirect_errors.c */

struct xdp4j_redirect_errors;

/*
 * Counts from now on, on all CPUs that are on, how often the kernel refused a redirect through this map of sockets
 * (xdp4j_steer_sockets_id) with EINVAL or ENXIO: into a socket of another queue or device, or one not bound any more.
 * No counter of a socket shows these packets, only the tracepoint xdp:xdp_redirect_err. Costs nothing while no redirect
 * fails; one that fails for whatever reason costs a comparison. Needs root, or CAP_PERFMON and the right to read
 * tracefs; *error says so.
 */
XDP4J_API int xdp4j_redirect_errors_open(struct xdp4j_redirect_errors **out, uint32_t sockets,
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

/* ------------------------------------------------------------------------------------------------ thread.c */

/* The calling thread, and threads that it starts, run on this CPU alone from now on. -EINVAL names those to be had. */
XDP4J_API int xdp4j_thread_pin(int cpu, struct xdp4j_error *error);

/*
 * SCHED_FIFO for the calling thread, priority 1 to 99; threads that it starts are ordinary. Whatever is not realtime
 * gets its CPU only while it waits, and for what the kernel keeps back (/proc/sys/kernel/sched_rt_runtime_us: 50 ms of
 * each second). -EPERM without CAP_SYS_NICE or RLIMIT_RTPRIO.
 */
XDP4J_API int xdp4j_thread_realtime(int priority, struct xdp4j_error *error);

/* The calling thread sleeps, for less only when a signal comes. */
XDP4J_API void xdp4j_thread_sleep(uint64_t nanoseconds);

#include "xdp4j_process.h"
#include "xdp4j_source.h"
#include "xdp4j_udp.h"

#endif
