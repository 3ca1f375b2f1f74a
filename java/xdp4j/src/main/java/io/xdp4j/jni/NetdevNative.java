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

    private static final int FIELDS = 5;

    private NetdevNative() {}

    /** What the kernel says of an interface, by {@link #INDEX} and those behind it. */
    public static long[] find(String interfaceName) throws KernelException {
        long[] netdev = new long[FIELDS];
        find(Objects.requireNonNull(interfaceName, "interfaceName"), netdev);
        return netdev;
    }

    /** Null, or why this kernel has no AF_XDP and what to do. */
    public static native String kernelSupport();

    private static native void find(String interfaceName, long[] netdev) throws KernelException;
}
