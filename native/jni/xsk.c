/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.XskNative. */
#include "bridge.h"

static jlong xsk_open(JNIEnv *env, jclass class, jlong umem, jstring interface, jint queue, jint rx_ring, jint mode,
		      jint busy_poll_budget, jobject batch)
{
	struct xdp4j_xsk_options options = {
		.queue = queue,
		.rx_ring = rx_ring,
		.mode = mode,
		.batch = (*env)->GetDirectBufferAddress(env, batch),
		.batch_size = (*env)->GetDirectBufferCapacity(env, batch) / sizeof(struct xdp_desc),
		.busy_poll_budget = busy_poll_budget,
	};
	struct xdp4j_xsk *xsk = NULL;
	struct xdp4j_error error;
	char name[INTERFACE_CHARS];

	copy_interface(env, interface, name);
	options.interface = name;
	if (xdp4j_xsk_open(&xsk, object_of(umem), &options, &error))
		throw_error(env, &error);
	return handle_of(xsk);
}

static jint xsk_fd(JNIEnv *env, jclass class, jlong xsk)
{
	return xdp4j_xsk_fd(object_of(xsk));
}

static jint xsk_zero_copy(JNIEnv *env, jclass class, jlong xsk)
{
	return xdp4j_xsk_zero_copy(object_of(xsk));
}

static jint xsk_napi_id(JNIEnv *env, jclass class, jlong xsk)
{
	return xdp4j_xsk_napi_id(object_of(xsk));
}

static jint xsk_waiting(JNIEnv *env, jclass class, jlong xsk)
{
	return xdp4j_xsk_waiting(object_of(xsk));
}

static jint xsk_fullest(JNIEnv *env, jclass class, jlong xsk)
{
	return xdp4j_xsk_fullest(object_of(xsk));
}

static jint xsk_take_fullest(JNIEnv *env, jclass class, jlong xsk)
{
	return xdp4j_xsk_take_fullest(object_of(xsk));
}

static jint xsk_statistics(JNIEnv *env, jclass class, jlong xsk, jlongArray out)
{
	struct xdp_statistics statistics;
	int result = xdp4j_xsk_statistics(object_of(xsk), &statistics);

	SET_LONGS(env, out, statistics.rx_dropped, statistics.rx_invalid_descs, statistics.rx_ring_full,
		     statistics.rx_fill_ring_empty_descs);
	return result;
}

static jint xsk_receive(JNIEnv *env, jclass class, jlong xsk)
{
	return xdp4j_xsk_receive(object_of(xsk));
}

static jint xsk_lease(JNIEnv *env, jclass class, jlong xsk, jint index)
{
	return xdp4j_xsk_lease(object_of(xsk), index);
}

static jint xsk_await(JNIEnv *env, jclass class, jlong xsk, jint timeout_ms)
{
	return xdp4j_xsk_wait(object_of(xsk), timeout_ms);
}

static void xsk_close(JNIEnv *env, jclass class, jlong xsk)
{
	xdp4j_xsk_close(object_of(xsk));
}

static const JNINativeMethod methods[] = {
	{ "open", "(J" STRING "IIII" BUFFER ")J", xsk_open },
	{ "fd", "(J)I", xsk_fd },
	{ "zeroCopy", "(J)I", xsk_zero_copy },
	{ "napiId", "(J)I", xsk_napi_id },
	{ "waiting", "(J)I", xsk_waiting },
	{ "fullest", "(J)I", xsk_fullest },
	{ "takeFullest", "(J)I", xsk_take_fullest },
	{ "statistics", "(J[J)I", xsk_statistics },
	{ "receive", "(J)I", xsk_receive },
	{ "lease", "(JI)I", xsk_lease },
	{ "await", "(JI)I", xsk_await },
	{ "close", "(J)V", xsk_close },
};

const struct native_class xdp4j_xsk_natives = NATIVE_CLASS("XskNative", methods);
