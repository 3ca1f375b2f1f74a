/* SPDX-License-Identifier: Apache-2.0 */
/* The socket baselines: what a receiver without AF_XDP can do, one packet a call or one batch a call. */
#define _GNU_SOURCE 1 /* recvmmsg */
#include <errno.h>
#include <linux/sock_diag.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "udp.h"

#define NS_PER_SECOND 1000000000LL

/* So that a raw socket's receive call ends while packets of other ports come faster than it can skip them. */
#define RAW_CALLS_MAX 4096

/* Two readings of the clocks that are no further apart were not interrupted. */
#define UNINTERRUPTED_NS 1000
#define CLOCK_TRIES 8

static int64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static void add(uint64_t *counter, uint64_t value)
{
	__atomic_store_n(counter, *counter + value, __ATOMIC_RELAXED);
}

/*
 * SO_TIMESTAMPNS is on CLOCK_REALTIME, which somebody may set at any time: so the offset is looked at once a batch. As
 * it changes only when the clock is set, and a reading is as uncertain as the time it took (the thread may have been
 * interrupted), it is kept until a reading contradicts it; arrival times then do not jump for no reason.
 */
static void follow_realtime(struct xdp4j_udp *udp)
{
	int64_t narrowest = INT64_MAX;
	int64_t offset = 0;

	for (int tries = 0; tries < CLOCK_TRIES && narrowest > UNINTERRUPTED_NS; tries++) {
		int64_t before = now_ns(CLOCK_MONOTONIC);
		int64_t realtime = now_ns(CLOCK_REALTIME);
		int64_t after = now_ns(CLOCK_MONOTONIC);

		if (realtime - after <= udp->realtime_offset_ns && udp->realtime_offset_ns <= realtime - before)
			return;
		if (after - before < narrowest) {
			narrowest = after - before;
			offset = realtime - before - narrowest / 2;
		}
	}
	udp->realtime_offset_ns = offset;
}

/* The arrival time; takes the drop counter along the way. */
static int64_t read_control(struct xdp4j_udp *udp, struct msghdr *header)
{
	struct cmsghdr *control;
	int64_t arrival = 0;

	for (control = CMSG_FIRSTHDR(header); control; control = CMSG_NXTHDR(header, control)) {
		if (control->cmsg_level != SOL_SOCKET)
			continue;
		if (control->cmsg_type == SCM_TIMESTAMPNS) {
			struct timespec realtime;

			memcpy(&realtime, CMSG_DATA(control), sizeof(realtime));
			arrival = realtime.tv_sec * NS_PER_SECOND + realtime.tv_nsec - udp->realtime_offset_ns;
		} else if (control->cmsg_type == SO_RXQ_OVFL) {
			uint32_t drops;

			memcpy(&drops, CMSG_DATA(control), sizeof(drops));
			add(&udp->drops, drops - (uint32_t)udp->drops); /* 32 bits that wrap */
		}
	}
	return arrival ? arrival : now_ns(CLOCK_MONOTONIC);
}

static void watch_sequence(struct xdp4j_udp *udp, const char *payload, size_t length, uint64_t arrival_ns)
{
	struct rtp_header rtp;

	if (length < sizeof(rtp))
		return;
	memcpy(&rtp, payload, sizeof(rtp));
	if (!watch_is_rtp(&rtp, (uint32_t)length))
		return;
	add(&udp->missing, (uint64_t)udp_watch_packet(&udp->watch, ntohl(rtp.ssrc), ntohs(rtp.sequence), arrival_ns,
						      (uint32_t)udp->drops));
}

/* The kernel left what it used. */
static void make_ready(struct xdp4j_udp *udp, uint32_t index)
{
	udp->messages[index].msg_hdr.msg_controllen = sizeof(udp->slots[index].control);
}

static void describe(struct xdp4j_udp *udp, uint32_t index, size_t bytes, size_t payload_offset, size_t payload_length)
{
	struct msghdr *header = &udp->messages[index].msg_hdr;
	char *packet = udp->slots[index].packet.iov_base;
	struct packet_meta *meta = (struct packet_meta *)(packet - sizeof(*meta));

	meta->flow = udp->flow;
	meta->payload_offset = (__u16)payload_offset;
	meta->payload_length = (__u16)payload_length;
	meta->arrival_ns = (__u64)read_control(udp, header);
	watch_sequence(udp, packet + payload_offset, payload_length, meta->arrival_ns);
	udp->batch[index] = (struct xdp_desc){ .addr = (__u64)(packet - udp->area), .len = (__u32)bytes };
	if (header->msg_flags & MSG_TRUNC)
		add(&udp->truncated, 1);
	make_ready(udp, index);
}

enum finding {
	OF_THE_FLOW,
	OF_OTHERS, /* another port, another source, or cut short of its ports */
	INVALID,   /* the flow's, with a UDP header that contradicts the packet */
};

/* Finds the payload of a packet of the flow. */
static enum finding find_payload(const struct xdp4j_udp *udp, uint32_t index, size_t bytes, size_t *offset,
				 size_t *length)
{
	const struct udp_slot *slot = &udp->slots[index];
	const char *packet = slot->packet.iov_base;
	const void *sender = &slot->sender.sin6_addr;
	const void *wanted = udp->key.source;
	size_t address_bytes = 16;
	size_t ip_bytes = 0;
	struct udphdr header;

	if (!udp->ipv6) {
		if (bytes < sizeof(struct iphdr))
			return OF_OTHERS;
		ip_bytes = (packet[0] & 0x0f) * 4;
		sender = packet + offsetof(struct iphdr, saddr);
		wanted = udp->key.source + 12;
		address_bytes = 4;
	}
	if (bytes < ip_bytes + sizeof(header))
		return OF_OTHERS;
	memcpy(&header, packet + ip_bytes, sizeof(header));
	if (header.uh_dport != udp->key.port || (!udp->any_source && memcmp(sender, wanted, address_bytes)))
		return OF_OTHERS;
	if (ntohs(header.uh_ulen) < sizeof(header))
		return INVALID;
	*offset = ip_bytes + sizeof(header);
	*length = ntohs(header.uh_ulen) - sizeof(header);
	if (*length > bytes - *offset) {
		if (!(udp->messages[index].msg_hdr.msg_flags & MSG_TRUNC))
			return INVALID;
		*length = bytes - *offset;
	}
	return OF_THE_FLOW;
}

static int nothing_or_error(void)
{
	return errno == EAGAIN || errno == EINTR ? 0 : -errno;
}

static int receive_raw(struct xdp4j_udp *udp)
{
	uint32_t received = 0;

	for (int calls = 0; received < udp->batch_size && calls < RAW_CALLS_MAX; calls++) {
		ssize_t bytes = recvmsg(udp->fd, &udp->messages[received].msg_hdr, MSG_DONTWAIT);
		enum finding finding;
		size_t offset, length;

		if (bytes < 0)
			return received ? (int)received : nothing_or_error();
		finding = find_payload(udp, received, (size_t)bytes, &offset, &length);
		if (finding != OF_THE_FLOW) {
			add(finding == INVALID ? &udp->invalid : &udp->others, 1);
			make_ready(udp, received);
			continue;
		}
		if (!received)
			follow_realtime(udp);
		describe(udp, received++, (size_t)bytes, offset, length);
	}
	return (int)received;
}

static int receive_batch(struct xdp4j_udp *udp)
{
	int received = recvmmsg(udp->fd, udp->messages, udp->batch_size, MSG_DONTWAIT, NULL);

	if (received < 0)
		return nothing_or_error();
	follow_realtime(udp);
	for (int i = 0; i < received; i++)
		describe(udp, (uint32_t)i, udp->messages[i].msg_len, 0, udp->messages[i].msg_len);
	return received;
}

int xdp4j_udp_receive(struct xdp4j_udp *udp)
{
	return udp->kind == XDP4J_UDP_RAW ? receive_raw(udp) : receive_batch(udp);
}

int xdp4j_udp_wait(struct xdp4j_udp *udp, int timeout_ms)
{
	struct pollfd readable = { .fd = udp->fd, .events = POLLIN };
	int ready = poll(&readable, 1, timeout_ms);

	return ready < 0 ? nothing_or_error() : ready;
}

int xdp4j_udp_receive_buffer(const struct xdp4j_udp *udp)
{
	int bytes;
	socklen_t length = sizeof(bytes);

	return getsockopt(udp->fd, SOL_SOCKET, SO_RCVBUF, &bytes, &length) ? -errno : bytes;
}

/*
 * The control message comes with the next packet that is queued, so it never tells of drops behind the last one.
 * SO_MEMINFO does, with the same 32 bits; the control messages count how often they wrapped.
 */
int xdp4j_udp_statistics(const struct xdp4j_udp *udp, struct xdp4j_udp_statistics *statistics)
{
	uint64_t seen = __atomic_load_n(&udp->drops, __ATOMIC_RELAXED);
	uint32_t memory[SK_MEMINFO_VARS];
	socklen_t length = sizeof(memory);

	if (getsockopt(udp->fd, SOL_SOCKET, SO_MEMINFO, memory, &length))
		return -errno;
	statistics->drops = seen + (uint32_t)(memory[SK_MEMINFO_DROPS] - (uint32_t)seen);
	statistics->truncated = __atomic_load_n(&udp->truncated, __ATOMIC_RELAXED);
	statistics->invalid = __atomic_load_n(&udp->invalid, __ATOMIC_RELAXED);
	statistics->others = __atomic_load_n(&udp->others, __ATOMIC_RELAXED);
	statistics->missing = (int64_t)__atomic_load_n(&udp->missing, __ATOMIC_RELAXED);
	statistics->waiting_bytes = memory[SK_MEMINFO_RMEM_ALLOC];
	return 0;
}

void xdp4j_udp_close(struct xdp4j_udp *udp)
{
	if (!udp)
		return;
	if (udp->fd >= 0)
		close(udp->fd);
	free(udp->slots);
	free(udp->messages);
	free(udp);
}
