// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import io.xdp4j.jni.Errors;
import io.xdp4j.jni.NativeLibrary;
import io.xdp4j.jni.XskViewNative;
import io.xdp4j.packet.KernelException;
import java.util.Objects;

/**
 * An AF_XDP socket that another process opened and receives from, held by a descriptor that it handed over ({@link
 * io.xdp4j.process.Channel}): an {@link XdpProgram} can redirect into it, and its counters can be read here.
 *
 * <p>While this is open the socket is, also when the other process has died: what its RX ring held, and what the kernel
 * counted, can still be told. Its queue is free for another socket only when this is closed.
 *
 * <p>Threads: any thread may call anything; calls wait for each other.
 */
public final class HandedSocket implements AutoCloseable {
    private final String interfaceName;
    private final int queue;
    private final int longestPacket;
    private final String name;
    private long view; // 0 when closed

    private HandedSocket(long view, String interfaceName, int queue, int longestPacket) {
        this.view = view;
        this.interfaceName = interfaceName;
        this.queue = queue;
        this.longestPacket = longestPacket;
        this.name = "AF_XDP socket of another process on " + interfaceName + " queue " + queue;
    }

    /**
     * Takes a descriptor over; it is closed with this.
     *
     * @param descriptor of a bound AF_XDP socket
     * @param interfaceName that the socket is bound to
     * @param queue that the socket is bound to
     * @param rxRing its descriptors, a power of two
     * @param longestPacket bytes: {@link Umem#longestPacket()} of its UMEM
     * @return the socket, to be closed by the caller
     * @throws KernelException EINVAL (a ring that is no power of two), or when it is no such socket; the descriptor
     *     then stays the caller's
     */
    public static HandedSocket of(int descriptor, String interfaceName, int queue, int rxRing, int longestPacket)
            throws KernelException {
        Objects.requireNonNull(interfaceName, "interfaceName");
        NativeLibrary.require();
        return new HandedSocket(XskViewNative.open(descriptor, rxRing), interfaceName, queue, longestPacket);
    }

    /** {@return the interface that it is bound to} */
    public String interfaceName() {
        return interfaceName;
    }

    /** {@return the queue that it is bound to} */
    public int queue() {
        return queue;
    }

    /** {@return bytes of the longest packet that it takes} */
    public int longestPacket() {
        return longestPacket;
    }

    /**
     * {@return the kernel's own counters of the socket}
     *
     * @throws KernelException when the kernel refused
     */
    public synchronized XdpStatistics statistics() throws KernelException {
        long[] counters = new long[4];
        Errors.ioResult(XskViewNative.statistics(requireOpen(), counters), name);
        return new XdpStatistics(counters[0], counters[1], counters[2], counters[3]);
    }

    /**
     * {@return whether the driver writes straight into the UMEM}
     *
     * @throws KernelException when the kernel refused
     */
    public synchronized boolean zeroCopy() throws KernelException {
        return Errors.ioResult(XskViewNative.zeroCopy(requireOpen()), name) == 1;
    }

    /** {@return packets that wait in the RX ring at this moment} */
    public synchronized int waiting() {
        return XskViewNative.waiting(requireOpen());
    }

    /** {@return descriptors that were ever taken out of the RX ring, modulo 2^32: its consumer index} */
    public synchronized int consumed() {
        return XskViewNative.received(requireOpen());
    }

    /** @param redirect takes the descriptor, which is open while it runs */
    synchronized void redirectHere(XdpSocket.Redirect redirect) throws KernelException {
        redirect.to(XskViewNative.fd(requireOpen()));
    }

    private long requireOpen() {
        if (view == 0) {
            throw new IllegalStateException(name + " is closed");
        }
        return view;
    }

    /**
     * Lets the socket go. {@link XdpProgram#withdraw} first, or packets that arrive between the two are lost unseen.
     * The second time does nothing.
     */
    @Override
    public synchronized void close() {
        if (view != 0) {
            XskViewNative.close(view);
            view = 0;
        }
    }
}
