// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.xdp4j.cli.Cable;
import io.xdp4j.cli.PinnedSender;
import io.xdp4j.packet.Flow;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Flows that arrive on several RX queues. */
@Tag("integration")
@Timeout(180)
class QueuesIT {
    private static final String FLOW = "239.1.2.3:5004";

    @RegisterExtension
    private final Cable cable = Cable.ofQueues(2);

    /** The source goes from CPU to CPU, and its packets from queue to queue. */
    @ParameterizedTest
    @CsvSource({"threads, flow", "processes, queue"})
    void nothingIsLostOfASourceThatHops(String workers, String socketsPer) throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers, "--sockets-per", socketsPer);
                PinnedSender sender = PinnedSender.start(0, 50_000, Flow.parse(FLOW))) {
            for (int hops = 1; hops <= 20; hops++) {
                sender.awaitMore(4_000);
                sender.hop(hops % 2);
            }
            long sent = sender.stop().get(0);
            JsonNode report = receive.terminated();
            Receive.assertWhole(sent, report, FLOW);
            JsonNode flow = Receive.flow(report, FLOW);
            assertEquals(sent, flow.get("received").asLong());
            assertEquals(sent, flow.get("expected").asLong());
            assertEquals(0, flow.get("lost").asLong());
            assertTrue(flow.get("split").asBoolean(), flow.toString());
            long of0 = report.at("/xdp/queues/0/taken").asLong();
            long of1 = report.at("/xdp/queues/1/taken").asLong();
            assertTrue(of0 > 0 && of1 > 0, report.toString());
            assertEquals(sent, of0 + of1);
            Receive.assertLatency(report, flow);
            int fullest = report.at("/xdp/fullest").asInt();
            assertTrue(fullest > 0 && fullest <= sent, report.toString());
        }
        Cable.holdsNothing("239.1.2.3");
    }

    /** Two senders to one group and port, in each family, each on both queues; and one that nobody asked for. */
    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void sourcesOfOneGroupAndPortDoNotMix(String workers) throws Exception {
        List<String> asked = List.of(
                "232.1.2.3:5004@10.99.0.2",
                "232.1.2.3:5004@10.99.0.77",
                Flow.parse("[ff3e::8000:1]:5004@fd99::2").toString(),
                Flow.parse("[ff3e::8000:1]:5004@fd99::77").toString());
        List<String> strangers = List.of("232.1.2.3:5004@10.99.0.78", "[ff3e::8000:1]:5004@fd99::78");
        Flow[] near = {Flow.parse(asked.get(0)), Flow.parse(asked.get(2)), Flow.parse(strangers.get(0))};
        Flow[] far = {Flow.parse(asked.get(1)), Flow.parse(asked.get(3)), Flow.parse(strangers.get(1))};
        try (Receive receive = Receive.ready("--workers", workers, "--flow", asked.get(0), "--flow", asked.get(1),
                        "--flow", asked.get(2), "--flow", asked.get(3));
                PinnedSender ofNear = PinnedSender.start(0, 30_000, near);
                PinnedSender ofFar = PinnedSender.start(1, 20_000, far)) {
            ofNear.awaitMore(6_000);
            ofFar.awaitMore(6_000);
            ofNear.hop(1);
            ofFar.hop(0);
            ofNear.awaitMore(6_000);
            ofFar.awaitMore(6_000);
            List<Long> sentNear = ofNear.stop();
            List<Long> sentFar = ofFar.stop();
            JsonNode report = receive.terminated();
            Receive.assertWhole(sentNear.get(0), report, asked.get(0));
            Receive.assertWhole(sentFar.get(0), report, asked.get(1));
            Receive.assertWhole(sentNear.get(1), report, asked.get(2));
            Receive.assertWhole(sentFar.get(1), report, asked.get(3));
            for (String flow : asked) {
                assertEquals(0, Receive.flow(report, flow).get("ssrcChanges").asLong(), flow);
            }
            assertTrue(report.at("/xdp/program/passed").asLong() >= sentNear.get(2) + sentFar.get(2), "strangers");
        }
        Cable.holdsNothing("232.1.2.3", "ff3e::8000:1");
    }

    /** Packets on a queue that nobody asked for pass to the stack, and the ledger has them. */
    @ParameterizedTest
    @ValueSource(strings = {"threads", "processes"})
    void otherQueuesPassToTheStack(String workers) throws Exception {
        try (Receive receive = Receive.ready("--flow", FLOW, "--workers", workers, "--queue", "1");
                PinnedSender sender = PinnedSender.start(1, 20_000, Flow.parse(FLOW))) {
            sender.awaitMore(5_000);
            sender.hop(0);
            sender.awaitMore(5_000);
            long sent = sender.stop().get(0);
            JsonNode ledger = Receive.flow(receive.terminated(), FLOW).get("ledger");
            long strays = ledger.at("/causes/NO_SOCKET_ON_QUEUE").asLong();
            assertTrue(strays > 0 && ledger.get("causes").size() == 1, ledger.toString());
            assertEquals(sent, ledger.get("wire").asLong());
            assertEquals(sent - strays, ledger.get("delivered").asLong());
            assertEquals(0, ledger.get("unexplained").asLong());
        }
    }
}
