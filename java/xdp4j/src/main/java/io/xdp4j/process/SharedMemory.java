// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.process;

import io.xdp4j.jni.ChannelNative;
import io.xdp4j.jni.MemoryNative;
import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.packet.KernelException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Memory that several processes map, and that keeps what one of them wrote when that one is killed: it lives as long as
 * anybody has it open. A {@code memfd_create(2)}, in no file system; its size is fixed for good.
 *
 * <p>One process makes it and hands {@link #fd()} to the others through a {@link Channel}; they {@link #map(int)} it.
 *
 * <p>Threads: any. What two threads or processes write and read, they order by {@link java.lang.invoke.VarHandle}s.
 */
public final class SharedMemory implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final int fd;
    private final ByteBuffer buffer;
    private final long address;
    private boolean closed;

    private SharedMemory(int fd) throws KernelException {
        this.buffer = MemoryNative.map(fd).order(ByteOrder.nativeOrder());
        this.address = MemoryNative.address(buffer);
        this.fd = fd;
        unmapWhenUnreachable(buffer, address);
    }

    /** Static, so that the cleaning action cannot hold what it waits for. */
    private static void unmapWhenUnreachable(ByteBuffer buffer, long address) {
        long bytes = buffer.capacity();
        CLEANER.register(buffer, () -> MemoryNative.unmap(address, bytes));
    }

    /**
     * Makes memory of zeros and maps it. All its pages are there when this returns.
     *
     * @param name at most 249 bytes; no secret, and need not be unique: root and the user of a process that has it open
     *     see {@code /memfd:NAME (deleted)} in {@code /proc/PID/fd}
     * @param bytes 1 or more
     * @return the memory, to be closed by the caller
     * @throws KernelException EINVAL (size or name), ENOMEM, ENOSPC, EMFILE
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static SharedMemory create(String name, int bytes) throws KernelException {
        NativeLibrary.require();
        int fd = MemoryNative.create(Objects.requireNonNull(name, "name"), bytes);
        try {
            return new SharedMemory(fd);
        } catch (KernelException e) {
            ChannelNative.close(fd);
            throw e;
        }
    }

    /**
     * Maps memory that another process made by {@link #create(String, int)}, all of it.
     *
     * @param fd its descriptor, as it came through a {@link Channel}. On success it is this object's, which closes it;
     *     on failure it stays the caller's
     * @return the memory, to be closed by the caller
     * @throws KernelException EBADF, EINVAL (not such memory: its size is not sealed), ENOMEM
     * @throws UnsupportedOperationException when the native library is not there
     */
    public static SharedMemory map(int fd) throws KernelException {
        NativeLibrary.require();
        return new SharedMemory(fd);
    }

    /**
     * {@return the memory: direct, in native byte order, always the same object; so use absolute positions, and {@link
     * ByteBuffer#duplicate()} for others} Behind {@link #close()} it reads zeros, and nobody sees what is written.
     */
    public ByteBuffer buffer() {
        return buffer;
    }

    /**
     * {@return the descriptor, to be handed to another process} It is this object's and open until {@link #close()}.
     *
     * @throws IllegalStateException when closed
     */
    public synchronized int fd() {
        if (closed) {
            throw new IllegalStateException("the shared memory is closed");
        }
        return fd;
    }

    /** Lets go of the memory, which lives on in the other processes; the second time does nothing. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            MemoryNative.leave(address, buffer.capacity());
            ChannelNative.close(fd);
        }
    }
}
