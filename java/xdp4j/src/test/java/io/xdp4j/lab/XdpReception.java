// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.packet.Flow;
import io.xdp4j.xdp.Mode;
import io.xdp4j.xdp.NetDevice;
import io.xdp4j.xdp.Umem;
import io.xdp4j.xdp.UmemOptions;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import io.xdp4j.xdp.XdpSocketOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Receives flows on one queue of {@link VethPair#RX} through AF_XDP, with as many frames as the fill ring takes. */
public final class XdpReception implements AutoCloseable {
    /** How many packets can arrive while the receiver is held, of each flow as many. */
    public final int capacity;

    public final Umem umem;

    /** All share the fill ring. */
    public final List<XdpSocket> sockets = new ArrayList<>();

    /** The first. */
    public final XdpSocket socket;

    public final XdpProgram program;
    public final Reception reception;

    /** Receives one flow. */
    public XdpReception(Flow flow, Mode mode, int queue, int fillRing, int rxRing) throws IOException {
        this(List.of(flow), 1, mode, queue, fillRing, rxRing);
    }

    /**
     * @param sockets 1 for all flows, or one for each
     * @param mode native or generic, not a choice between them
     */
    public XdpReception(List<Flow> flows, int sockets, Mode mode, int queue, int fillRing, int rxRing)
            throws IOException {
        this(flows, sockets, mode, queue, UmemOptions.DEFAULT.fillRing(fillRing), rxRing, 1);
    }

    /** @param framesPerPacket that one of the packets to come takes */
    public XdpReception(
            List<Flow> flows,
            int sockets,
            Mode mode,
            int queue,
            UmemOptions options,
            int rxRing,
            int framesPerPacket)
            throws IOException {
        capacity = Math.min(options.fillRing() / framesPerPacket, sockets * (rxRing / framesPerPacket));
        umem = Umem.open(options);
        for (int i = 0; i < sockets; i++) {
            this.sockets.add(XdpSocket.open(umem, VethPair.RX, queue,
                    XdpSocketOptions.DEFAULT.rxRing(rxRing).mode(mode)));
        }
        socket = this.sockets.get(0);
        program = XdpProgram.load(flows.size(), NetDevice.find(VethPair.RX).rxQueues(), umem.multiBuffer());
        for (int flow = 0; flow < flows.size(); flow++) {
            program.redirect(flows.get(flow), socketOf(flow));
        }
        program.attach(VethPair.RX, mode);
        reception = new Reception(flows.size(), this.sockets);
    }

    /** Into which the program redirects a flow. */
    public XdpSocket socketOf(int flow) {
        return sockets.get(flow % sockets.size());
    }

    @Override
    public void close() {
        reception.close();
        sockets.forEach(XdpSocket::close);
        program.close();
        umem.close();
    }
}
