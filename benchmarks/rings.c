/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The natives of io.xdp4j.benchmarks.RingsNative: a UMEM and a socket whose rings are memory of this process. The
 * library's own xdp4j_xsk_receive receives from them, and needs neither a kernel nor root for it. Everything in here is
 * for before and after a measurement, but for the empty functions.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <jni.h>

#include "umem.h"

#pragma GCC diagnostic ignored "-Wunused-parameter" /* the JVM fixes the signatures */

#define FRAME_BYTES 2048
#define HEADROOM 256
#define PAGE_BYTES 4096 /* a multiple of it, as aligned_alloc wants */

/* What the kernel maps: net/xdp/xsk_queue.h. The empty lines of cache keep the prefetcher off the other side's word. */
struct ring {
	_Alignas(64) uint32_t producer;
	_Alignas(64) uint32_t pad1;
	_Alignas(64) uint32_t consumer;
	_Alignas(64) uint32_t pad2;
	uint32_t flags;
	_Alignas(64) uint32_t pad3;
	_Alignas(64) char descriptors[];
};

_Static_assert(offsetof(struct ring, consumer) == 128 && offsetof(struct ring, flags) == 196 &&
		       offsetof(struct ring, descriptors) == 320,
	       "io.xdp4j.benchmarks.Rings has the same offsets");

struct rings {
	struct xdp4j_umem umem;
	struct xdp4j_xsk xsk;
	struct ring *rx;
	struct ring *fill;
	size_t rx_bytes;
	size_t fill_bytes;
};

static struct rings *rings_of(jlong handle)
{
	return (struct rings *)(intptr_t)handle;
}

static void *allocate_pages(size_t bytes)
{
	return aligned_alloc(PAGE_BYTES, (bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES);
}

static struct ring *allocate_ring(size_t bytes)
{
	struct ring *ring = allocate_pages(bytes);

	if (ring)
		memset(ring, 0, bytes);
	return ring;
}

static void close_rings(struct rings *rings)
{
	free(rings->umem.free);
	free(rings->umem.area);
	free(rings->xsk.held);
	free(rings->rx);
	free(rings->fill);
	free(rings);
}

/* The fields that receiving from single frames looks at; the others stay zero. */
static void set_up(struct rings *rings, uint32_t depth, uint32_t packet_bytes, struct xdp_desc *batch,
		   uint32_t batch_size)
{
	struct xsk_ring_cons *rx = &rings->xsk.rx;
	struct xsk_ring_prod *fill = &rings->umem.fill;

	rings->umem.frames = depth;
	rings->umem.frame_mask = ~(uint64_t)(FRAME_BYTES - 1);
	rings->umem.bytes = (uint64_t)depth * FRAME_BYTES;
	rings->xsk.umem = &rings->umem;
	rings->xsk.batch = batch;
	rings->xsk.batch_size = batch_size;
	*rx = (struct xsk_ring_cons){ .mask = depth - 1,
				      .size = depth,
				      .producer = &rings->rx->producer,
				      .consumer = &rings->rx->consumer,
				      .flags = &rings->rx->flags,
				      .ring = rings->rx->descriptors };
	*fill = (struct xsk_ring_prod){ .mask = depth - 1,
					.size = depth,
					.producer = &rings->fill->producer,
					.consumer = &rings->fill->consumer,
					.flags = &rings->fill->flags,
					.ring = rings->fill->descriptors };
	/* A frame a slot, for good: who takes it gives it back to a fill ring that nobody reads. */
	for (uint32_t i = 0; i < depth; i++)
		((struct xdp_desc *)rx->ring)[i] =
			(struct xdp_desc){ .addr = (uint64_t)i * FRAME_BYTES + HEADROOM, .len = packet_bytes };
}

/* 0 when there is no memory for it. */
JNIEXPORT jlong JNICALL Java_io_xdp4j_benchmarks_RingsNative_open(JNIEnv *env, jclass class, jint depth,
								  jint packet_bytes, jobject batch)
{
	uint32_t batch_size = (*env)->GetDirectBufferCapacity(env, batch) / sizeof(struct xdp_desc);
	struct rings *rings = calloc(1, sizeof(*rings));

	if (!rings)
		return 0;
	rings->rx_bytes = sizeof(struct ring) + depth * sizeof(struct xdp_desc);
	rings->fill_bytes = sizeof(struct ring) + depth * sizeof(uint64_t);
	rings->rx = allocate_ring(rings->rx_bytes);
	rings->fill = allocate_ring(rings->fill_bytes);
	rings->umem.area = allocate_pages((size_t)depth * FRAME_BYTES);
	rings->umem.free = calloc(depth, sizeof(*rings->umem.free));
	rings->xsk.held = calloc(batch_size, sizeof(*rings->xsk.held));
	if (!rings->rx || !rings->fill || !rings->umem.area || !rings->umem.free || !rings->xsk.held) {
		close_rings(rings);
		return 0;
	}
	set_up(rings, depth, packet_bytes, (*env)->GetDirectBufferAddress(env, batch), batch_size);
	return (jlong)(intptr_t)rings;
}

JNIEXPORT jlong JNICALL Java_io_xdp4j_benchmarks_RingsNative_xsk(JNIEnv *env, jclass class, jlong rings)
{
	return (jlong)(intptr_t)&rings_of(rings)->xsk;
}

JNIEXPORT jobject JNICALL Java_io_xdp4j_benchmarks_RingsNative_rx(JNIEnv *env, jclass class, jlong rings)
{
	return (*env)->NewDirectByteBuffer(env, rings_of(rings)->rx, (jlong)rings_of(rings)->rx_bytes);
}

JNIEXPORT jobject JNICALL Java_io_xdp4j_benchmarks_RingsNative_fill(JNIEnv *env, jclass class, jlong rings)
{
	return (*env)->NewDirectByteBuffer(env, rings_of(rings)->fill, (jlong)rings_of(rings)->fill_bytes);
}

JNIEXPORT jobject JNICALL Java_io_xdp4j_benchmarks_RingsNative_area(JNIEnv *env, jclass class, jlong rings)
{
	return (*env)->NewDirectByteBuffer(env, rings_of(rings)->umem.area, (jlong)rings_of(rings)->umem.bytes);
}

JNIEXPORT void JNICALL Java_io_xdp4j_benchmarks_RingsNative_close(JNIEnv *env, jclass class, jlong rings)
{
	close_rings(rings_of(rings));
}

/* What costs nothing but to get here, with the signature of xdp4j_xsk_receive. */
XDP4J_API int xdp4j_benchmark_empty(const struct xdp4j_xsk *xsk)
{
	(void)xsk;
	return 0;
}

/* JNI reaches a C function by one that translates, as native/jni/xsk.c does. */
JNIEXPORT jint JNICALL Java_io_xdp4j_benchmarks_RingsNative_empty(JNIEnv *env, jclass class, jlong xsk)
{
	return xdp4j_benchmark_empty((const struct xdp4j_xsk *)(intptr_t)xsk);
}
