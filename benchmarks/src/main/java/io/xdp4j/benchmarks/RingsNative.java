// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.benchmarks;

import java.nio.ByteBuffer;

/** {@code benchmarks/rings.c}, found in {@code java.library.path}. */
final class RingsNative {
    static {
        System.loadLibrary("xdp4j_benchmark");
    }

    private RingsNative() {}

    /**
     * @param depth descriptors of each ring, and frames; a power of two
     * @param packetBytes of every packet
     * @param batch where received descriptors are put
     * @return 0 when there is no memory for it
     */
    static native long open(int depth, int packetBytes, ByteBuffer batch);

    /** The {@code struct xdp4j_xsk} to receive from. */
    static native long xsk(long rings);

    static native ByteBuffer rx(long rings);

    static native ByteBuffer fill(long rings);

    static native ByteBuffer area(long rings);

    static native void close(long rings);

    /** What it costs to call C. */
    static native int empty(long xsk);
}
