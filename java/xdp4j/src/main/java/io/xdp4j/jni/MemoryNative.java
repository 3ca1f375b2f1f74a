// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.jni;

import io.xdp4j.packet.KernelException;
import java.nio.ByteBuffer;

/** {@code native/memory.c}. Every caller has called {@link NativeLibrary#require()} first. */
public final class MemoryNative {
    private MemoryNative() {}

    /** @return a file descriptor */
    public static native int create(String name, long bytes) throws KernelException;

    /** The memory itself, mapped until {@link #unmap}. */
    public static native ByteBuffer map(int fd) throws KernelException;

    public static native long address(ByteBuffer buffer);

    public static native void leave(long address, long bytes);

    public static native void unmap(long address, long bytes);
}
