// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;

/** {@code native/thread.c}: of the calling thread. Every caller has called {@link NativeLibrary#require()} first. */
public final class ThreadNative {
    private ThreadNative() {}

    public static native void pin(int cpu) throws KernelException;

    public static native void realtime(int priority) throws KernelException;

    /** Shorter when a signal comes; an interrupt does not end it. */
    public static native void sleep(long nanoseconds);
}
