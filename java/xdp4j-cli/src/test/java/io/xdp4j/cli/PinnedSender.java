// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.packet.Flow;
import io.xdp4j.packet.KernelException;
import io.xdp4j.source.PacedSender;
import io.xdp4j.source.RtpSource;
import io.xdp4j.source.RtpSourceBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Sends flows over a {@link Cable} from a thread that stays on one CPU, and so to the queue {@code CPU % queues} of an
 * XDP program in native mode; and counts what it sent.
 */
public final class PinnedSender implements AutoCloseable {
    private static final long FOR_EVER = 1L << 40;

    private final RtpSource source;
    private final PacedSender paced;
    private final Thread thread = new Thread(this::send, "sender");
    private volatile int cpu;
    private volatile boolean stopping;
    private volatile Exception failure;

    private PinnedSender(int cpu, RtpSource source, long pps) {
        this.cpu = cpu;
        this.source = source;
        this.paced = new PacedSender(source, pps);
    }

    /** @param pps of all flows together, in turn */
    public static PinnedSender start(int cpu, long pps, Flow... flows) throws IOException {
        RtpSourceBuilder builder = RtpSource.on(Cable.TX).positions(FOR_EVER);
        for (Flow flow : flows) {
            builder.flow(flow);
        }
        PinnedSender sender = new PinnedSender(cpu, builder.open(), pps);
        sender.thread.start();
        return sender;
    }

    /** Goes on from another CPU. */
    public void hop(int to) {
        cpu = to;
    }

    private void send() {
        int on = -1;
        try {
            do {
                if (on != cpu) {
                    on = cpu;
                    pin(on);
                }
            } while (!stopping && paced.step());
        } catch (IOException | AssertionError e) {
            failure = new IllegalStateException(e);
        }
    }

    private static void pin(int cpu) throws IOException {
        String thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
        Cable.run("taskset", "-cp", Integer.toString(cpu), thread);
    }

    /** Of all flows, until now. */
    public long sent() {
        long sent = 0;
        for (int flow = 0; flow < source.flows().size(); flow++) {
            sent += source.counters(flow).sent();
        }
        return sent;
    }

    /** Waits until it has sent so many more. */
    public void awaitMore(long packets) throws IOException {
        long before = sent();
        Cable.await(packets + " packets", () -> sent() >= before + packets);
    }

    /**
     * Ends sending, and waits until the cable's other end has taken every packet of it.
     *
     * @return packets sent of each flow
     */
    public List<Long> stop() throws Exception {
        stopping = true;
        joinThread();
        if (failure != null) {
            throw failure;
        }
        assertEquals(0, source.refused(), "frames that the device refused");
        long all = sent();
        Cable.await("the arrival of " + all + " packets", () -> Cable.arrived() >= all);
        List<Long> sent = new ArrayList<>();
        for (int flow = 0; flow < source.flows().size(); flow++) {
            sent.add(source.counters(flow).sent());
        }
        return sent;
    }

    /** It ends by itself: a test that is interrupted waits for it all the same, for it uses what is closed next. */
    private void joinThread() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws KernelException {
        stopping = true;
        joinThread();
        source.close();
    }
}
