// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.ledger.LossLedger;
import io.xdp4j.ledger.WatchedFlow;
import io.xdp4j.packet.PacketSource;
import io.xdp4j.schedule.Receiver;
import io.xdp4j.xdp.FlowCounters;
import java.io.IOException;
import java.util.List;

/** The sockets of one backend, with their flows joined. Flow ids count from 0 in the order of the settings. */
interface Sockets extends AutoCloseable {
    /** The sources, grouped by the thread that receives from them. */
    List<List<PacketSource>> byThread();

    /** The ledger of all the flows; to be opened when the receivers run and before {@link #startFlows()}. */
    LossLedger openLedger(List<WatchedFlow> flows, List<Receiver> receivers) throws IOException;

    /** Lets packets in, where that can be kept back until now. */
    void startFlows() throws IOException;

    /** What is really in force once the flows were started, in a few words for a person. */
    String inForce();

    /** Lets no more packets in, where that can be done without losing those that are in. */
    void stopFlows();

    /** What the XDP program counted for a flow; null for ordinary sockets. */
    FlowCounters kernelCounters(int flow) throws IOException;

    /** Null for ordinary sockets. */
    ReceiveReport.XdpReport xdpReport() throws IOException;

    /** Null for AF_XDP. */
    ReceiveReport.SocketReport socketReport() throws IOException;

    @Override
    void close() throws IOException;
}
