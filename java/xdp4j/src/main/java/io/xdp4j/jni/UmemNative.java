// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;
import java.nio.ByteBuffer;

/** {@code native/umem.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class UmemNative {
    private UmemNative() {}

    /** @param numaNode -1 for any */
    public static native long open(
            int frameSize, int frames, int fillRing, int longestPacket, int longPackets, int numaNode, int leases)
            throws KernelException;

    /** The memory itself, mapped until {@link #unmap}. */
    public static native ByteBuffer area(long umem);

    public static native long address(long umem);

    public static native boolean hugePages(long umem);

    /** Null when it is on huge pages. */
    public static native String hugePageRefusal(long umem);

    /** @param places set to free, fill, rx, batch, leased, kernel, doubled */
    public static native void audit(long umem, long[] places);

    /** @param frame leased by {@link XskNative#lease} and not released since */
    public static native void release(long umem, int frame);

    public static native int close(long umem);

    public static native void unmap(long address, long bytes);
}
