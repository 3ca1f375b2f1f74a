/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.NtupleNative. */
#include "bridge.h"

#include <errno.h>

/* The text that says why there are none goes into reason[0]. */
static jboolean ntuple_supported(JNIEnv *env, jclass class, jstring interface, jobjectArray reason)
{
	struct xdp4j_error error;
	char name[INTERFACE_CHARS];
	int result;

	copy_interface(env, interface, name);
	result = xdp4j_ntuple_supported(name, &error);
	if (result < 0)
		throw_error(env, &error);
	else if (!result)
		(*env)->SetObjectArrayElement(env, reason, 0, (*env)->NewStringUTF(env, error.text));
	return result > 0;
}

static jint ntuple_add(JNIEnv *env, jclass class, jstring interface, jbyteArray key_bytes, jint queue)
{
	struct xdp4j_error error;
	char name[INTERFACE_CHARS];
	struct flow_key key;
	int result;

	if (copy_struct(env, key_bytes, &key, sizeof(key)))
		return 0; /* with an exception pending */
	copy_interface(env, interface, name);
	result = xdp4j_ntuple_add(name, &key, queue, &error);
	if (result < 0 && result != -EEXIST)
		throw_error(env, &error);
	return result;
}

static jint ntuple_remove(JNIEnv *env, jclass class, jstring interface, jint location, jbyteArray key_bytes, jint queue)
{
	char name[INTERFACE_CHARS];
	struct flow_key key;

	if (copy_struct(env, key_bytes, &key, sizeof(key)))
		return 0; /* with an exception pending */
	copy_interface(env, interface, name);
	return xdp4j_ntuple_remove(name, location, &key, queue);
}

static const JNINativeMethod methods[] = {
	{ "supported", "(" STRING "[" STRING ")Z", ntuple_supported },
	{ "add", "(" STRING "[BI)I", ntuple_add },
	{ "remove", "(" STRING "I[BI)I", ntuple_remove },
};

const struct native_class xdp4j_ntuple_natives = NATIVE_CLASS("NtupleNative", methods);
