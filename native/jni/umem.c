/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.UmemNative. */
#include "bridge.h"

static jlong umem_open(JNIEnv *env, jclass class, jint frame_size, jint frames, jint fill_ring, jint longest_packet,
		       jint long_packets, jint numa_node, jint leases)
{
	const struct xdp4j_umem_options options = {
		.frame_size = frame_size,
		.frames = frames,
		.fill_ring = fill_ring,
		.longest_packet = longest_packet,
		.long_packets = long_packets,
		.numa_node = numa_node,
		.leases = leases,
	};
	struct xdp4j_umem *umem = NULL;
	struct xdp4j_error error;

	if (xdp4j_umem_open(&umem, &options, &error))
		throw_error(env, &error);
	return handle_of(umem);
}

static jobject umem_area(JNIEnv *env, jclass class, jlong umem)
{
	struct xdp4j_umem *object = object_of(umem);

	return (*env)->NewDirectByteBuffer(env, xdp4j_umem_area(object), (jlong)xdp4j_umem_bytes(object));
}

static jlong umem_address(JNIEnv *env, jclass class, jlong umem)
{
	return handle_of(xdp4j_umem_area(object_of(umem)));
}

static jboolean umem_huge_pages(JNIEnv *env, jclass class, jlong umem)
{
	return xdp4j_umem_huge_pages(object_of(umem));
}

static jstring umem_huge_page_refusal(JNIEnv *env, jclass class, jlong umem)
{
	const char *text = xdp4j_umem_huge_page_refusal(object_of(umem));

	return text ? (*env)->NewStringUTF(env, text) : NULL;
}

static void umem_audit(JNIEnv *env, jclass class, jlong umem, jlongArray places)
{
	struct xdp4j_umem_audit audit;

	xdp4j_umem_audit(object_of(umem), &audit);
	SET_LONGS(env, places, audit.free, audit.fill, audit.rx, audit.batch, audit.leased, audit.kernel,
		  audit.doubled);
}

static void umem_release(JNIEnv *env, jclass class, jlong umem, jint frame)
{
	xdp4j_umem_release(object_of(umem), frame);
}

static jint umem_close(JNIEnv *env, jclass class, jlong umem)
{
	return xdp4j_umem_close(object_of(umem));
}

static void umem_unmap(JNIEnv *env, jclass class, jlong address, jlong bytes)
{
	xdp4j_umem_unmap(object_of(address), bytes);
}

static const JNINativeMethod methods[] = {
	{ "open", "(IIIIIII)J", umem_open },
	{ "area", "(J)" BUFFER, umem_area },
	{ "address", "(J)J", umem_address },
	{ "hugePages", "(J)Z", umem_huge_pages },
	{ "hugePageRefusal", "(J)" STRING, umem_huge_page_refusal },
	{ "audit", "(J[J)V", umem_audit },
	{ "release", "(JI)V", umem_release },
	{ "close", "(J)I", umem_close },
	{ "unmap", "(JJ)V", umem_unmap },
};

const struct native_class xdp4j_umem_natives = NATIVE_CLASS("UmemNative", methods);
