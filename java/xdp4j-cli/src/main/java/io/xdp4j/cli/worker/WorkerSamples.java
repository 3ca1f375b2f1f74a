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
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.HdrHistogram.Histogram;

/** What a worker tells the distributor of each second, in messages that are not too long; and how that reads them. */
final class WorkerSamples {
    /** Base64 makes four bytes of three, and a message takes 128 KiB. */
    private static final int BYTES_OF_A_MESSAGE = 64 * 1024;

    /** In HdrHistogram's format V2: a cookie and a length, and behind them, compressed, a header and the counts. */
    private static final int COMPRESSED_AT = 2 * Integer.BYTES;

    /** A cookie, the length of the counts, and how the histogram is made. */
    private static final int HEADER_BYTES = 40;

    private static final int MADE_AT = 2 * Integer.BYTES;

    private static final byte[] EMPTY = encoded(FlowMeter.newHistogram());

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

    /** Of flows that are received no more; nothing of them is untold, for {@link #next} is asked until it says so. */
    static WorkerTalk.Sampled last(RecordingMeter meter, List<Integer> flows) {
        List<WorkerTalk.Latencies> told = new ArrayList<>();
        for (int id : flows) {
            meter.forget(id, (flow, latencyNs) -> told.add(new WorkerTalk.Latencies(flow, encoded(latencyNs))));
        }
        return new WorkerTalk.Sampled(0, told, false);
    }

    static byte[] encoded(Histogram latencyNs) {
        ByteBuffer encoded = ByteBuffer.allocate(latencyNs.getNeededByteBufferCapacity());
        int bytes = latencyNs.encodeIntoCompressedByteBuffer(encoded, Deflater.BEST_SPEED);
        return Arrays.copyOf(encoded.array(), bytes);
    }

    /** Empty when these are not the latencies of a {@link FlowMeter}: a worker may say what it likes. */
    static Optional<Histogram> decoded(byte[] latencyNs) {
        Histogram fitting = FlowMeter.newHistogram();
        try {
            if (!isOfTheMeters(latencyNs)) {
                return Optional.empty();
            }
            fitting.add(Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(latencyNs), 0));
            return Optional.of(fitting);
        } catch (DataFormatException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /** Asked before it is decoded: with more digits or a longer range it takes 50 MB, however short it is here. */
    private static boolean isOfTheMeters(byte[] latencyNs) throws DataFormatException {
        ByteBuffer header = header(latencyNs);
        ByteBuffer ofMeter = header(EMPTY);
        return ByteBuffer.wrap(latencyNs).getInt() == ByteBuffer.wrap(EMPTY).getInt()
                && header.getInt() == ofMeter.getInt()
                && header.position(MADE_AT).equals(ofMeter.position(MADE_AT));
    }

    private static ByteBuffer header(byte[] encoded) throws DataFormatException {
        byte[] header = new byte[HEADER_BYTES];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(encoded, COMPRESSED_AT, encoded.length - COMPRESSED_AT);
            inflater.inflate(header);
            return ByteBuffer.wrap(header);
        } finally {
            inflater.end();
        }
    }
}
