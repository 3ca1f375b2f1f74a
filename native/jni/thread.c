/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.ThreadNative. */
#include "bridge.h"

static void thread_pin(JNIEnv *env, jclass class, jint cpu)
{
	struct xdp4j_error error;

	if (xdp4j_thread_pin(cpu, &error))
		throw_error(env, &error);
}

static void thread_realtime(JNIEnv *env, jclass class, jint priority)
{
	struct xdp4j_error error;

	if (xdp4j_thread_realtime(priority, &error))
		throw_error(env, &error);
}

static void thread_sleep(JNIEnv *env, jclass class, jlong nanoseconds)
{
	xdp4j_thread_sleep(nanoseconds);
}

static const JNINativeMethod methods[] = {
	{ "pin", "(I)V", thread_pin },
	{ "realtime", "(I)V", thread_realtime },
	{ "sleep", "(J)V", thread_sleep },
};

const struct native_class xdp4j_thread_natives = NATIVE_CLASS("ThreadNative", methods);
