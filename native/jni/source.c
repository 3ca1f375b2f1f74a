/* SPDX-License-Identifier: Apache-2.0 */
/* The natives of io.xdp4j.jni.SourceNative. */
#include "bridge.h"

#define LONGS_PER_FLOW 3  /* SSRC, first sequence number, payload type */
#define LONGS_PER_RANGE 3 /* from, to, every */

static int copy_flows(JNIEnv *env, jbyteArray keys, jlongArray flows, struct xdp4j_source_flow *out, uint32_t count)
{
	jlong numbers[XDP4J_SOURCE_FLOWS * LONGS_PER_FLOW];

	if (count > XDP4J_SOURCE_FLOWS || (*env)->GetArrayLength(env, keys) != (jsize)(count * sizeof(out->key))) {
		throw_argument(env, "too many flows, or not a key for each");
		return -1;
	}
	(*env)->GetLongArrayRegion(env, flows, 0, count * LONGS_PER_FLOW, numbers);
	for (uint32_t i = 0; i < count; i++) {
		(*env)->GetByteArrayRegion(env, keys, i * sizeof(out->key), sizeof(out->key), (jbyte *)&out[i].key);
		out[i].ssrc = numbers[i * LONGS_PER_FLOW];
		out[i].first_sequence = numbers[i * LONGS_PER_FLOW + 1];
		out[i].payload_type = numbers[i * LONGS_PER_FLOW + 2];
	}
	return 0;
}

static void copy_ranges(JNIEnv *env, jlongArray ranges, int first, struct position_range *out)
{
	(*env)->GetLongArrayRegion(env, ranges, first * LONGS_PER_RANGE, XDP4J_SOURCE_RANGES * LONGS_PER_RANGE,
				   (jlong *)out);
}

static jlong source_open(JNIEnv *env, jclass class, jstring interface, jint engine, jbyteArray keys, jlongArray flows,
			 jint size, jlong positions, jlongArray ranges)
{
	struct xdp4j_source_flow source_flows[XDP4J_SOURCE_FLOWS] = { 0 };
	struct xdp4j_source_options options = {
		.engine = engine,
		.flows = source_flows,
		.flow_count = (*env)->GetArrayLength(env, flows) / LONGS_PER_FLOW,
		.size = size,
		.positions = positions,
	};
	struct xdp4j_source *source = NULL;
	struct xdp4j_error error;
	char name[INTERFACE_CHARS];

	copy_interface(env, interface, name);
	options.interface = name;
	if (copy_flows(env, keys, flows, source_flows, options.flow_count))
		return 0;
	copy_ranges(env, ranges, 0, options.lose);
	copy_ranges(env, ranges, XDP4J_SOURCE_RANGES, options.duplicate);
	copy_ranges(env, ranges, 2 * XDP4J_SOURCE_RANGES, options.swap);
	if (xdp4j_source_open(&source, &options, &error))
		throw_error(env, &error);
	return handle_of(source);
}

static jint source_send(JNIEnv *env, jclass class, jlong source, jint frames, jlong origin_ns, jlong turn,
			jlong rate_pps)
{
	const struct xdp4j_source_schedule schedule = {
		.origin_ns = origin_ns,
		.turn = turn,
		.rate_pps = rate_pps,
	};

	return xdp4j_source_send(object_of(source), frames, &schedule);
}

static void source_counters(JNIEnv *env, jclass class, jlong source, jint flow, jlongArray out)
{
	struct xdp4j_source_counters counters;

	xdp4j_source_counters(object_of(source), flow, &counters);
	SET_LONGS(env, out, counters.positions, counters.sent, counters.lost, counters.duplicated,
		     counters.swapped);
}

static jlong source_refused(JNIEnv *env, jclass class, jlong source)
{
	return xdp4j_source_refused(object_of(source));
}

static void source_close(JNIEnv *env, jclass class, jlong source)
{
	xdp4j_source_close(object_of(source));
}

static const JNINativeMethod methods[] = {
	{ "open", "(" STRING "I[B[JIJ[J)J", source_open },
	{ "send", "(JIJJJ)I", source_send },
	{ "counters", "(JI[J)V", source_counters },
	{ "refused", "(J)J", source_refused },
	{ "close", "(J)V", source_close },
};

const struct native_class xdp4j_source_natives = NATIVE_CLASS("SourceNative", methods);
