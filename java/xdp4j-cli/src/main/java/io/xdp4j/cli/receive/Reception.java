// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.record.Recording;
import io.xdp4j.cli.status.RunStatus;
import io.xdp4j.ledger.LedgerSnapshot;
import io.xdp4j.packet.Flow;
import io.xdp4j.rtp.RtpStatistics;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of {@code receive}: sockets, whatever empties them, and the ledger of what those find.
 *
 * <p>Threads: one, which starts it, asks it, and closes it.
 */
interface Reception extends AutoCloseable {
    /**
     * From when it returns every packet of the flows is received, and in the ledger.
     *
     * @param recording that is to have every packet too
     */
    static Reception start(ReceiveSettings settings, Optional<Recording> recording) throws IOException {
        Reception reception = settings.backend() == Backend.XDP
                ? new XdpReception(settings, recording)
                : new SocketReception(settings, recording);
        return opened(reception);
    }

    /** Or closed, whatever went wrong, that there was no memory included. */
    static Reception opened(Reception reception) throws IOException {
        try {
            reception.open();
            return reception;
        } catch (IOException | RuntimeException | Error e) {
            try {
                reception.close();
            } catch (IOException | RuntimeException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** Called once, by {@link #start}. If it throws, what was opened until then is to be closed. */
    void open() throws IOException;

    /** What is really in force, in a few words for a person. */
    String inForce();

    /** What each flow has counted up to now. */
    Map<Flow, RtpStatistics> snapshots();

    /** Whether no receiver of a flow has seen its whole sequence. */
    boolean isSplit(Flow flow);

    /** Where the packets of each flow are now. */
    LedgerSnapshot ledger() throws IOException;

    /**
     * Takes what the receivers have measured since the last call: {@link #latencies()} has it; and how full rings were.
     */
    List<QueueSample> sample() throws IOException;

    /** Of this reception; the same object at any time. */
    FlowLatencies latencies();

    /** What of AF_XDP is in force at this moment; null for ordinary sockets. */
    RunStatus.XdpStatus status() throws IOException;

    /** What ended all or part of it before its time, so that the whole is to end. */
    Optional<String> failure();

    /** What a person should know that has happened since the last call; each is a mishap, though all else goes on. */
    List<String> news();

    /**
     * Makes the flows these, while those that stay go on. One of which a session description says something else than
     * before is removed and added again.
     *
     * @throws io.xdp4j.cli.BadInput when nothing was changed, because this cannot be
     */
    FlowChange change(WantedFlows wanted);

    /**
     * Stops the flows and receives what is still there.
     *
     * @param mishap that made it end, or happened on the way
     */
    Received finish(Optional<String> mishap) throws IOException;

    @Override
    void close() throws IOException;
}
