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
 * @param busyPollBudget packets that a look at an empty ring takes from the device at most, 1 to 65,535; 0: no busy
 *     poll. See {@link #busyPoll(int)}
 */
public record XdpSocketOptions(int rxRing, int batch, Mode mode, int busyPollBudget) {
    /** Rings of the default depth, batches of 64, whatever mode the driver has, no busy poll. */
    public static final XdpSocketOptions DEFAULT = new XdpSocketOptions(Umem.DEFAULT_RING, 64, Mode.AUTO, 0);

    private static final int MAX_BATCH = 65_536;
    private static final int MAX_BUDGET = 65_535;

    /**
     * Checks what the kernel does not.
     *
     * @param rxRing see {@link #rxRing()}
     * @param batch see {@link #batch()}
     * @param mode see {@link #mode()}
     * @param busyPollBudget see {@link #busyPollBudget()}
     */
    public XdpSocketOptions {
        Objects.requireNonNull(mode, "mode");
        if (batch < 1 || batch > MAX_BATCH) {
            throw new IllegalArgumentException("batch of " + batch + ": use 1 to " + MAX_BATCH);
        }
        if (busyPollBudget < 0 || busyPollBudget > MAX_BUDGET) {
            throw new IllegalArgumentException("busy poll budget of " + busyPollBudget + ": use 0 to " + MAX_BUDGET);
        }
    }

    /**
     * {@return the same with another RX ring}
     *
     * @param descriptors a power of two
     */
    public XdpSocketOptions rxRing(int descriptors) {
        return new XdpSocketOptions(descriptors, batch, mode, busyPollBudget);
    }

    /**
     * {@return the same with another batch}
     *
     * @param packets 1 to 65,536
     */
    public XdpSocketOptions batch(int packets) {
        return new XdpSocketOptions(rxRing, packets, mode, busyPollBudget);
    }

    /**
     * {@return the same with another mode}
     *
     * @param wanted of the first socket of a UMEM
     */
    public XdpSocketOptions mode(Mode wanted) {
        return new XdpSocketOptions(rxRing, batch, wanted, busyPollBudget);
    }

    /**
     * {@return the same with busy poll: a look at an empty ring enters the kernel, which runs the driver on the
     * receiving thread and its CPU, instead of an interrupt elsewhere} It needs Linux 5.11 and CAP_NET_ADMIN, and is
     * for a receiver that looks often ({@link io.xdp4j.schedule.IdleStrategy#spin()}).
     *
     * <p>Interrupts go on beside it unless {@link NapiSettings} defer them. Whether it takes effect depends on kernel
     * and driver: {@link XdpSocket#napiId()} tells, and is 0 where it does not.
     *
     * @param budget packets that such a look takes from the device at most, 1 to 65,535, for example 64; 0: none
     * @see <a href="https://docs.kernel.org/networking/napi.html#busy-polling">busy polling</a>
     */
    public XdpSocketOptions busyPoll(int budget) {
        return new XdpSocketOptions(rxRing, batch, mode, budget);
    }
}
