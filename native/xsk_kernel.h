/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernel tells of an AF_XDP socket, whoever opened it. Inside the shim only. */
#ifndef XDP4J_XSK_KERNEL_H
#define XDP4J_XSK_KERNEL_H

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/if_xdp.h>

/* linux/if_xdp.h has it since Linux 6.6. */
#ifndef XDP_PKT_CONTD
#define XDP_PKT_CONTD (1 << 0)
#endif

/* 1, 0 or -errno. */
static inline int xsk_kernel_zero_copy(int fd)
{
	struct xdp_options options;
	socklen_t length = sizeof(options);

	if (getsockopt(fd, SOL_XDP, XDP_OPTIONS, &options, &length))
		return -errno;
	return !!(options.flags & XDP_OPTIONS_ZEROCOPY);
}

/* 0 or -errno. */
static inline int xsk_kernel_statistics(int fd, struct xdp_statistics *statistics)
{
	socklen_t length = sizeof(*statistics);

	memset(statistics, 0, sizeof(*statistics));
	return getsockopt(fd, SOL_XDP, XDP_STATISTICS, statistics, &length) ? -errno : 0;
}

/* Descriptors in an RX ring, by the indices that it shares with the kernel. */
static inline uint32_t xsk_kernel_waiting(const uint32_t *producer, const uint32_t *consumer)
{
	/* The consumer first: the other way round the receiver could overtake what was read of the producer. */
	uint32_t consumed = __atomic_load_n(consumer, __ATOMIC_ACQUIRE);

	return __atomic_load_n(producer, __ATOMIC_ACQUIRE) - consumed;
}

/*
 * Packets in an RX ring of `mask` + 1 descriptors: a packet's last descriptor stands for it. Backwards, towards the
 * receiver, which may go on meanwhile: what it has taken the kernel may have written over, and is no more to be
 * counted.
 */
static inline uint32_t xsk_kernel_packets(const struct xdp_desc *ring, uint32_t mask, const uint32_t *producer,
					  const uint32_t *consumer)
{
	uint32_t consumed = __atomic_load_n(consumer, __ATOMIC_ACQUIRE);
	uint32_t produced = __atomic_load_n(producer, __ATOMIC_ACQUIRE);
	uint32_t packets = 0;

	if (produced - consumed > mask + 1)
		consumed = produced - mask - 1; /* a ring of another process, which can write there what it likes */
	while (produced-- != consumed) {
		bool last = !(__atomic_load_n(&ring[produced & mask].options, __ATOMIC_ACQUIRE) & XDP_PKT_CONTD);

		if ((int32_t)(produced - __atomic_load_n(consumer, __ATOMIC_ACQUIRE)) < 0)
			break;
		packets += last;
	}
	return packets;
}

#endif
