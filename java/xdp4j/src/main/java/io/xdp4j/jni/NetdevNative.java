// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;
import java.util.Objects;

/** {@code native/netdev.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class NetdevNative {
    /** Where {@link #find(String)} has what. */
    public static final int INDEX = 0;

    public static final int MTU = 1;
    public static final int RX_QUEUES = 2;
    public static final int UP = 3;
    public static final int LOOPBACK = 4;
    public static final int NUMA_NODE = 5;

    private static final int FIELDS = 6;

    private NetdevNative() {}

    /** What the kernel says of an interface, by {@link #INDEX} and those behind it. */
    public static long[] find(String interfaceName) throws KernelException {
        long[] netdev = new long[FIELDS];
        find(Objects.requireNonNull(interfaceName, "interfaceName"), netdev);
        return netdev;
    }

    /** Where {@code link} of {@link #counters} has what. */
    public static final int RX_PACKETS = 0;

    public static final int RX_DROPPED = 1;
    public static final int RX_MISSED = 2;
    public static final int RX_OVER = 3;
    public static final int RX_FIFO = 4;
    public static final int RX_RING = 5;
    public static final int RX_RING_MAX = 6;
    public static final int LINK_FIELDS = 7;

    /** Where {@code fields} of {@link #setup} has what. */
    public static final int XDP_FEATURES = 0;

    public static final int XDP_FEATURES_TOLD = 1;
    public static final int ZERO_COPY_SEGMENTS = 2;
    public static final int NATIVE_PROGRAM = 3;
    public static final int GENERIC_PROGRAM = 4;
    public static final int RX_QUEUES_MAX = 5;
    public static final int COMBINED = 6;
    public static final int STAMPS = 7;
    public static final int HEADER_SPLIT = 8;
    public static final int SETUP_FIELDS = 9;

    /** Bits of the {@code states} of {@link #setup}. */
    public static final int FEATURE_ON = 1;

    public static final int FEATURE_FIXED = 2;

    /** Null, or why this kernel has no AF_XDP and what to do. */
    public static native String kernelSupport();

    /**
     * @param link {@value #LINK_FIELDS} elements, set by {@link #RX_PACKETS} and those behind it
     * @param driver one element, set to its name, empty where it has none
     * @param names one element, set to the names of the driver's own counters; left alone where it has none
     * @param values one element, set to their values; left alone likewise
     */
    public static native void counters(
            String interfaceName, long[] link, String[] driver, String[][] names, long[][] values)
            throws KernelException;

    /**
     * @param fields {@value #SETUP_FIELDS} elements, set by {@link #XDP_FEATURES} and those behind it
     * @param program one element, set to its name, empty where it may not be read
     * @param names one element, set to the names of what can be switched
     * @param states one element, set to {@link #FEATURE_ON} and {@link #FEATURE_FIXED} of each
     */
    public static native void setup(
            String interfaceName, long[] fields, String[] program, String[][] names, int[][] states)
            throws KernelException;

    private static native void find(String interfaceName, long[] netdev) throws KernelException;
}
