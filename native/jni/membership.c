/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.MembershipNative. */
#include "bridge.h"

static jint membership_open(JNIEnv *env, jclass class, jstring interface, jbyteArray key_bytes)
{
	struct xdp4j_error error;
	char name[INTERFACE_CHARS];
	struct flow_key key;
	int fd;

	copy_interface(env, interface, name);
	if (copy_struct(env, key_bytes, &key, sizeof(key)))
		return -1;
	fd = xdp4j_membership_open(name, &key, &error);
	if (fd < 0)
		throw_error(env, &error);
	return fd;
}

static void membership_close(JNIEnv *env, jclass class, jint fd)
{
	xdp4j_membership_close(fd);
}

static const JNINativeMethod methods[] = {
	{ "open", "(" STRING "[B)I", membership_open },
	{ "close", "(I)V", membership_close },
};

const struct native_class xdp4j_membership_natives = NATIVE_CLASS("MembershipNative", methods);
