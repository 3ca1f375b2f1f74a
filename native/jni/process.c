/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.ProcessNative. */
#include "bridge.h"

static void process_end_with_parent(JNIEnv *env, jclass class, jint parent)
{
	struct xdp4j_error error;

	if (xdp4j_process_end_with_parent(parent, &error))
		throw_error(env, &error);
}

static void process_drop_capabilities(JNIEnv *env, jclass class)
{
	struct xdp4j_error error;

	if (xdp4j_process_drop_capabilities(&error))
		throw_error(env, &error);
}

static const JNINativeMethod methods[] = {
	{ "endWithParent", "(I)V", process_end_with_parent },
	{ "dropCapabilities", "()V", process_drop_capabilities },
};

const struct native_class xdp4j_process_natives = NATIVE_CLASS("ProcessNative", methods);
