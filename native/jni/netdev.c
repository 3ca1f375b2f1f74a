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

/* A String[] of the names that are the first field of structs in a row; NULL with an exception pending. */
static jobjectArray new_names(JNIEnv *env, uint32_t count, const void *structs, size_t bytes)
{
	jobjectArray names = (*env)->NewObjectArray(env, count, (*env)->FindClass(env, "java/lang/String"), NULL);

	for (uint32_t i = 0; names && i < count; i++) {
		jstring name = (*env)->NewStringUTF(env, (const char *)structs + i * bytes);

		if (!name)
			return NULL; /* OutOfMemoryError is pending */
		(*env)->SetObjectArrayElement(env, names, i, name);
		(*env)->DeleteLocalRef(env, name);
	}
	return names;
}

/* Sets driver[0], names[0] and values[0], of which the last two stay null where the driver has no counters. */
static void set_counters(JNIEnv *env, const struct xdp4j_netdev_counters *counters, jobjectArray driver,
			 jobjectArray names, jobjectArray values)
{
	jobjectArray each_name;
	jlongArray each_value;

	(*env)->SetObjectArrayElement(env, driver, 0, (*env)->NewStringUTF(env, counters->driver));
	if (!counters->count || (*env)->ExceptionCheck(env))
		return;
	each_name = new_names(env, counters->count, counters->counters, sizeof(*counters->counters));
	each_value = each_name ? (*env)->NewLongArray(env, counters->count) : NULL;
	if (!each_value)
		return;
	for (uint32_t i = 0; i < counters->count; i++) {
		jlong value = (jlong)counters->counters[i].value;

		(*env)->SetLongArrayRegion(env, each_value, i, 1, &value);
	}
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

#define FEATURE_ON 1
#define FEATURE_FIXED 2

/* Sets names[0] and states[0]. */
static void set_features(JNIEnv *env, const struct xdp4j_netdev_setup *setup, jobjectArray names, jobjectArray states)
{
	jobjectArray each_name = new_names(env, setup->feature_count, setup->features, sizeof(*setup->features));
	jintArray each_state = each_name ? (*env)->NewIntArray(env, setup->feature_count) : NULL;

	if (!each_state)
		return;
	for (uint32_t i = 0; i < setup->feature_count; i++) {
		const struct xdp4j_feature *feature = &setup->features[i];
		jint state = (feature->on ? FEATURE_ON : 0) | (feature->fixed ? FEATURE_FIXED : 0);

		(*env)->SetIntArrayRegion(env, each_state, i, 1, &state);
	}
	(*env)->SetObjectArrayElement(env, names, 0, each_name);
	(*env)->SetObjectArrayElement(env, states, 0, each_state);
}

static void netdev_setup(JNIEnv *env, jclass class, jstring interface, jlongArray fields, jobjectArray program,
			 jobjectArray names, jobjectArray states)
{
	struct xdp4j_netdev_setup setup;
	struct xdp4j_error error;
	char name[INTERFACE_CHARS];

	copy_interface(env, interface, name);
	if (xdp4j_netdev_setup_read(&setup, name, &error)) {
		throw_error(env, &error);
		return;
	}
	SET_LONGS(env, fields, (jlong)setup.xdp_features, setup.xdp_features_told, setup.zero_copy_segments,
		  setup.native_program, setup.generic_program, setup.rx_queues_max, setup.combined, setup.stamps,
		  setup.header_split);
	(*env)->SetObjectArrayElement(env, program, 0, (*env)->NewStringUTF(env, setup.program_name));
	if (!(*env)->ExceptionCheck(env))
		set_features(env, &setup, names, states);
	xdp4j_netdev_setup_free(&setup);
}

static const JNINativeMethod methods[] = {
	{ "kernelSupport", "()" STRING, netdev_kernel_support },
	{ "find", "(" STRING "[J)V", netdev_find },
	{ "counters", "(" STRING "[J[" STRING "[[" STRING "[[J)V", netdev_counters },
	{ "setup", "(" STRING "[J[" STRING "[[" STRING "[[I)V", netdev_setup },
};

const struct native_class xdp4j_netdev_natives = NATIVE_CLASS("NetdevNative", methods);
