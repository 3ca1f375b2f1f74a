/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of xdp4j.h by which processes share the work: what they tell each other, what remains of one that has ended,
 * and how one gives up what it does not need. What is said of errors, ownership, threads and units there holds here.
 */
#ifndef XDP4J_PROCESS_H
#define XDP4J_PROCESS_H

#include <sys/types.h>

#include "xdp4j.h"

/* --------------------------------------------------------------------------------------------- xsk_view.c */

struct xdp4j_xsk_view;

/*
 * Looks at an AF_XDP socket that another process opened, by a descriptor of it that was handed over. Takes the
 * descriptor on success, and with it holds the socket and its queue: when the other process has ended, however it
 * ended, packets still come until the fill ring is empty or the RX ring full, and what is told here stays exact, until
 * it is closed. `rx_ring` is the number of its descriptors. The interface must be there when it is opened. Needs no
 * privilege.
 */
XDP4J_API int xdp4j_xsk_view_open(struct xdp4j_xsk_view **out, int fd, uint32_t rx_ring, struct xdp4j_error *error);
XDP4J_API int xdp4j_xsk_view_fd(const struct xdp4j_xsk_view *view);

/* As xdp4j_xsk_zero_copy and xdp4j_xsk_statistics. */
XDP4J_API int xdp4j_xsk_view_zero_copy(const struct xdp4j_xsk_view *view);
XDP4J_API int xdp4j_xsk_view_statistics(const struct xdp4j_xsk_view *view, struct xdp_statistics *statistics);

/* Packets in the RX ring now. The other process can write the ring's indices: believe it as far as you trust that. */
XDP4J_API uint32_t xdp4j_xsk_view_waiting(const struct xdp4j_xsk_view *view);

/* Descriptors taken out of the ring since the socket was opened, modulo 2^32, those of the batch in hand among them. */
XDP4J_API uint32_t xdp4j_xsk_view_received(const struct xdp4j_xsk_view *view);

/* The queue is free again a moment after nobody holds the socket: see xdp4j_xsk_open. */
XDP4J_API void xdp4j_xsk_view_close(struct xdp4j_xsk_view *view);

/* ----------------------------------------------------------------------------------------------- channel.c */

/*
 * Messages with descriptors between two processes of this host and network namespace, in order, none lost and none cut:
 * a SOCK_SEQPACKET socket with a name in the abstract namespace (unix(7)), which is in no file system and ends with its
 * listener. Anybody can read the name in /proc/net/unix and connect; xdp4j_channel_accept tells who is who. All
 * descriptors are close-on-exec. One thread may send and one receive (or accept) at a time; any may shut down.
 */

#define XDP4J_CHANNEL_BYTES (128u << 10) /* of a message */
#define XDP4J_CHANNEL_FDS 64             /* descriptors of a message */

/* A listener's descriptor, or -errno. The name has 1 to 107 bytes; -EADDRINUSE when it is taken. */
XDP4J_API int xdp4j_channel_listen(const char *name, struct xdp4j_error *error);

/*
 * The descriptor of a channel to the process `expected` of this user, or -errno: -ETIMEDOUT after timeout_ms (negative:
 * never), or -EINVAL when the listener was shut down. Others who connect are closed.
 */
XDP4J_API int xdp4j_channel_accept(int listener, pid_t expected, int timeout_ms, struct xdp4j_error *error);

/* A channel's descriptor, or -errno; -ECONNREFUSED when nobody listens. */
XDP4J_API int xdp4j_channel_connect(const char *name, struct xdp4j_error *error);

/*
 * Sends a message of 1 to XDP4J_CHANNEL_BYTES bytes with 0 to XDP4J_CHANNEL_FDS descriptors, which stay the caller's.
 * Blocks while the peer has some 128 KiB to receive. 0 or -errno: -EPIPE when the peer has ended or either has shut
 * down; -EMSGSIZE also where net.core.wmem_max is too small.
 */
XDP4J_API int xdp4j_channel_send(int fd, const void *bytes, uint32_t length, const int fds[], uint32_t fd_count);

/*
 * Receives a message: its length, 0 after timeout_ms (negative: never), or -errno. -EPIPE when the peer has ended and
 * all it sent was received, or this end was shut down. -EMSGSIZE when it is longer than `room`, and -EMFILE when it has
 * more descriptors than fit or than this process may open: such a message is gone, its descriptors are closed. Those
 * received are the caller's to close.
 */
XDP4J_API int xdp4j_channel_receive(int fd, void *bytes, uint32_t room, int fds[XDP4J_CHANNEL_FDS], uint32_t *fd_count,
				    int timeout_ms);

/* Ends what blocks on the channel or listener, in whatever thread, and all that would; the descriptor stays open. */
XDP4J_API void xdp4j_channel_shutdown(int fd);

/* Closes a channel, a listener, or a descriptor that was received. */
XDP4J_API void xdp4j_channel_close(int fd);

/* ------------------------------------------------------------------------------------------------ memory.c */

/*
 * Makes memory of zeros that lives as long as a descriptor or a mapping of it does, in whatever process: a memfd,
 * close-on-exec, all pages there, its size sealed. 1 byte to 2 GiB - 1. A descriptor or -errno. /proc/PID/fd shows the
 * name as "/memfd:NAME (deleted)" to root and the process's user.
 */
XDP4J_API int xdp4j_memory_create(const char *name, uint64_t bytes, struct xdp4j_error *error);

/* Maps it, all its size. The descriptor stays the caller's, who can close it at once: the mapping holds the memory. */
XDP4J_API int xdp4j_memory_map(void **address, uint64_t *bytes, int fd, struct xdp4j_error *error);

/*
 * Lets go of the memory but keeps the address range readable (as zeros) and writable, as xdp4j_umem_close does;
 * xdp4j_memory_unmap ends that.
 */
XDP4J_API void xdp4j_memory_leave(void *address, uint64_t bytes);
XDP4J_API void xdp4j_memory_unmap(void *address, uint64_t bytes);

/* ------------------------------------------------------------------------------- process.c, capabilities.c */

/*
 * From now on the kernel kills this process (SIGKILL) when its parent ends (PR_SET_PDEATHSIG). -ESRCH when `parent` is
 * not its parent, most likely since it has ended already. The kernel goes by threads: the calling one must live as long
 * as this process, else nobody is killed; and the parent is the thread that started this process, whose end counts.
 */
XDP4J_API int xdp4j_process_end_with_parent(pid_t parent, struct xdp4j_error *error);

/*
 * Takes every capability from every thread of this process for good: the effective, permitted, inheritable and ambient
 * sets, the bounding set where CAP_SETPCAP allows it, and sets no_new_privs, so that no program started from here has
 * any either. The user stays: what belongs to root is still open to root. For its duration it handles signal
 * SIGRTMIN + 9, which threads must not block; -ETIMEDOUT after 5 seconds names one that has not handled it. The others
 * have then none any more.
 */
XDP4J_API int xdp4j_process_drop_capabilities(struct xdp4j_error *error);

#endif
