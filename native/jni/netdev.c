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
	SET_LONGS(env, out, netdev.index, netdev.mtu, netdev.rx_queues, netdev.up, netdev.loopback,
		  netdev.numa_node);
}

/* Sets driver[0], names[0] and values[0], of which the last two stay null where the driver has no counters. */
static void set_counters(JNIEnv *env, const struct xdp4j_netdev_counters *counters, jobjectArray driver,
			 jobjectArray names, jobjectArray values)
{
	jclass string_class = (*env)->FindClass(env, "java/lang/String");
	jobjectArray each_name;
	jlongArray each_value;

	(*env)->SetObjectArrayElement(env, driver, 0, (*env)->NewStringUTF(env, counters->driver));
	if (!counters->count || (*env)->ExceptionCheck(env))
		return;
	each_name = (*env)->NewObjectArray(env, counters->count, string_class, NULL);
	each_value = each_name ? (*env)->NewLongArray(env, counters->count) : NULL;
	for (uint32_t i = 0; each_value && i < counters->count; i++) {
		jstring name = (*env)->NewStringUTF(env, counters->counters[i].name);
		jlong value = (jlong)counters->counters[i].value;

		if (!name)
			return; /* OutOfMemoryError is pending */
		(*env)->SetObjectArrayElement(env, each_name, i, name);
		(*env)->SetLongArrayRegion(env, each_value, i, 1, &value);
		(*env)->DeleteLocalRef(env, name);
	}
	if (!each_value)
		return;
	(*env)->SetObjectArrayElement(env, names, 0, each_name);
	(*env)->SetObjectArrayElement(env, values, 0, each_value);
}

static void netdev_counters(JNIEnv *env, jclass class, jstring interface, jlongArray link, jobjectArray driver,
			    jobjectArray names, jobjectArray values)
{
	struct xdp4j_netdev_counters counters;
	struct xdp4j_error error;
	char name[INTERFACE_CHARS];

	copy_interface(env, interface, name);
	if (xdp4j_netdev_counters_read(&counters, name, &error)) {
		throw_error(env, &error);
		return;
	}
	SET_LONGS(env, link, counters.rx_packets, counters.rx_dropped, counters.rx_missed, counters.rx_over,
		  counters.rx_fifo, counters.rx_ring, counters.rx_ring_max);
	set_counters(env, &counters, driver, names, values);
	xdp4j_netdev_counters_free(&counters);
}

static const JNINativeMethod methods[] = {
	{ "kernelSupport", "()" STRING, netdev_kernel_support },
	{ "find", "(" STRING "[J)V", netdev_find },
	{ "counters", "(" STRING "[J[" STRING "[[" STRING "[[J)V", netdev_counters },
};

const struct native_class xdp4j_netdev_natives = NATIVE_CLASS("NetdevNative", methods);
