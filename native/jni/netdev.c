/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.NetdevNative. */
#include "bridge.h"

static jstring netdev_kernel_support(JNIEnv *env, jclass class)
{
	struct xdp4j_error error;

	return xdp4j_kernel_support(&error) ? (*env)->NewStringUTF(env, error.text) : NULL;
}

static void netdev_find(JNIEnv *env, jclass class, jstring interface, jlongArray out)
{
	struct xdp4j_netdev netdev;
	struct xdp4j_error error;
	char name[INTERFACE_CHARS];

	copy_interface(env, interface, name);
	if (xdp4j_netdev_find(&netdev, name, &error)) {
		throw_error(env, &error);
		return;
	}
	SET_LONGS(env, out, netdev.index, netdev.mtu, netdev.rx_queues, netdev.up, netdev.loopback);
}

static const JNINativeMethod methods[] = {
	{ "kernelSupport", "()" STRING, netdev_kernel_support },
	{ "find", "(" STRING "[J)V", netdev_find },
};

const struct native_class xdp4j_netdev_natives = NATIVE_CLASS("NetdevNative", methods);
