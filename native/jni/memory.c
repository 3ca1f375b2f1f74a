/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.MemoryNative. */
#include "bridge.h"

static jint memory_create(JNIEnv *env, jclass class, jstring name, jlong bytes)
{
	const char *chars = (*env)->GetStringUTFChars(env, name, NULL);
	struct xdp4j_error error;
	int fd;

	if (!chars)
		return -1; /* OutOfMemoryError is pending */
	fd = xdp4j_memory_create(chars, bytes, &error);
	(*env)->ReleaseStringUTFChars(env, name, chars);
	if (fd < 0)
		throw_error(env, &error);
	return fd;
}

static jobject memory_map(JNIEnv *env, jclass class, jint fd)
{
	struct xdp4j_error error;
	void *address;
	uint64_t bytes;

	if (xdp4j_memory_map(&address, &bytes, fd, &error)) {
		throw_error(env, &error);
		return NULL;
	}
	return (*env)->NewDirectByteBuffer(env, address, (jlong)bytes);
}

static jlong memory_address(JNIEnv *env, jclass class, jobject buffer)
{
	return handle_of((*env)->GetDirectBufferAddress(env, buffer));
}

static void memory_leave(JNIEnv *env, jclass class, jlong address, jlong bytes)
{
	xdp4j_memory_leave(object_of(address), bytes);
}

static void memory_unmap(JNIEnv *env, jclass class, jlong address, jlong bytes)
{
	xdp4j_memory_unmap(object_of(address), bytes);
}

static const JNINativeMethod methods[] = {
	{ "create", "(" STRING "J)I", memory_create },
	{ "map", "(I)" BUFFER, memory_map },
	{ "address", "(" BUFFER ")J", memory_address },
	{ "leave", "(JJ)V", memory_leave },
	{ "unmap", "(JJ)V", memory_unmap },
};

const struct native_class xdp4j_memory_natives = NATIVE_CLASS("MemoryNative", methods);
