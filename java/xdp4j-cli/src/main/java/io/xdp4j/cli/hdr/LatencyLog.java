// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.hdr;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.OutputFile;
import io.xdp4j.cli.receive.Backend;
import io.xdp4j.cli.receive.LatencyBuckets;
import io.xdp4j.cli.receive.ReceiveObserver;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.cli.receive.ReceiveSettings;
import io.xdp4j.cli.receive.Sample;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * {@code --hdr}: the latencies from kernel to user as an interval log of HdrHistogram, one interval for each flow and
 * sample, with the flow as its tag and values in nanoseconds. Each sample is in the file as soon as it is taken.
 */
public final class LatencyLog implements ReceiveObserver, Closeable {
    private static final String OPTION = "--hdr";

    private final Path file;
    private final Histogram interval = LatencyBuckets.newHistogram();

    // The writer's PrintStream would swallow what goes wrong with the file.
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
    private final PrintStream print = new PrintStream(pending, false, StandardCharsets.US_ASCII);
    private final HistogramLogWriter writer = new HistogramLogWriter(print);
    private OutputStream out; // from when packets are received: a run that does not get so far leaves no file

    private LatencyLog(Path file) {
        this.file = file;
    }

    /**
     * To be called before a run starts.
     *
     * @param name the value of the option
     * @throws BadInput when nothing can be written there, or there will be nothing to write
     */
    public static LatencyLog of(String name, ReceiveSettings settings) {
        if (settings.backend() == Backend.NIO) {
            throw new BadInput(OPTION + " means nothing to --backend nio, which has no arrival time of the kernel's:"
                    + " leave it out, or use xdp, raw or recvmmsg");
        }
        return new LatencyLog(OutputFile.growing(OPTION, name));
    }

    @Override
    public void receiving(ReceiveSettings settings, String inForce) throws IOException {
        try {
            out = new FileOutputStream(file.toFile());
        } catch (IOException e) {
            throw new IOException("cannot write " + e.getMessage(), e); // which begins with the name
        }
        long startMs = Instant.now().toEpochMilli();
        writer.outputLogFormatVersion();
        writer.outputComment("[xdp4j receive on " + settings.interfaceName() + ", backend " + settings.backend()
                + ": latency from kernel to user in nanoseconds, Interval_Max in milliseconds; a tag is a flow]");
        writer.outputStartTime(startMs);
        writer.outputBaseTime(startMs);
        writer.outputLegend();
        write();
    }

    @Override
    public void sampled(Sample sample) throws IOException {
        double endS = sample.elapsedSeconds(); // not of the clock of the day, which may jump
        double startS = Math.max(endS - sample.seconds(), 0);
        for (Sample.FlowSample flow : sample.flows()) {
            // A copy: encoding a histogram leaves buffers in it, which so many flows need not keep.
            flow.intervalNs().copyInto(interval);
            interval.setTag(flow.flow().toString());
            writer.outputIntervalHistogram(startS, endS, interval);
        }
        write();
    }

    @Override
    public void ended(Sample last, ReceiveReport report) throws IOException {
        sampled(last);
    }

    private void write() throws IOException {
        print.flush();
        try {
            pending.writeTo(out);
        } catch (IOException e) {
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
        pending.reset();
    }

    @Override
    public void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
