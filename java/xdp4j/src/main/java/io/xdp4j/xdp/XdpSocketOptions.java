// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.xdp;

import java.util.Objects;

/**
 * How an {@link XdpSocket} is to be opened: {@code XdpSocketOptions.DEFAULT.rxRing(65_536).mode(Mode.GENERIC)}.
 *
 * @param rxRing descriptors, a power of two: the packets that can wait for this socket
 * @param batch packets a {@link XdpSocket#receive()} brings at most, 1 to 65,536
 * @param mode {@link Mode#AUTO} and {@link Mode#NATIVE} try zero-copy first; later sockets of a UMEM inherit the first
 *     one's mode
 */
public record XdpSocketOptions(int rxRing, int batch, Mode mode) {
    /** Rings of the default depth, batches of 64, whatever mode the driver has. */
    public static final XdpSocketOptions DEFAULT = new XdpSocketOptions(Umem.DEFAULT_RING, 64, Mode.AUTO);

    private static final int MAX_BATCH = 65_536;

    /** Checks what the kernel does not. */
    public XdpSocketOptions {
        Objects.requireNonNull(mode, "mode");
        if (batch < 1 || batch > MAX_BATCH) {
            throw new IllegalArgumentException("batch of " + batch + ": use 1 to " + MAX_BATCH);
        }
    }

    /** The same with another RX ring. */
    public XdpSocketOptions rxRing(int descriptors) {
        return new XdpSocketOptions(descriptors, batch, mode);
    }

    /** The same with another batch. */
    public XdpSocketOptions batch(int packets) {
        return new XdpSocketOptions(rxRing, packets, mode);
    }

    /** The same with another mode. */
    public XdpSocketOptions mode(Mode wanted) {
        return new XdpSocketOptions(rxRing, batch, wanted);
    }
}
