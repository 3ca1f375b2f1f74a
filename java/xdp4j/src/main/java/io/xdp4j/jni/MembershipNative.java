// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;

/** {@code native/membership.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class MembershipNative {
    private MembershipNative() {}

    /**
     * The C function {@code xdp4j_membership_open}.
     *
     * @param key struct flow_key, {@link FlowKey#BYTES} bytes
     * @return a file descriptor
     */
    public static native int open(String interfaceName, byte[] key) throws KernelException;

    public static native void close(int fd);
}
