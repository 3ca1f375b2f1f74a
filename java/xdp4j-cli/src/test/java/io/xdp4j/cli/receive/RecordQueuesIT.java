// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.cli.record.Tshark;
import io.xdp4j.packet.Flow;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code receive --record} of several receivers into one file. */
@Tag("integration")
@Timeout(120)
class RecordQueuesIT {
    private static final String FLOW = "239.1.2.3:5004";

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(2);

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("recorded.pcapng");
    }

    private static List<Long> sequences(long from, long to) {
        return LongStream.range(from, to).map(sequence -> sequence & 0xffff).boxed().toList();
    }

    /** From queue to queue, and so from one receiver to another; how many. */
    private static long hop(PinnedSender sender) throws Exception {
        for (int hops = 1; hops <= 6; hops++) {
            sender.awaitMore(4_000);
            sender.hop(hops % 2);
        }
        return sender.stop().get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void oneFileOfAllQueues(String workers) throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers, "--record", file().toString());
                PinnedSender sender = PinnedSender.start(0, 50_000, Flow.parse(FLOW))) {
            long sent = hop(sender);
            JsonNode report = receive.terminated();
            Receive.assertWhole(sent, report, FLOW);
            assertEquals(sent, report.at("/record/packets").asLong());
            assertEquals(0, report.at("/record/notRecorded").asLong());
            List<String[]> packets = fields("frame.time_epoch", "rtp.seq", "frame.interface_description");
            assertEquals(sent, packets.size());
            for (int queue = 0; queue < 2; queue++) {
                String description = "RX queue " + queue;
                assertEquals(
                        report.at("/xdp/queues/" + queue + "/taken").asLong(),
                        packets.stream().filter(packet -> packet[2].equals(description)).count());
            }
            // A receiver may have been away for longer than the others' packets wait: then their order is not exact.
            List<Long> byTime = packets.stream()
                    .sorted(Comparator.comparing(packet -> new BigDecimal(packet[0])))
                    .map(packet -> Long.parseLong(packet[1]))
                    .toList();
            assertEquals(sequences(0, sent), byTime);
        }
    }

    private List<String[]> fields(String... fields) throws IOException {
        return Tshark.fields(file(), fields).stream().map(packet -> packet.split("\t")).toList();
    }

    /** What comes by another queue is no gap. */
    @Test
    void aSourceThatHopsLosesNothing() throws Exception {
        try (Receive receive = Receive.ready(
                        "--flow", FLOW, "--record", file().toString(), "--record-around-loss", "10");
                PinnedSender sender = PinnedSender.start(0, 50_000, Flow.parse(FLOW))) {
            long sent = hop(sender);
            JsonNode record = receive.terminated().get("record");
            assertEquals(0, record.get("packets").asLong());
            assertEquals(0, record.get("gaps").asLong());
            assertEquals(sent, record.get("leftOut").asLong());
            assertEquals(0, Tshark.packets(file()));
        }
    }

    @Test
    void goesOnWithTheNextWorker() throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", "processes", "--queue", "0",
                        "--record", file().toString());
                PinnedSender sender = PinnedSender.start(0, 10_000, Flow.parse(FLOW))) {
            sender.awaitMore(5_000);
            Cable.run("kill", "-KILL", Long.toString(receive.worker(0)));
            receive.awaitSaid("has a worker again");
            long before = sender.sent();
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            JsonNode report = receive.terminated();
            long recorded = report.at("/record/packets").asLong();
            assertEquals(recorded, Tshark.packets(file()));
            // Of the batch that the dead one had in hand it may be that only one of the two counts has some.
            long received = Receive.flow(report, FLOW).get("received").asLong();
            assertTrue(Math.abs(received - recorded) <= 64, recorded + " recorded of " + received);
            List<Long> sequences =
                    fields("rtp.seq").stream().map(packet -> Long.parseLong(packet[0])).toList();
            assertEquals(0, sequences.get(0));
            int tail = (int) (sent - before);
            assertEquals(sequences(before, sent), sequences.subList(sequences.size() - tail, sequences.size()));
        }
    }
}
