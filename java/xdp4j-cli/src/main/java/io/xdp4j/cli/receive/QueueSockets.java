// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.packet.KernelException;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.UmemAudit;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import io.xdp4j.xdp.XdpStatistics;
import java.util.ArrayList;
import java.util.List;

/** The UMEM of one RX queue and the AF_XDP sockets on it. */
public final class QueueSockets implements AutoCloseable {
    private final Umem umem;
    private final List<XdpSocket> sockets = new ArrayList<>();

    private QueueSockets(Umem umem) {
        this.umem = umem;
    }

    /**
     * @param count how many sockets
     * @param batch packets a call brings at most
     */
    public static QueueSockets open(String interfaceName, int queue, XdpSettings settings, int count, int batch)
            throws KernelException {
        QueueSockets opened = new QueueSockets(Umem.open(settings.umem(count * batch)));
        try {
            XdpSocketOptions options = XdpSocketOptions.DEFAULT
                    .rxRing(settings.rxRing())
                    .batch(batch)
                    .mode(settings.mode())
                    .busyPoll(settings.busyPollBudget());
            for (int i = 0; i < count; i++) {
                opened.sockets.add(XdpSocket.open(opened.umem, interfaceName, queue, options));
            }
            return opened;
        } catch (KernelException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    public List<XdpSocket> all() {
        return sockets;
    }

    /** For another process, to be redirected into; they stay these sockets'. */
    public int[] descriptors() {
        return sockets.stream().mapToInt(XdpSocket::descriptor).toArray();
    }

    /** Where a flow goes: each of the first ones has a socket of its own, if there are several. */
    public static int place(int flow, int sockets) {
        return flow < sockets ? flow : 0;
    }

    public boolean zeroCopy() {
        try {
            return sockets.get(0).zeroCopy();
        } catch (KernelException e) {
            return false; // the kernel does not know XDP_OPTIONS, and zero-copy even less
        }
    }

    /** Whether there is a NAPI that busy poll runs, as far as the kernel has told it: {@link XdpSocket#napiId()}. */
    public boolean hasNapi() {
        try {
            for (XdpSocket socket : sockets) {
                if (socket.napiId() > 0) {
                    return true;
                }
            }
            return false;
        } catch (KernelException e) {
            return false; // the kernel does not know SO_INCOMING_NAPI_ID, and busy poll even less
        }
    }

    /** Of the RX ring that was it: {@link XdpSocket#fullest()}. */
    int fullest() {
        return sockets.stream().mapToInt(XdpSocket::fullest).max().orElse(0);
    }

    /** The same since the last call of this: {@link XdpSocket#takeFullest()}. */
    public int takeFullest() {
        return sockets.stream().mapToInt(XdpSocket::takeFullest).max().orElse(0);
    }

    /** Why the UMEM is not on huge pages; null when it is. */
    public String hugePageRefusal() {
        return umem.hugePageRefusal().orElse(null);
    }

    /** To be called while nobody receives. */
    public UmemAudit audit() {
        return umem.audit();
    }

    /** Of all sockets together. */
    XdpStatistics statistics() throws KernelException {
        List<XdpStatistics> statistics = new ArrayList<>();
        for (XdpSocket socket : sockets) {
            statistics.add(socket.statistics());
        }
        return sum(statistics);
    }

    /** Of sockets of a queue together. */
    public static XdpStatistics sum(List<XdpStatistics> sockets) {
        long dropped = 0;
        long invalid = 0;
        long ringFull = 0;
        long fillRingEmpty = 0;
        for (XdpStatistics statistics : sockets) {
            dropped += statistics.rxDropped();
            invalid += statistics.rxInvalidDescriptors();
            ringFull += statistics.rxRingFull();
            fillRingEmpty = statistics.rxFillRingEmpty(); // of the ring that they share: each tells the same
        }
        return new XdpStatistics(dropped, invalid, ringFull, fillRingEmpty);
    }

    /** Sockets, then UMEM. */
    @Override
    public void close() {
        sockets.forEach(XdpSocket::close);
        umem.close();
    }
}
