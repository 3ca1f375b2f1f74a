// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.packet.KernelException;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpStatistics;
import java.util.Optional;

/** An {@link XdpSocket} of this process that a {@link Receiver} of this process empties. */
final class ReceivedSocket implements WatchedSocket {
    private final XdpSocket socket;
    private final Receiver receiver;
    private final int source; // its index in the receiver
    private final boolean zeroCopy;

    /** @param source the index of the socket in the receiver */
    ReceivedSocket(XdpSocket socket, Receiver receiver, int source) {
        this.socket = socket;
        this.receiver = receiver;
        this.source = source;
        this.zeroCopy = zeroCopy(socket);
    }

    private static boolean zeroCopy(XdpSocket socket) {
        try {
            return socket.zeroCopy();
        } catch (KernelException e) {
            return false; // a kernel that cannot be asked has no zero-copy here
        }
    }

    @Override
    public int queue() {
        return socket.queue();
    }

    @Override
    public int fillRing() {
        return socket.umem().fillRing();
    }

    @Override
    public int rxRing() {
        return socket.rxRing();
    }

    @Override
    public int frameSize() {
        return socket.umem().frameSize();
    }

    @Override
    public int longestPacket() {
        return socket.umem().longestPacket();
    }

    @Override
    public boolean zeroCopy() {
        return zeroCopy;
    }

    @Override
    public XdpStatistics statistics() throws KernelException {
        return socket.statistics();
    }

    @Override
    public int waiting() {
        return socket.waiting();
    }

    @Override
    public long taken() {
        return receiver.counts().taken(source);
    }

    @Override
    public long handled() {
        return receiver.counts().handled(source);
    }

    @Override
    public long looks() {
        return receiver.counts().looks(source);
    }

    @Override
    public boolean hasEnded() {
        return receiver.hasEnded();
    }

    @Override
    public long longestAbsenceNs() {
        return receiver.longestAbsenceNs();
    }

    @Override
    public Optional<Throwable> failure() {
        return receiver.failure();
    }

    /** One object for a socket, however often it is asked for. */
    @Override
    public boolean equals(Object other) {
        return other instanceof ReceivedSocket that && that.socket == socket;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(socket);
    }
}
