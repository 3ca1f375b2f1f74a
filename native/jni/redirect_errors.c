/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.RedirectErrorsNative. */
#include "bridge.h"

static jlong redirect_errors_open(JNIEnv *env, jclass class, jint sockets)
{
	struct xdp4j_redirect_errors *errors = NULL;
	struct xdp4j_error error;

	if (xdp4j_redirect_errors_open(&errors, sockets, &error))
		throw_error(env, &error);
	return handle_of(errors);
}

static jlong redirect_errors_count(JNIEnv *env, jclass class, jlong errors)
{
	return xdp4j_redirect_errors_count(object_of(errors));
}

static void redirect_errors_close(JNIEnv *env, jclass class, jlong errors)
{
	xdp4j_redirect_errors_close(object_of(errors));
}

static const JNINativeMethod methods[] = {
	{ "open", "(I)J", redirect_errors_open },
	{ "count", "(J)J", redirect_errors_count },
	{ "close", "(J)V", redirect_errors_close },
};

const struct native_class xdp4j_redirect_errors_natives = NATIVE_CLASS("RedirectErrorsNative", methods);
