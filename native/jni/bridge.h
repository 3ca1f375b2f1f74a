/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Between Java and xdp4j.h: a file for each class of io.xdp4j.jni, whose functions translate arguments, make one call
 * and translate the result; a set-up error becomes an io.xdp4j.packet.KernelException. Objects travel as a jlong that
 * holds the pointer. Only this folder knows jni.h.
 */
#ifndef XDP4J_JNI_BRIDGE_H
#define XDP4J_JNI_BRIDGE_H

#include <jni.h>

#include "xdp4j.h"

#pragma GCC diagnostic ignored "-Wunused-parameter" /* the JVM fixes the signatures */

#define STRING "Ljava/lang/String;"
#define BUFFER "Ljava/nio/ByteBuffer;"

/* What JNI_OnLoad registers: one for each Java class. */
struct native_class {
	const char *name; /* within io.xdp4j.jni */
	const JNINativeMethod *methods;
	jint count;
};

#define NATIVE_CLASS(name, methods) { "io/xdp4j/jni/" name, methods, sizeof(methods) / sizeof((methods)[0]) }

extern const struct native_class xdp4j_channel_natives, xdp4j_membership_natives, xdp4j_memory_natives,
	xdp4j_netdev_natives, xdp4j_ntuple_natives, xdp4j_process_natives, xdp4j_redirect_errors_natives,
	xdp4j_source_natives, xdp4j_steer_natives, xdp4j_thread_natives, xdp4j_udp_natives, xdp4j_umem_natives,
	xdp4j_xsk_natives, xdp4j_xsk_view_natives;

/* Sets the elements of a long[], in the order that the Java class states. */
#define SET_LONGS(env, array, ...)                                                                                     \
	do {                                                                                                           \
		const jlong values[] = { __VA_ARGS__ };                                                                \
		(*env)->SetLongArrayRegion(env, array, 0, sizeof(values) / sizeof(values[0]), values);                 \
	} while (0)

#define INTERFACE_CHARS 64 /* more than a name can have: a longer one is cut and then names no interface */

static inline jlong handle_of(void *object)
{
	return (jlong)(intptr_t)object;
}

static inline void *object_of(jlong handle)
{
	return (void *)(intptr_t)handle;
}

void throw_error(JNIEnv *env, const struct xdp4j_error *error);

/* For what cannot happen through the public Java classes. */
void throw_argument(JNIEnv *env, const char *text);

void copy_interface(JNIEnv *env, jstring string, char name[INTERFACE_CHARS]);

/* 0, or -1 with an exception pending when the array does not have just `size` bytes. */
int copy_struct(JNIEnv *env, jbyteArray array, void *bytes, jsize size);

#endif
