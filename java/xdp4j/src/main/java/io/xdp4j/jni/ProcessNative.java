// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;

/**
 * {@code native/process.c} and {@code native/capabilities.c}. Every caller has called {@link NativeLibrary#require()}
 * first.
 */
public final class ProcessNative {
    private ProcessNative() {}

    public static native void endWithParent(int parent) throws KernelException;

    public static native void dropCapabilities() throws KernelException;
}
