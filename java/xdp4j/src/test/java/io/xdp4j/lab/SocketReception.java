// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.packet.Flow;
import io.xdp4j.udp.NioSource;
import io.xdp4j.udp.SocketSource;
import io.xdp4j.udp.UdpSource;
import java.io.IOException;

/** Receives one flow through an ordinary socket. */
public final class SocketReception implements AutoCloseable {
    /** What the socket is. */
    public enum Kind {
        RAW,
        RECVMMSG,
        NIO
    }

    public final UdpSource source;
    public final Reception reception;

    /** Receives on {@link VethPair#RX}. */
    public SocketReception(Kind kind, Flow flow, int bufferBytes) throws IOException {
        this(kind, VethPair.RX, flow, bufferBytes);
    }

    public SocketReception(Kind kind, String interfaceName, Flow flow, int bufferBytes) throws IOException {
        int batch = SocketSource.DEFAULT_BATCH;
        source = kind == Kind.NIO
                ? NioSource.open(interfaceName, flow, 0, bufferBytes, batch)
                : SocketSource.open(
                        SocketSource.Kind.valueOf(kind.name()), interfaceName, flow, 0, bufferBytes, batch);
        reception = new Reception(source);
    }

    /** What the kernel dropped at this socket. */
    public long drops() throws IOException {
        return source.statistics().drops();
    }

    @Override
    public void close() throws IOException {
        reception.close();
        source.close();
    }
}
