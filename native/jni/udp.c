/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.UdpNative. */
#include "bridge.h"

static jlong udp_open(JNIEnv *env, jclass class, jint kind, jstring interface, jbyteArray key, jint flow,
		      jint receive_buffer, jobject area, jint slot_bytes, jobject batch)
{
	struct xdp4j_udp_options options = {
		.kind = kind,
		.flow = flow,
		.receive_buffer = receive_buffer,
		.area = (*env)->GetDirectBufferAddress(env, area),
		.slot_bytes = slot_bytes,
		.batch = (*env)->GetDirectBufferAddress(env, batch),
		.batch_size = (*env)->GetDirectBufferCapacity(env, batch) / sizeof(struct xdp_desc),
	};
	struct xdp4j_udp *udp = NULL;
	struct xdp4j_error error;
	char name[INTERFACE_CHARS];

	if ((*env)->GetDirectBufferCapacity(env, area) < (jlong)options.batch_size * slot_bytes) {
		throw_argument(env, "the area is smaller than batch size times slot size");
		return 0;
	}
	copy_interface(env, interface, name);
	options.interface = name;
	if (!copy_struct(env, key, &options.key, sizeof(options.key)) && xdp4j_udp_open(&udp, &options, &error))
		throw_error(env, &error);
	return handle_of(udp);
}

static jint udp_receive(JNIEnv *env, jclass class, jlong udp)
{
	return xdp4j_udp_receive(object_of(udp));
}

static jint udp_await(JNIEnv *env, jclass class, jlong udp, jint timeout_ms)
{
	return xdp4j_udp_wait(object_of(udp), timeout_ms);
}

static jint udp_receive_buffer(JNIEnv *env, jclass class, jlong udp)
{
	return xdp4j_udp_receive_buffer(object_of(udp));
}

static jint udp_statistics(JNIEnv *env, jclass class, jlong udp, jlongArray out)
{
	struct xdp4j_udp_statistics statistics = { 0 };
	int result = xdp4j_udp_statistics(object_of(udp), &statistics);

	SET_LONGS(env, out, statistics.drops, statistics.truncated, statistics.others, statistics.invalid,
		  statistics.missing, statistics.waiting_bytes);
	return result;
}

static void udp_close(JNIEnv *env, jclass class, jlong udp)
{
	xdp4j_udp_close(object_of(udp));
}

static const JNINativeMethod methods[] = {
	{ "open", "(I" STRING "[BII" BUFFER "I" BUFFER ")J", udp_open },
	{ "receive", "(J)I", udp_receive },
	{ "await", "(JI)I", udp_await },
	{ "receiveBuffer", "(J)I", udp_receive_buffer },
	{ "statistics", "(J[J)I", udp_statistics },
	{ "close", "(J)V", udp_close },
};

const struct native_class xdp4j_udp_natives = NATIVE_CLASS("UdpNative", methods);
