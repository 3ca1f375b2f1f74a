// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.packet.Flow;
import io.xdp4j.packet.PacketSource;
import io.xdp4j.udp.NioSource;
import io.xdp4j.udp.SocketSource;
import io.xdp4j.udp.SocketStatistics;
import java.io.IOException;

/** Receives one flow through an ordinary socket. */
public final class SocketReception implements AutoCloseable {
    /** What the socket is. */
    public enum Kind {
        RAW,
        RECVMMSG,
        NIO
    }

    private interface Asked {
        SocketStatistics now() throws IOException;
    }

    public final PacketSource source;
    public final Reception reception;
    private final Asked statistics;

    /** Receives on {@link VethPair#RX}. */
    public SocketReception(Kind kind, Flow flow, int bufferBytes) throws IOException {
        this(kind, VethPair.RX, flow, bufferBytes);
    }

    public SocketReception(Kind kind, String interfaceName, Flow flow, int bufferBytes) throws IOException {
        if (kind == Kind.NIO) {
            NioSource nio = NioSource.open(interfaceName, flow, 0, bufferBytes, SocketSource.DEFAULT_BATCH);
            source = nio;
            statistics = nio::statistics;
        } else {
            SocketSource.Kind call = SocketSource.Kind.valueOf(kind.name());
            SocketSource socket =
                    SocketSource.open(call, interfaceName, flow, 0, bufferBytes, SocketSource.DEFAULT_BATCH);
            source = socket;
            statistics = socket::statistics;
        }
        reception = new Reception(source);
    }

    /** What the kernel dropped at this socket. */
    public long drops() throws IOException {
        return statistics.now().drops();
    }

    @Override
    public void close() throws IOException {
        reception.close();
        source.close();
    }
}
