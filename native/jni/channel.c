/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.ChannelNative. */
#include "bridge.h"

#include <errno.h>
#include <string.h>

#define NAME_CHARS 128 /* more than a name can have: a longer one is cut and then refused */

static void copy_name(JNIEnv *env, jstring string, char name[NAME_CHARS])
{
	const char *chars = (*env)->GetStringUTFChars(env, string, NULL);

	name[0] = '\0';
	if (!chars)
		return;
	strncat(name, chars, NAME_CHARS - 1);
	(*env)->ReleaseStringUTFChars(env, string, chars);
}

static jint channel_listen(JNIEnv *env, jclass class, jstring name)
{
	struct xdp4j_error error;
	char chars[NAME_CHARS];
	int fd;

	copy_name(env, name, chars);
	fd = xdp4j_channel_listen(chars, &error);
	if (fd < 0)
		throw_error(env, &error);
	return fd;
}

static jint channel_accept(JNIEnv *env, jclass class, jint listener, jint expected, jint timeout_ms)
{
	struct xdp4j_error error;
	int fd = xdp4j_channel_accept(listener, expected, timeout_ms, &error);

	if (fd < 0)
		throw_error(env, &error);
	return fd;
}

static jint channel_connect(JNIEnv *env, jclass class, jstring name)
{
	struct xdp4j_error error;
	char chars[NAME_CHARS];
	int fd;

	copy_name(env, name, chars);
	fd = xdp4j_channel_connect(chars, &error);
	if (fd < 0)
		throw_error(env, &error);
	return fd;
}

static jint channel_send(JNIEnv *env, jclass class, jint fd, jbyteArray message, jintArray fds)
{
	jsize length = (*env)->GetArrayLength(env, message);
	jsize fd_count = (*env)->GetArrayLength(env, fds);
	jint numbers[XDP4J_CHANNEL_FDS];
	jbyte *bytes;
	int result;

	if (fd_count > XDP4J_CHANNEL_FDS)
		return -EINVAL;
	(*env)->GetIntArrayRegion(env, fds, 0, fd_count, numbers);
	bytes = (*env)->GetByteArrayElements(env, message, NULL);
	if (!bytes)
		return -ENOMEM; /* OutOfMemoryError is pending */
	result = xdp4j_channel_send(fd, bytes, length, numbers, fd_count);
	(*env)->ReleaseByteArrayElements(env, message, bytes, JNI_ABORT);
	return result;
}

static jint channel_receive(JNIEnv *env, jclass class, jint fd, jobject room, jintArray fds, jintArray fd_count,
			    jint timeout_ms)
{
	int numbers[XDP4J_CHANNEL_FDS];
	uint32_t count;
	int result = xdp4j_channel_receive(fd, (*env)->GetDirectBufferAddress(env, room),
					   (*env)->GetDirectBufferCapacity(env, room), numbers, &count, timeout_ms);
	jint received = count;

	(*env)->SetIntArrayRegion(env, fds, 0, received, numbers);
	(*env)->SetIntArrayRegion(env, fd_count, 0, 1, &received);
	return result;
}

static void channel_shutdown(JNIEnv *env, jclass class, jint fd)
{
	xdp4j_channel_shutdown(fd);
}

static void channel_close(JNIEnv *env, jclass class, jint fd)
{
	xdp4j_channel_close(fd);
}

static const JNINativeMethod methods[] = {
	{ "listen", "(" STRING ")I", channel_listen },
	{ "accept", "(III)I", channel_accept },
	{ "connect", "(" STRING ")I", channel_connect },
	{ "send", "(I[B[I)I", channel_send },
	{ "receive", "(I" BUFFER "[I[II)I", channel_receive },
	{ "shutdown", "(I)V", channel_shutdown },
	{ "close", "(I)V", channel_close },
};

const struct native_class xdp4j_channel_natives = NATIVE_CLASS("ChannelNative", methods);
