// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.xdp4j.cli.receive.FlowMeter;
import io.xdp4j.process.Channel;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker has no privilege; one that tells what cannot be is killed, like one that hangs. */
@Timeout(60)
class WorkerTest {
    private static final int PATIENCE_MS = 20_000;
    private static final WorkerTask TASK = new WorkerTask("eth1", 3, null, 0, 64, "poll", 2);

    private Channel there;
    private Worker worker;
    private volatile String answer = "{\"opened\":{\"zeroCopy\":false,\"hugePageRefusal\":null,\"napi\":false}}";

    /** A process that does nothing, in whose name this one answers. */
    @BeforeEach
    void start() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try (Channel.Listener listener = Channel.Listener.open()) {
            there = Channel.connect(listener.name());
            Channel here = listener.accept(ProcessHandle.current().pid(), PATIENCE_MS);
            Thread answering = new Thread(this::answer);
            answering.setDaemon(true);
            answering.start();
            worker = Worker.start(TASK, new Standby.Recruit(process, here), Optional.empty());
        }
    }

    private void answer() {
        try {
            while (true) {
                there.receive(-1);
                there.send(answer.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (EOFException | ClosedChannelException e) {
            // the test is over
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void end() {
        worker.discard();
        there.close();
    }

    private static String latencies(Histogram of) {
        return "{\"flow\":1,\"latencyNs\":\"" + Base64.getEncoder().encodeToString(WorkerSamples.encoded(of)) + "\"}";
    }

    private static String sampled(boolean more, String... latencies) {
        return "{\"sampled\":{\"fullest\":7,\"latencies\":[" + String.join(",", latencies) + "],\"more\":" + more
                + "}}";
    }

    @Test
    void anHonestOneIsBelieved() throws Exception {
        Histogram of = FlowMeter.newHistogram();
        of.recordValueWithCount(1_000, 5);
        answer = sampled(false, latencies(of));
        Map<Integer, Long> counts = new TreeMap<>();

        assertEquals(7, worker.sample((flow, latencyNs) -> counts.put(flow, latencyNs.getTotalCount())));
        assertEquals(Map.of(1, 5L), counts);
    }

    @Test
    void theLastOfAFlowIsHandedOver() throws Exception {
        Histogram of = FlowMeter.newHistogram();
        of.recordValueWithCount(1_000, 5);
        answer = sampled(false, latencies(of));
        Map<Integer, Long> counts = new TreeMap<>();

        worker.forget(1, (flow, latencyNs) -> counts.put(flow, latencyNs.getTotalCount()));
        assertEquals(Map.of(1, 5L), counts);
    }

    private void assertKilled(String why) throws Exception {
        assertThrows(IOException.class, () -> worker.sample((flow, latencyNs) -> {}));
        assertTrue(worker.hasDied(), answer);
        String end = worker.awaitEnd();
        assertTrue(end.endsWith("was killed by signal 9" + why), end);
    }

    @Test
    void noAnswer() throws Exception {
        answer = "{";
        assertKilled(", for it answered what cannot be read");
    }

    @Test
    void nothing() throws Exception {
        answer = "null";
        assertKilled(", for it answered nothing");
    }

    @Test
    void anotherAnswer() throws Exception {
        answer = "{}";
        assertKilled(", for it answered another question");
    }

    @Test
    void aFailure() throws Exception {
        answer = "{\"failure\":\"I do not like to\"}";
        assertKilled("");
    }

    @Test
    void noFlow() throws Exception {
        answer = sampled(false, "null");
        assertKilled(", for it told of no flow");
    }

    @Test
    void latenciesOfAnotherKind() throws Exception {
        answer = sampled(false, latencies(new Histogram(5)));
        assertKilled(", for it told latencies that cannot be read");
    }

    @Test
    void moreFlowsThanThereAre() throws Exception {
        answer = sampled(
                false, Collections.nCopies(3, latencies(FlowMeter.newHistogram())).toArray(new String[0]));
        assertKilled(", for it told of more flows than there are");
    }

    @Test
    void noEnd() throws Exception {
        answer = sampled(true);
        assertKilled(", for it told of more flows than there are");
    }

    @Test
    void noClosingWords() throws Exception {
        answer = "{\"closing\":{\"napi\":true}}";
        assertThrows(IOException.class, () -> worker.drain());
        assertTrue(worker.hasDied());
    }
}
