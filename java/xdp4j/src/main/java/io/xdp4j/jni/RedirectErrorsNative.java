// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;

/** {@code native/redirect_errors.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class RedirectErrorsNative {
    private RedirectErrorsNative() {}

    /** @param sockets the id of a map: {@link SteerNative#socketsId(long)} */
    public static native long open(int sockets) throws KernelException;

    /** @return packets since open, or -errno */
    public static native long count(long errors);

    public static native void close(long errors);
}
