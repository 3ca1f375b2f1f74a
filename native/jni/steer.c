/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.SteerNative. */
#include "bridge.h"

static jlong steer_load(JNIEnv *env, jclass class, jint flows, jint queues, jboolean multi_buffer)
{
	struct xdp4j_steer *steer = NULL;
	struct xdp4j_error error;

	if (xdp4j_steer_load(&steer, flows, queues, multi_buffer, &error))
		throw_error(env, &error);
	return handle_of(steer);
}

/* The text that explains a fallback to generic mode goes into fallback[0]. */
static jint steer_attach(JNIEnv *env, jclass class, jlong steer, jstring interface, jint mode, jint attachment,
			 jobjectArray fallback)
{
	struct xdp4j_error error;
	char name[INTERFACE_CHARS];
	int result;

	copy_interface(env, interface, name);
	result = xdp4j_steer_attach(object_of(steer), name, mode, attachment, &error);
	if (result < 0)
		throw_error(env, &error);
	else if (error.text[0])
		(*env)->SetObjectArrayElement(env, fallback, 0, (*env)->NewStringUTF(env, error.text));
	return result;
}

static jint steer_detach(JNIEnv *env, jclass class, jlong steer)
{
	return xdp4j_steer_detach(object_of(steer));
}

static void steer_detach_from_dispatcher(JNIEnv *env, jclass class, jstring interface, jint program)
{
	struct xdp4j_error error;
	char name[INTERFACE_CHARS];

	copy_interface(env, interface, name);
	if (xdp4j_steer_detach_from_dispatcher(name, program, &error))
		throw_error(env, &error);
}

static void steer_add_flow(JNIEnv *env, jclass class, jlong steer, jbyteArray key_bytes, jint flow)
{
	struct xdp4j_error error;
	struct flow_key key;

	if (!copy_struct(env, key_bytes, &key, sizeof(key)) &&
	    xdp4j_steer_add_flow(object_of(steer), &key, flow, &error))
		throw_error(env, &error);
}

static jint steer_remove_flow(JNIEnv *env, jclass class, jlong steer, jbyteArray key_bytes, jint flow)
{
	struct flow_key key;

	if (copy_struct(env, key_bytes, &key, sizeof(key)))
		return 0; /* with an exception pending */
	return xdp4j_steer_remove_flow(object_of(steer), &key, flow);
}

static jint steer_reset_flow(JNIEnv *env, jclass class, jlong steer, jint flow)
{
	return xdp4j_steer_reset_flow(object_of(steer), flow);
}

static void steer_set_socket(JNIEnv *env, jclass class, jlong steer, jint flow, jint queue, jint xsk_fd, jint longest)
{
	struct xdp4j_error error;

	if (xdp4j_steer_set_socket(object_of(steer), flow, queue, xsk_fd, longest, &error))
		throw_error(env, &error);
}

static jint steer_clear_socket(JNIEnv *env, jclass class, jlong steer, jint flow, jint queue)
{
	return xdp4j_steer_clear_socket(object_of(steer), flow, queue);
}

static void steer_synchronize(JNIEnv *env, jclass class)
{
	xdp4j_steer_synchronize();
}

static jint steer_flow_counters(JNIEnv *env, jclass class, jlong steer, jint flow, jlongArray out)
{
	struct flow_counters sum;
	int result = xdp4j_steer_flow_counters(object_of(steer), flow, &sum);

	SET_LONGS(env, out, sum.seen, sum.redirected, sum.no_socket, sum.wrong_queue, sum.no_metadata, sum.too_large,
		  sum.largest_refused, sum.invalid, sum.fragmented, sum.missing, sum.watched, sum.bytes);
	return result;
}

static jint steer_strays(JNIEnv *env, jclass class, jlong steer, jint flow, jlongArray out)
{
	jlong *per_queue = (*env)->GetLongArrayElements(env, out, NULL);
	int result;

	if (!per_queue)
		return 0; /* with an OutOfMemoryError pending */
	result = xdp4j_steer_strays(object_of(steer), flow, (uint64_t *)per_queue);
	(*env)->ReleaseLongArrayElements(env, out, per_queue, 0);
	return result;
}

static jint steer_program_counters(JNIEnv *env, jclass class, jlong steer, jlongArray out)
{
	struct program_counters sum;
	int result = xdp4j_steer_program_counters(object_of(steer), &sum);

	SET_LONGS(env, out, sum.packets, sum.passed, sum.unparsable);
	return result;
}

static jint steer_program_id(JNIEnv *env, jclass class, jlong steer)
{
	return xdp4j_steer_program_id(object_of(steer));
}

static jint steer_sockets_id(JNIEnv *env, jclass class, jlong steer)
{
	return xdp4j_steer_sockets_id(object_of(steer));
}

static void steer_close(JNIEnv *env, jclass class, jlong steer)
{
	xdp4j_steer_close(object_of(steer));
}

static const JNINativeMethod methods[] = {
	{ "load", "(IIZ)J", steer_load },
	{ "attach", "(J" STRING "II[" STRING ")I", steer_attach },
	{ "detach", "(J)I", steer_detach },
	{ "detachFromDispatcher", "(" STRING "I)V", steer_detach_from_dispatcher },
	{ "addFlow", "(J[BI)V", steer_add_flow },
	{ "removeFlow", "(J[BI)I", steer_remove_flow },
	{ "resetFlow", "(JI)I", steer_reset_flow },
	{ "setSocket", "(JIIII)V", steer_set_socket },
	{ "clearSocket", "(JII)I", steer_clear_socket },
	{ "synchronize", "()V", steer_synchronize },
	{ "flowCounters", "(JI[J)I", steer_flow_counters },
	{ "strays", "(JI[J)I", steer_strays },
	{ "programCounters", "(J[J)I", steer_program_counters },
	{ "programId", "(J)I", steer_program_id },
	{ "socketsId", "(J)I", steer_sockets_id },
	{ "close", "(J)V", steer_close },
};

const struct native_class xdp4j_steer_natives = NATIVE_CLASS("SteerNative", methods);
