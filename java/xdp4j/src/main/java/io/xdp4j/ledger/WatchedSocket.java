// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.KernelException;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpStatistics;
import java.util.Optional;

/**
 * An AF_XDP socket and whoever receives from it, as a {@link LossLedger} needs to see them: in this process ({@link
 * #of}) or in another one.
 *
 * <p>Where receivers come and go, as processes that are started again when they die, one object stands for all that
 * serve the queue, one after the other: its counts go on, and what a receiver left behind counts as handled.
 *
 * <p>Threads: any thread may call anything.
 */
public interface WatchedSocket {
    /**
     * {@return a socket of this process and its receiver} Equal to another that was made of the same socket.
     *
     * @param socket open
     * @param receiver which has the socket among its sources
     * @throws IllegalArgumentException when the receiver does not have the socket
     */
    static WatchedSocket of(XdpSocket socket, Receiver receiver) {
        int source = receiver.sources().indexOf(socket);
        if (source < 0) {
            throw new IllegalArgumentException("the receiver does not take from the socket on queue " + socket.queue()
                    + " of " + socket.interfaceName());
        }
        return new ReceivedSocket(socket, receiver, source);
    }

    /** {@return the RX queue; all sockets of a queue have one receiver} */
    int queue();

    /** {@return descriptors of the fill ring, which the sockets of a queue share} */
    int fillRing();

    /** {@return descriptors of the RX ring} */
    int rxRing();

    /** {@return bytes of a frame} */
    int frameSize();

    /** {@return bytes of the longest packet that it takes: {@link io.xdp4j.xdp.Umem#longestPacket()}} */
    int longestPacket();

    /** {@return whether the driver writes straight into the UMEM} */
    boolean zeroCopy();

    /**
     * {@return the kernel's counters, since the socket was first opened}
     *
     * @throws KernelException when the kernel refused
     */
    XdpStatistics statistics() throws KernelException;

    /** {@return packets in the RX ring at this moment} */
    int waiting();

    /** {@return packets that left the RX ring: {@link io.xdp4j.schedule.ReceiverCounts#taken(int)}} */
    long taken();

    /**
     * {@return of these, those that the handler is done with: {@link io.xdp4j.schedule.ReceiverCounts#handled(int)}}
     */
    long handled();

    /** {@return odd while the receiver looks: {@link io.xdp4j.schedule.ReceiverCounts#looks(int)}} */
    long looks();

    /** {@return whether nobody will take from the ring any more} */
    boolean hasEnded();

    /** {@return the receiver's: {@link io.xdp4j.schedule.ReceiverCounts#longestAbsenceNs()}} */
    long longestAbsenceNs();

    /** {@return what ended the receiver before its time} */
    Optional<Throwable> failure();
}
