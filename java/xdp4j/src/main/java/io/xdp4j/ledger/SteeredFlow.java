// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.ledger;

import io.xdp4j.schedule.Receiver;
import io.xdp4j.xdp.XdpProgram;
import io.xdp4j.xdp.XdpSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A flow that an {@link XdpProgram} redirects, and the sockets that it goes into.
 *
 * @param id that the program gave it
 * @param flow the flow, and what counts its packets
 * @param sockets one a queue at most
 */
public record SteeredFlow(int id, WatchedFlow flow, List<WatchedSocket> sockets) {
    /**
     * Keeps a copy.
     *
     * @param id see {@link #id()}
     * @param flow see {@link #flow()}
     * @param sockets see {@link #sockets()}
     */
    public SteeredFlow {
        Objects.requireNonNull(flow, "flow");
        sockets = List.copyOf(sockets);
    }

    /**
     * A flow with the sockets of this process that the program redirects it into.
     *
     * @param program which redirects the flow
     * @param id what the program calls the flow
     * @param flow the flow and what counts its packets
     * @param receivers among which are those of these sockets
     * @return the flow with its sockets
     * @throws IllegalArgumentException when none of the receivers has a socket of the flow
     */
    public static SteeredFlow of(XdpProgram program, int id, WatchedFlow flow, List<Receiver> receivers) {
        List<WatchedSocket> sockets = new ArrayList<>();
        for (XdpSocket socket : program.sockets(id)) {
            sockets.add(watched(socket, flow, receivers));
        }
        return new SteeredFlow(id, flow, sockets);
    }

    private static WatchedSocket watched(XdpSocket socket, WatchedFlow flow, List<Receiver> receivers) {
        for (Receiver receiver : receivers) {
            if (receiver.sources().contains(socket)) {
                return WatchedSocket.of(socket, receiver);
            }
        }
        throw new IllegalArgumentException("no receiver of the ledger takes from the socket on queue " + socket.queue()
                + " of " + socket.interfaceName() + ", into which " + flow.flow() + " is redirected");
    }
}
