// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;

/** {@code native/source.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class SourceNative {
    private SourceNative() {}

    /**
     * The C function {@code xdp4j_source_open}.
     *
     * @param engine enum xdp4j_source_engine
     * @param keys 36 bytes a flow: struct flow_key
     * @param flows three numbers a flow: SSRC, first sequence number, payload type
     * @param ranges three numbers a range, XDP4J_SOURCE_RANGES ranges each to lose, to duplicate and to swap
     */
    public static native long open(
            String interfaceName, int engine, byte[] keys, long[] flows, int size, long positions, long[] ranges)
            throws KernelException;

    /**
     * The C function {@code xdp4j_source_send}.
     *
     * @param originNs of the schedule: CLOCK_MONOTONIC, so {@link System#nanoTime()}
     * @param turn of the schedule: which one is next
     * @param ratePps of the schedule; 0: at once
     */
    public static native int send(long source, int frames, long originNs, long turn, long ratePps);

    /** positions, sent, lost, duplicated, swapped. */
    public static native void counters(long source, int flow, long[] counters);

    public static native long refused(long source);

    public static native void close(long source);
}
