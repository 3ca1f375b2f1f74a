// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.receive.ReceiveReport;
import io.xdp4j.process.Channel;
import io.xdp4j.rtp.RtpClocks;
import io.xdp4j.xdp.UmemAudit;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What distributor and worker say to each other, as JSON: the distributor asks, the worker does it and answers. A
 * worker has no other way to anything: it gets no descriptor of the XDP program or of a map, and hands its sockets over
 * instead, so that nothing has to be pinned where it could be left behind.
 */
final class WorkerTalk {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static final int FLOWS_OF_A_REQUEST = 512; // so that it fits into a message
    static final int CLOCKS_OF_A_REQUEST = 2_048;

    private WorkerTalk() {}

    enum Kind {
        /**
         * Open UMEM and sockets. With the memory to count in, and that to copy packets into, if they are recorded; the
         * answer comes with the sockets.
         */
        OPEN,
        /** Packets of these flows may come. */
        EXPECT,
        /** Let go of every privilege, and receive. */
        RECEIVE,
        /** No more packets of these flows will come. */
        FORGET,
        /** Tell what was recorded since the last of these requests; more of it is told to another one. */
        SAMPLE,
        /** Receive what is still there, and end receiving. */
        DRAIN
    }

    /**
     * @param task to {@link Kind#OPEN}
     * @param expected to {@link Kind#EXPECT}
     * @param forgotten to {@link Kind#FORGET}
     */
    record Request(Kind kind, WorkerTask task, List<ExpectedFlow> expected, List<Integer> forgotten) {
        static Request of(Kind kind) {
            return new Request(kind, null, null, null);
        }

        static Request open(WorkerTask task) {
            return new Request(Kind.OPEN, task, null, null);
        }

        /** As few as do: a message has an end, and some flows have more clocks than others. */
        static List<Request> expect(List<ExpectedFlow> flows) {
            List<Request> requests = new ArrayList<>();
            int from = 0;
            int clocks = 0;
            for (int i = 0; i < flows.size(); i++) {
                int more = flows.get(i).clocks().mappedHz().size();
                if (i - from == FLOWS_OF_A_REQUEST || clocks + more > CLOCKS_OF_A_REQUEST) {
                    requests.add(expectAll(flows.subList(from, i)));
                    from = i;
                    clocks = 0;
                }
                clocks += more;
            }
            if (from < flows.size()) {
                requests.add(expectAll(flows.subList(from, flows.size())));
            }
            return requests;
        }

        private static Request expectAll(List<ExpectedFlow> flows) {
            return new Request(Kind.EXPECT, null, flows, null);
        }

        static Request forget(List<Integer> flows) {
            return new Request(Kind.FORGET, null, null, flows);
        }
    }

    /** @param clocks of its payload types */
    record ExpectedFlow(int id, String name, RtpClocks clocks) {}

    /**
     * One for each request.
     *
     * @param failure why it could not be done; null when it was
     * @param errno of the failure, if the kernel refused
     * @param opened by {@link Kind#OPEN}
     * @param sampled by {@link Kind#SAMPLE}
     * @param closing by {@link Kind#DRAIN}
     */
    record Answer(String failure, Integer errno, Opened opened, Sampled sampled, Closing closing) {
        static final Answer DONE = new Answer(null, null, null, null, null);

        /** @param errno null when it was not the kernel */
        static Answer failed(String failure, Integer errno) {
            return new Answer(failure, errno, null, null, null);
        }

        static Answer of(Opened opened) {
            return new Answer(null, null, opened, null, null);
        }

        static Answer of(Sampled sampled) {
            return new Answer(null, null, null, sampled, null);
        }

        static Answer of(Closing closing) {
            return new Answer(null, null, null, null, closing);
        }
    }

    /**
     * What was really opened.
     *
     * @param hugePageRefusal why the UMEM is not on huge pages; null when it is
     * @param napi whether there is a NAPI that busy poll runs, as far as the kernel has told it
     */
    record Opened(boolean zeroCopy, String hugePageRefusal, boolean napi) {}

    /**
     * What was recorded since the last request.
     *
     * @param fullest of its RX rings: {@link io.xdp4j.xdp.XdpSocket#takeFullest()}
     * @param more whether there is more of the same time
     */
    record Sampled(int fullest, List<Latencies> latencies, boolean more) {}

    /** @param latencyNs a histogram as HdrHistogram writes it, compressed */
    record Latencies(int flow, byte[] latencyNs) {}

    /**
     * What only the worker itself knows.
     *
     * @param napi as in {@link Opened}; packets may have told it
     */
    record Closing(UmemAudit frames, ReceiveReport.CpuReport cpu, boolean napi) {}

    static void send(Channel channel, Object message, int... descriptors) throws IOException {
        channel.send(MAPPER.writeValueAsBytes(message), descriptors);
    }

    /** Waits for as long as it takes; empty when the other side has ended. */
    static Optional<Channel.Message> receive(Channel channel) throws IOException {
        try {
            return channel.receive(-1);
        } catch (EOFException e) {
            return Optional.empty();
        }
    }

    static <T> T read(Channel.Message message, Class<T> type) throws IOException {
        return MAPPER.readValue(message.bytes(), type);
    }
}
