// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import io.xdp4j.packet.Flow;
import io.xdp4j.source.PositionRange;
import io.xdp4j.source.RtpSource;
import io.xdp4j.source.RtpSourceBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Sends blocks of packets, and leaves some out of each: never the first, never the last. */
public final class SkippingSource implements AutoCloseable {
    /** Sequence numbers of all flows together in a block; no ring nor buffer of a test is shorter. */
    private static final int BLOCK = 400;

    private final RtpSource source;

    public SkippingSource(List<Flow> flows, Random random) throws IOException {
        int block = BLOCK / flows.size();
        List<PositionRange> left = new ArrayList<>();
        for (int i = 0; i < PositionRange.MAX_RANGES; i++) {
            long from = (long) i * block + 1 + random.nextInt(block / 2);
            left.add(new PositionRange(from, from + random.nextInt(block / 2 - 1), 1 + random.nextInt(3)));
        }
        RtpSourceBuilder builder = RtpSource.on(VethPair.TX)
                .positions((long) block * PositionRange.MAX_RANGES)
                .lose(left);
        flows.forEach(builder::flow);
        source = builder.open();
    }

    /** Sends a block; how many packets it left out, when all others have been received. */
    public int provoke(Reception reception) throws IOException {
        long before = reception.received();
        int sent = (int) SteadyBurst.send(source, BLOCK);
        reception.await(before + sent);
        return BLOCK - sent;
    }

    /** Packets of each flow that were sent or left out. */
    public long positions() {
        return source.counters(0).positions();
    }

    @Override
    public void close() {
        source.close();
    }
}
