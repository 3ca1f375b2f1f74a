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

    private static native void find(String interfaceName, long[] netdev) throws KernelException;
}
