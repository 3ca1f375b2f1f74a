// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;
import java.nio.ByteBuffer;

/** {@code native/udp.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class UdpNative {
    private UdpNative() {}

    /**
     * The C function {@code xdp4j_udp_open}.
     *
     * @param kind enum xdp4j_udp_kind
     * @param key struct flow_key, 36 bytes
     */
    public static native long open(
            int kind,
            String interfaceName,
            byte[] key,
            int flow,
            int receiveBuffer,
            ByteBuffer area,
            int slotBytes,
            ByteBuffer batch)
            throws KernelException;

    public static native int receive(long udp);

    public static native int await(long udp, int timeoutMs);

    public static native int receiveBuffer(long udp);

    /** @param statistics set to drops, truncated, others, invalid, missing, waiting_bytes */
    public static native int statistics(long udp, long[] statistics);

    public static native void close(long udp);
}
