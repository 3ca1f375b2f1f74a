// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;

/** {@code native/steer.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class SteerNative {
    private SteerNative() {}

    public static native long load(int flows, int queues, boolean multiBuffer) throws KernelException;

    /**
     * @param mode enum xdp4j_mode
     * @param attachment enum xdp4j_attachment
     * @param fallback one element, set to the reason when native mode was tried and refused
     * @return the mode in force
     */
    public static native int attach(long steer, String interfaceName, int mode, int attachment, String[] fallback)
            throws KernelException;

    /** @return 0, or -errno */
    public static native int detach(long steer);

    public static native void detachFromDispatcher(String interfaceName, int programId) throws KernelException;

    /** @param key struct flow_key, {@link FlowKey#BYTES} bytes */
    public static native void addFlow(long steer, byte[] key, int flow) throws KernelException;

    /**
     * @param key struct flow_key, {@link FlowKey#BYTES} bytes
     * @return 0, or -errno: ENOENT when the key is not this flow
     */
    public static native int removeFlow(long steer, byte[] key, int flow) throws KernelException;

    /** @return 0, or -errno */
    public static native int resetFlow(long steer, int flow);

    /** @param longest bytes of the longest packet that the socket takes */
    public static native void setSocket(long steer, int flow, int queue, int xskFd, int longest)
            throws KernelException;

    public static native int clearSocket(long steer, int flow, int queue);

    /** Waits until no run of an XDP program sees what has been changed before. */
    public static native void synchronize();

    /**
     * @param counters set to seen, redirected, no_socket, wrong_queue, no_metadata, too_large, largest_refused,
     *     invalid, fragmented, missing, watched, bytes
     */
    public static native int flowCounters(long steer, int flow, long[] counters);

    /** @param perQueue an element for each queue that the program was loaded for, no fewer */
    public static native int strays(long steer, int flow, long[] perQueue);

    /** @param counters set to packets, passed, unparsable */
    public static native int programCounters(long steer, long[] counters);

    /** @return the id, or -errno */
    public static native int programId(long steer);

    /** @return the id of the map of sockets, or -errno */
    public static native int socketsId(long steer);

    public static native void close(long steer);
}
