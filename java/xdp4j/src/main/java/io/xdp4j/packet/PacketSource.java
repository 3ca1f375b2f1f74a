// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.packet;

import java.io.IOException;

/**
 * Where packets come from: an AF_XDP socket or an ordinary one. The single seam of xdp4j: everything behind it is
 * written once, and a comparison of sources compares the sources alone.
 *
 * <p>Threads: {@link #receive()} and {@link #await(int)} are called by one thread. Sources that share a queue (several
 * AF_XDP sockets on one UMEM) share that thread.
 */
public interface PacketSource extends AutoCloseable {
    /**
     * Gives the memory of the previous batch back to the kernel and takes what is there now, without waiting.
     *
     * @return always the same object; its size is 0 when nothing was there
     * @throws KernelException when the kernel refused, for example ENETDOWN
     * @throws IllegalStateException when the source is closed, or another thread is in here
     */
    PacketBatch receive() throws KernelException;

    /**
     * Blocks until a packet is there for this source or for another one that shares its queue.
     *
     * @param timeoutMs how long at most, in milliseconds
     * @throws KernelException when the kernel refused
     */
    void await(int timeoutMs) throws KernelException;

    /**
     * Closes; the second time does nothing.
     *
     * @throws IllegalStateException while another thread is receiving
     */
    @Override
    void close() throws IOException;
}
