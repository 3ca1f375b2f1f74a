// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;

/** {@code native/netdev.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class NetdevNative {
    private NetdevNative() {}

    /** Null, or why this kernel has no AF_XDP and what to do. */
    public static native String kernelSupport();

    /** @param netdev set to index, mtu, rx_queues, up */
    public static native void find(String interfaceName, long[] netdev) throws KernelException;
}
