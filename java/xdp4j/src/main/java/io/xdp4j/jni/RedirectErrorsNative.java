// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;

/** {@code native/redirect_errors.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class RedirectErrorsNative {
    private RedirectErrorsNative() {}

    /** @param program its id: {@link SteerNative#programId(long)} */
    public static native long open(int program) throws KernelException;

    /** @return packets since open, or -errno */
    public static native long count(long errors);

    public static native void close(long errors);
}
