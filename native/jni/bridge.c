/* SPDX-License-Identifier: Apache-2.0 */
#include "bridge.h"

#include <errno.h>
#include <string.h>

static jclass kernel_exception;
static jmethodID kernel_exception_new;

static const struct native_class *const classes[] = {
	&xdp4j_channel_natives,    &xdp4j_membership_natives, &xdp4j_memory_natives,          &xdp4j_netdev_natives,
	&xdp4j_ntuple_natives,     &xdp4j_process_natives,    &xdp4j_redirect_errors_natives, &xdp4j_source_natives,
	&xdp4j_steer_natives,      &xdp4j_thread_natives,     &xdp4j_udp_natives,             &xdp4j_umem_natives,
	&xdp4j_xsk_natives,        &xdp4j_xsk_view_natives,
};

void throw_error(JNIEnv *env, const struct xdp4j_error *error)
{
	jstring text = (*env)->NewStringUTF(env, error->text);
	jobject exception;

	if (!text)
		return; /* OutOfMemoryError is pending */
	exception = (*env)->NewObject(env, kernel_exception, kernel_exception_new, (jint)error->code, text);
	if (exception)
		(*env)->Throw(env, exception);
}

void throw_argument(JNIEnv *env, const char *text)
{
	struct xdp4j_error error = { .code = EINVAL };

	strncpy(error.text, text, sizeof(error.text) - 1);
	throw_error(env, &error);
}

void copy_interface(JNIEnv *env, jstring string, char name[INTERFACE_CHARS])
{
	const char *chars = (*env)->GetStringUTFChars(env, string, NULL);

	name[0] = '\0';
	if (!chars)
		return;
	strncat(name, chars, INTERFACE_CHARS - 1);
	(*env)->ReleaseStringUTFChars(env, string, chars);
}

int copy_struct(JNIEnv *env, jbyteArray array, void *bytes, jsize size)
{
	if ((*env)->GetArrayLength(env, array) != size) {
		throw_argument(env, "a struct of another size was passed");
		return -1;
	}
	(*env)->GetByteArrayRegion(env, array, 0, size, bytes);
	return 0;
}

/* On failure an exception is pending, and the JVM unloads the library. */
__attribute__((visibility("default"))) jint JNI_OnLoad(JavaVM *vm, void *reserved)
{
	JNIEnv *env;
	jclass class;

	if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_10) != JNI_OK)
		return JNI_ERR;
	class = (*env)->FindClass(env, "io/xdp4j/packet/KernelException");
	if (!class)
		return JNI_ERR;
	kernel_exception_new = (*env)->GetMethodID(env, class, "<init>", "(I" STRING ")V");
	if (!kernel_exception_new)
		return JNI_ERR;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		jclass natives = (*env)->FindClass(env, classes[i]->name);

		if (!natives || (*env)->RegisterNatives(env, natives, classes[i]->methods, classes[i]->count))
			return JNI_ERR;
		(*env)->DeleteLocalRef(env, natives);
	}
	/* Last, so that no failure leaves a global reference behind. */
	kernel_exception = (*env)->NewGlobalRef(env, class);
	return kernel_exception ? JNI_VERSION_10 : JNI_ERR;
}
