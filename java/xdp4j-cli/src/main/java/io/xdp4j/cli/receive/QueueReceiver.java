// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import io.xdp4j.cli.status.RunStatus;
import io.xdp4j.ledger.WatchedSocket;
import io.xdp4j.rtp.RtpClocks;
import io.xdp4j.rtp.RtpReadings;
import io.xdp4j.xdp.XdpProgram;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What receives the packets of one RX queue: a thread of this process, or a process. */
public interface QueueReceiver extends AutoCloseable {
    int queue();

    /** Waits until its sockets are open; comes first. */
    void awaitOpen() throws IOException;

    /** Receives from when this returns; comes when the first flows are expected. */
    void receive() throws IOException;

    /**
     * Gets ready for a flow: from when this returns its packets may come.
     *
     * @param id that the program gave it
     * @param name of the flow, in recordings
     * @param clocks of its payload types
     * @return what will count its packets here
     */
    RtpReadings expect(int id, String name, RtpClocks clocks) throws IOException;

    /** The socket that the flow goes into. */
    WatchedSocket socket(int id);

    /** Whether its sockets have a NAPI that busy poll runs, as far as the kernel had told it when they were opened. */
    boolean hasNapi();

    /** Sends the packets of an expected flow into its socket. */
    void redirect(XdpProgram program, int id) throws IOException;

    /** No more packets of this flow will come. */
    void forget(int id) throws IOException;

    /** What ended it for good before its time. */
    Optional<String> failure();

    /** What has happened since the last call that a person should know. */
    List<String> news();

    /** Who receives at this moment. */
    RunStatus.QueueStatus status();

    /**
     * Hands over the latencies recorded since the last call, and says how full the rings were since then. Also after
     * {@link #drain()}, for the last time.
     */
    QueueSample sample(FlowMeter.LatencySink sink) throws IOException;

    /** Receives what is still there, and ends receiving. */
    void drain() throws IOException;

    /** Before it is drained what it says is of the moment; then of the whole. */
    QueueReport report() throws IOException;

    @Override
    void close() throws IOException;
}
