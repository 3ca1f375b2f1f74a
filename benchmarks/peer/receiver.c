/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE 1
#include "receiver.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"

#define NS_PER_SECOND 1000000000ull
#define POLL_MS 100 /* to look whether to end */
#define DRAIN_LIMIT_NS NS_PER_SECOND
#define PREFETCH_AHEAD 8 /* packets: at 1,500,000 a second it saves 2 of 14 ns a packet, and 4 saves as much */

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * NS_PER_SECOND + now.tv_nsec;
}

static uint64_t now_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static void relax(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

void receiver_open(struct receiver *receiver, const struct options *options, struct xsk *xsk)
{
	size_t bytes = options->flow_count * sizeof(struct rtp_flow);

	memset(receiver, 0, sizeof(*receiver));
	receiver->options = options;
	receiver->xsk = xsk;
	receiver->flows = aligned_alloc(RTP_CACHE_LINE, bytes);
	if (!receiver->flows)
		fail(FAILURE, "out of memory");
	memset(receiver->flows, 0, bytes);
}

static const uint8_t *packet_at(const uint8_t *area, const struct xsk_ring_cons *rx, uint32_t index)
{
	return area + xsk_ring_cons__rx_desc(rx, index)->addr;
}

static const struct packet_meta *meta_of(const uint8_t *packet)
{
	return (const struct packet_meta *)packet - 1;
}

/* Metadata and headers are two cache lines that another CPU has written. */
static void prefetch(const uint8_t *packet)
{
	__builtin_prefetch(meta_of(packet));
	__builtin_prefetch(packet);
}

/*
 * RTP check and latency of each packet. What stands in the way to a packet is copied: no store can change the copies,
 * which stay in registers, while each packet would have to read the originals again.
 */
static void handle(struct receiver *receiver, uint32_t first, uint32_t count)
{
	const struct xsk_ring_cons rx = receiver->xsk->rx;
	const uint8_t *area = receiver->xsk->area;
	struct rtp_flow *flows = receiver->flows;
	struct histogram *latency = &receiver->latency;
	uint64_t now = now_ns(); /* when the packets are in hand */

	for (uint32_t i = 0; i < count; i++) {
		const uint8_t *packet = packet_at(area, &rx, first + i);
		const struct packet_meta *meta = meta_of(packet);
		uint64_t arrival_ns = meta->arrival_ns;

		if (i + PREFETCH_AHEAD < count)
			prefetch(packet_at(area, &rx, first + i + PREFETCH_AHEAD));
		rtp_flow_packet(&flows[meta->flow], packet + meta->payload_offset, meta->payload_length, arrival_ns);
		histogram_record(latency, now > arrival_ns ? now - arrival_ns : 0);
	}
}

/* Puts the frames into the fill ring, and takes the packets out of the RX ring. */
static void give_back(struct xsk *xsk, uint32_t first, uint32_t count)
{
	const struct xsk_ring_cons rx = xsk->rx; /* copies, as above */
	struct xsk_ring_prod fill;
	uint32_t to;

	/* There is room, but the kernel publishes packets just before it publishes that it took their frames. */
	while (!xsk_ring_prod__reserve(&xsk->fill, count, &to))
		relax();
	fill = xsk->fill;
	for (uint32_t i = 0; i < count; i++)
		*xsk_ring_prod__fill_addr(&fill, to + i) = xsk_ring_cons__rx_desc(&rx, first + i)->addr & FRAME_MASK;
	/* In this order: a frame that is free has a place in the RX ring. */
	xsk_ring_cons__release(&xsk->rx, count);
	xsk_ring_prod__submit(&xsk->fill, count);
	if (xsk_ring_prod__needs_wakeup(&xsk->fill))
		recvfrom(xsk->fd, NULL, 0, MSG_DONTWAIT, NULL, NULL);
}

static void note_look(struct receiver *receiver)
{
	uint64_t now = now_ns();
	uint64_t absence_ns = now - receiver->last_look_ns;

	if (absence_ns > receiver->longest_absence_ns)
		receiver->longest_absence_ns = absence_ns;
	if (receiver->brought)
		receiver->busy_ns += absence_ns;
	receiver->last_look_ns = now;
}

/* How many packets it brought. */
static uint32_t visit(struct receiver *receiver)
{
	uint32_t count, first;

	note_look(receiver);
	count = xsk_ring_cons__peek(&receiver->xsk->rx, receiver->options->batch, &first);
	if (count) {
		handle(receiver, first, count);
		give_back(receiver->xsk, first, count);
	}
	receiver->brought = count > 0;
	return count;
}

static void await_packet(struct receiver *receiver)
{
	struct pollfd ready = { .fd = receiver->xsk->fd, .events = POLLIN };

	poll(&ready, 1, POLL_MS);
	receiver->last_look_ns = now_ns();
}

static void idle(struct receiver *receiver)
{
	switch (receiver->options->idle) {
	case IDLE_SLEEP:
		nanosleep(&receiver->options->sleep, NULL);
		break;
	case IDLE_SPIN:
		relax();
		break;
	case IDLE_POLL:
		await_packet(receiver);
		break;
	}
}

/*
 * By the instrument that Java has, ThreadMXBean, or else a ratio of the two would be one of instruments too. User time
 * comes in whole ticks, as in /proc/self/task/TID/stat; all of it by the thread's clock; system time is what is left.
 */
static void note_cpu_time(struct receiver *receiver)
{
	const uint64_t ticks = sysconf(_SC_CLK_TCK); /* a second */
	struct rusage usage;
	uint64_t all_ns;

	getrusage(RUSAGE_THREAD, &usage);
	all_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID);
	receiver->user_ns = (usage.ru_utime.tv_sec * ticks + usage.ru_utime.tv_usec * ticks / 1000000) *
			    (NS_PER_SECOND / ticks);
	receiver->system_ns = all_ns > receiver->user_ns ? all_ns - receiver->user_ns : 0;
}

static void *receive(void *argument)
{
	struct receiver *receiver = argument;

	receiver->last_look_ns = now_ns();
	while (!*receiver->stop) {
		if (!visit(receiver))
			idle(receiver);
	}
	note_cpu_time(receiver);
	return NULL;
}

void receiver_run(struct receiver *receiver, const volatile sig_atomic_t *stop)
{
	pthread_t thread;
	sigset_t ends;

	receiver->stop = stop;
	if (pthread_create(&thread, NULL, receive, receiver))
		fail(FAILURE, "starting a thread: there are too many: `ulimit -u` tells how many may be");
	/* A signal shall end the sleep of that thread, not the wait of this one. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGINT);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	pthread_join(thread, NULL);
}

void receiver_drain(struct receiver *receiver)
{
	uint64_t limit = now_ns() + DRAIN_LIMIT_NS;

	receiver->last_look_ns = now_ns();
	receiver->brought = false;
	while (visit(receiver) && receiver->last_look_ns < limit)
		;
}
