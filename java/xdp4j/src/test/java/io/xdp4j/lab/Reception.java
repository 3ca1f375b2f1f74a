// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.packet.PacketHandler;
import io.xdp4j.packet.PacketSource;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpFlow;
import io.xdp4j.rtp.RtpStatistics;
import io.xdp4j.schedule.Receiver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Receives flows by a receiver that can be held. The sources stay the caller's. */
public final class Reception implements AutoCloseable {
    private static final long WITHIN_NS = TimeUnit.SECONDS.toNanos(20);

    /** By flow id. */
    public final List<RtpFlow> flows;

    /** Of the first flow. */
    public final RtpFlow rtp;

    public final HeldReceiver held = new HeldReceiver();
    public final Receiver receiver;

    /** Packets that the handler takes before it throws an exception. To be set while the receiver is held. */
    public volatile long givesUpAfter = Long.MAX_VALUE;

    /** Receives one flow, of id 0, from one source. */
    public Reception(PacketSource source) {
        this(1, List.of(source));
    }

    /** @param flows how many, with the ids from 0 on */
    public Reception(int flows, List<? extends PacketSource> sources) {
        this.flows = Stream.generate(RtpFlow::new).limit(flows).toList();
        this.rtp = this.flows.get(0);
        PacketHandler handler = batch -> {
            for (int i = 0; i < batch.size(); i++) {
                if (givesUpAfter-- == 0) {
                    throw new IllegalStateException("the handler gave up");
                }
                this.flows.get(batch.flow(i)).onPacket(batch, i);
            }
        };
        receiver = Receiver.start("receiver", held, handler, sources);
    }

    /** Packets of all flows that reached the handler, RTP or not. */
    public long received() {
        long received = 0;
        for (RtpFlow flow : flows) {
            RtpStatistics now = flow.snapshot();
            received += now.count(RtpCounter.RECEIVED) + now.count(RtpCounter.NON_RTP);
        }
        return received;
    }

    /** Waits until so many were received in all; more is no error here. */
    public void await(long packets) throws IOException {
        long deadline = System.nanoTime() + WITHIN_NS;
        while (received() < packets) {
            if (System.nanoTime() - deadline > 0 || receiver.failure().isPresent()) {
                throw new IOException("received " + received() + " packets, not " + packets, failure());
            }
            Thread.yield();
        }
    }

    /** What ended the receiver before its time; null while all is well. */
    public Throwable failure() {
        return receiver.failure().orElse(null);
    }

    /** Receives what is still there, and ends the receiver. */
    @Override
    public void close() {
        held.release();
        receiver.close();
    }
}
