/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.XskViewNative. */
#include "bridge.h"

static jlong xsk_view_open(JNIEnv *env, jclass class, jint fd, jint rx_ring)
{
	struct xdp4j_xsk_view *view = NULL;
	struct xdp4j_error error;

	if (xdp4j_xsk_view_open(&view, fd, rx_ring, &error))
		throw_error(env, &error);
	return handle_of(view);
}

static jint xsk_view_fd(JNIEnv *env, jclass class, jlong view)
{
	return xdp4j_xsk_view_fd(object_of(view));
}

static jint xsk_view_zero_copy(JNIEnv *env, jclass class, jlong view)
{
	return xdp4j_xsk_view_zero_copy(object_of(view));
}

static jint xsk_view_waiting(JNIEnv *env, jclass class, jlong view)
{
	return xdp4j_xsk_view_waiting(object_of(view));
}

static jint xsk_view_received(JNIEnv *env, jclass class, jlong view)
{
	return xdp4j_xsk_view_received(object_of(view));
}

static jint xsk_view_statistics(JNIEnv *env, jclass class, jlong view, jlongArray out)
{
	struct xdp_statistics statistics;
	int result = xdp4j_xsk_view_statistics(object_of(view), &statistics);

	SET_LONGS(env, out, statistics.rx_dropped, statistics.rx_invalid_descs, statistics.rx_ring_full,
		  statistics.rx_fill_ring_empty_descs);
	return result;
}

static void xsk_view_close(JNIEnv *env, jclass class, jlong view)
{
	xdp4j_xsk_view_close(object_of(view));
}

static const JNINativeMethod methods[] = {
	{ "open", "(II)J", xsk_view_open },
	{ "fd", "(J)I", xsk_view_fd },
	{ "zeroCopy", "(J)I", xsk_view_zero_copy },
	{ "waiting", "(J)I", xsk_view_waiting },
	{ "received", "(J)I", xsk_view_received },
	{ "statistics", "(J[J)I", xsk_view_statistics },
	{ "close", "(J)V", xsk_view_close },
};

const struct native_class xdp4j_xsk_view_natives = NATIVE_CLASS("XskViewNative", methods);
