// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;

/** {@code native/xsk_view.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class XskViewNative {
    private XskViewNative() {}

    /**
     * @param fd of another process's AF_XDP socket, here; taken on success
     * @param rxRing its descriptors
     */
    public static native long open(int fd, int rxRing) throws KernelException;

    public static native int fd(long view);

    /** @return 1, 0 or -errno */
    public static native int zeroCopy(long view);

    public static native int waiting(long view);

    /** @return descriptors taken out of the RX ring, modulo 2^32 */
    public static native int received(long view);

    /** @param statistics set to rx_dropped, rx_invalid_descs, rx_ring_full, rx_fill_ring_empty_descs */
    public static native int statistics(long view, long[] statistics);

    public static native void close(long view);
}
