// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;
import java.nio.ByteBuffer;

/** {@code native/xsk.c} and {@code native/rx.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class XskNative {
    private XskNative() {}

    /** @param mode enum xdp4j_mode */
    public static native long open(
            long umem, String interfaceName, int queue, int rxRing, int mode, int busyPollBudget, ByteBuffer batch)
            throws KernelException;

    public static native int fd(long xsk);

    public static native int zeroCopy(long xsk);

    public static native int napiId(long xsk);

    public static native int waiting(long xsk);

    public static native int fullest(long xsk);

    public static native int takeFullest(long xsk);

    /** @param statistics set to rx_dropped, rx_invalid_descs, rx_ring_full, rx_fill_ring_empty_descs */
    public static native int statistics(long xsk, long[] statistics);

    public static native int receive(long xsk);

    /** The number of the frame, or {@code -errno}. */
    public static native int lease(long xsk, int index);

    public static native int await(long xsk, int timeoutMs);

    public static native void close(long xsk);
}
