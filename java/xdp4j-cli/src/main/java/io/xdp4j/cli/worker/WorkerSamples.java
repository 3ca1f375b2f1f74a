// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import io.xdp4j.cli.receive.FlowMeter;
import io.xdp4j.cli.receive.QueueSockets;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.zip.Deflater;
import org.HdrHistogram.Histogram;

/** What a worker tells the distributor of each second, in messages that are not too long. */
final class WorkerSamples {
    /** Base64 makes four bytes of three, and a message takes 128 KiB. */
    private static final int BYTES_OF_A_MESSAGE = 64 * 1024;

    private final Deque<WorkerTalk.Latencies> untold = new ArrayDeque<>();

    /** What was not told yet of the last time; if there is none, what was recorded since. */
    WorkerTalk.Sampled next(FlowMeter meter, QueueSockets sockets) {
        if (untold.isEmpty()) {
            meter.takeLatencies((flow, latencyNs) -> untold.add(new WorkerTalk.Latencies(flow, encoded(latencyNs))));
        }
        List<WorkerTalk.Latencies> told = new ArrayList<>();
        for (int bytes = 0; !untold.isEmpty() && bytes < BYTES_OF_A_MESSAGE; ) {
            told.add(untold.poll());
            bytes += told.get(told.size() - 1).latencyNs().length;
        }
        return new WorkerTalk.Sampled(sockets.takeFullest(), told, !untold.isEmpty());
    }

    private static byte[] encoded(Histogram latencyNs) {
        ByteBuffer encoded = ByteBuffer.allocate(latencyNs.getNeededByteBufferCapacity());
        int bytes = latencyNs.encodeIntoCompressedByteBuffer(encoded, Deflater.BEST_SPEED);
        return Arrays.copyOf(encoded.array(), bytes);
    }
}
