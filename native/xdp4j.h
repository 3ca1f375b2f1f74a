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
#include "xdp4j_umem.h"

#endif
