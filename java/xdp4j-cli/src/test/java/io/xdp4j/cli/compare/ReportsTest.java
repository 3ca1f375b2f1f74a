// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.receive.AdviceReport;
import io.xdp4j.ledger.Cause;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private static final String SENDER = """
            {"engine": "live-frames", "elapsedSeconds": 6.01, "slippedMs": 0.4, "refused": 7,
             "flows": [{"flow": "239.99.0.1:5004", "positions": 1000, "sent": 1000},
                       {"flow": "239.99.0.2:5004", "positions": 1000, "sent": 1000}]}""";

    private static final String XDP_RECEIVER = """
            {"backend": "xdp",
             "flows": [{"received": 900, "reordered": 1, "duplicate": 2,
                        "ledger": {"wire": 1000, "delivered": 900, "waiting": 0,
                                   "causes": {"NIC": 5, "NO_SOCKET_ON_QUEUE": 3, "FILL_RING_EMPTY": 92},
                                   "unexplained": 0},
                        "advice": [{"cause": "FILL_RING_EMPTY", "packets": 92, "finding": "first", "change": "c",
                                    "options": ["--fill-ring", "32768"]}]},
                       {"received": 880, "reordered": 3, "duplicate": 4,
                        "ledger": {"wire": 1000, "delivered": 880, "waiting": 0,
                                   "causes": {"NIC": 2, "FILL_RING_EMPTY": 118}, "unexplained": 0},
                        "advice": [{"cause": "FILL_RING_EMPTY", "packets": 118, "finding": "second", "change": "c",
                                    "options": []}]}],
             "xdp": {"mode": "native", "fullest": 512},
             "cpu": {"userNs": 17800, "systemNs": 35600, "busyNs": 89000},
             "latencyUs": {"p50": 10.5, "p99": 20.0, "p999": 30.0, "max": 40.0}}""";

    @Test
    void anXdpCellHasOneReceiverAndTheCausesOfItsFlowsAddUp() throws JsonProcessingException {
        List<JsonNode> receivers = List.of(json(XDP_RECEIVER));

        Cell cell = new Reports(Cells.plan(Backend.XDP, 520_000), json(SENDER), receivers, 178_000).cell();

        assertEquals("xdp", cell.backend());
        assertEquals("sleep:1ms", cell.idle());
        assertEquals(2, cell.flows());
        assertEquals(2_000, cell.sent());
        assertEquals(1_780, cell.received());
        assertEquals(220, cell.lost());
        assertEquals(4, cell.reordered());
        assertEquals(6, cell.duplicate());
        assertEquals(
                Map.of(Cause.NIC, 7L, Cause.NO_SOCKET_ON_QUEUE, 3L, Cause.FILL_RING_EMPTY, 210L), cell.causes());
        assertEquals(0, cell.unexplained());
        // Of the flow that lost most.
        assertEquals(
                List.of(new AdviceReport(Cause.FILL_RING_EMPTY, 118, "second", "c", List.of())), cell.advice());
        assertEquals(10.0, cell.userNsPerPacket());
        assertEquals(20.0, cell.systemNsPerPacket());
        assertEquals(30.0, cell.cpuNsPerPacket());
        assertEquals(50.0, cell.busyNsPerPacket());
        assertEquals(100.0, cell.softirqNsPerPacket());
        assertEquals(new Cell.Latency(10.5, 20.0, 30.0, 40.0), cell.latencyUs());
        assertEquals(512, cell.ringFullest());
        assertEquals("native", cell.mode());
        assertEquals("live-frames", cell.engine());
        assertNull(cell.receiveBufferBytes());
    }

    /** sent 2,000 = received 1,780 + refused 7 + rx_dropped 200 + rx_ring_full 10 + 3 */
    @Test
    void thePeerHasCountersInPlaceOfALedger() throws JsonProcessingException {
        JsonNode receiver = json("""
                {"backend": "peer",
                 "flows": [{"received": 900, "reordered": 1, "duplicate": 2},
                           {"received": 880, "reordered": 3, "duplicate": 4}],
                 "xdp": {"mode": "native", "rxDropped": 200, "rxRingFull": 10, "rxFillRingEmpty": 200},
                 "cpu": {"userNs": 17800, "systemNs": 35600, "busyNs": 89000},
                 "latencyUs": {"p50": 10.5, "p99": 20.0, "p999": 30.0, "max": 40.0}}""");

        Cell cell = new Reports(Cells.plan(Backend.PEER, 520_000), json(SENDER), List.of(receiver), 0).cell();

        assertEquals("peer", cell.backend());
        assertEquals(220, cell.lost());
        assertEquals(Map.of(Cause.NIC, 7L, Cause.FILL_RING_EMPTY, 200L, Cause.RX_RING_FULL, 10L), cell.causes());
        assertEquals(3, cell.unexplained());
        assertEquals(List.of(), cell.advice());
        assertEquals(50.0, cell.busyNsPerPacket());
        assertEquals("native", cell.mode());
        assertEquals(32_768, cell.ringDescriptors());
        assertNull(cell.ringFullest());
    }

    @Test
    void whatTheVethRefusedOfOthersIsNotThePeersLoss() throws JsonProcessingException {
        JsonNode report = json("{\"xdp\": {\"rxDropped\": 5, \"rxRingFull\": 6}}");

        assertEquals(
                Map.of(Cause.NIC, 9L, Cause.FILL_RING_EMPTY, 5L, Cause.RX_RING_FULL, 6L),
                PeerProgram.causes(report, 20, 10));
        assertEquals(
                Map.of(Cause.NIC, 0L, Cause.FILL_RING_EMPTY, 5L, Cause.RX_RING_FULL, 6L),
                PeerProgram.causes(report, 10, 10)); // it counts more than were lost: that is not hidden
    }

    @Test
    void aSocketCellHasAReceiverForEachFlow() throws JsonProcessingException {
        List<JsonNode> receivers =
                List.of(socketReceiver(990, 3, "10.0", 5_000), socketReceiver(980, 13, "12.0", 4_000));

        Cell cell = new Reports(Cells.plan(Backend.RAW, 520_000), json(SENDER), receivers, 0).cell();

        assertEquals(30, cell.lost());
        assertEquals(Map.of(Cause.SOCKET_BUFFER, 16L), cell.causes());
        assertEquals(14, cell.unexplained());
        assertEquals(12.0, cell.latencyUs().p50());
        assertEquals(4_000L, cell.receiveBufferBytes());
        assertNull(cell.mode());
        assertNull(cell.ringDescriptors());
    }

    @Test
    void whatTheVethDidNotRefuseIsNotTheInterfaces() throws JsonProcessingException {
        // Both receivers' ledgers claim the veth's 7 drops: 14 in all, though 7 were lost.
        List<JsonNode> receivers = List.of(nicReceiver(997, 7), nicReceiver(996, 7));

        Cell cell = new Reports(Cells.plan(Backend.RAW, 520_000), json(SENDER), receivers, 0).cell();

        assertEquals(7, cell.lost());
        assertEquals(Map.of(Cause.NIC, 7L), cell.causes());
        assertEquals(0, cell.unexplained());
    }

    @Test
    void aSenderThatCannotTellContradictsNobody() throws JsonProcessingException {
        JsonNode sender = json(SENDER.replace("\"refused\": 7", "\"refused\": null"));

        Cell cell = new Reports(
                        Cells.plan(Backend.RAW, 520_000), sender, List.of(nicReceiver(997, 3), nicReceiver(996, 4)), 0)
                .cell();

        assertEquals(Map.of(Cause.NIC, 7L), cell.causes());
        assertEquals(0, cell.unexplained());
    }

    @Test
    void aReceiverWithoutArrivalTimesHasNoLatency() throws JsonProcessingException {
        Cell cell = new Reports(
                        Cells.plan(Backend.NIO, 1_000), json(SENDER), List.of(socketReceiver(2_000, 0, null, 1)), 0)
                .cell();

        assertNull(cell.latencyUs());
    }

    @Test
    void nothingReceivedHasNoTimePerPacket() throws JsonProcessingException {
        Cell cell = new Reports(
                        Cells.plan(Backend.RAW, 1_000),
                        json(SENDER),
                        List.of(socketReceiver(0, 1_993, "1.0", 1)),
                        5_000)
                .cell();

        assertEquals(2_000, cell.lost());
        assertEquals(7, cell.unexplained());
        assertNull(cell.cpuNsPerPacket());
        assertNull(cell.softirqNsPerPacket());
    }

    @Test
    void aMissingFigureIsAnErrorNotAZero() throws JsonProcessingException {
        JsonNode receiver = json(XDP_RECEIVER.replace("\"causes\"", "\"drops\""));
        Reports reports = new Reports(Cells.plan(Backend.XDP, 520_000), json(SENDER), List.of(receiver), 0);

        assertThrows(IllegalArgumentException.class, reports::cell);
    }

    private static JsonNode socketReceiver(long received, long drops, String latency, long buffer)
            throws JsonProcessingException {
        return receiver(received, "'SOCKET_BUFFER': " + drops, latency, buffer);
    }

    private static JsonNode nicReceiver(long received, long drops) throws JsonProcessingException {
        return receiver(received, "'NIC': " + drops, null, 1);
    }

    private static JsonNode receiver(long received, String causes, String latency, long buffer)
            throws JsonProcessingException {
        String latencyUs = latency == null ? "null" : "{'p50': L, 'p99': L, 'p999': L, 'max': L}".replace("L", latency);
        return json(("{'flows': [{'received': " + received + ", 'reordered': 0, 'duplicate': 0,"
                        + " 'ledger': {'causes': {" + causes + "}}, 'advice': []}],"
                        + " 'socket': {'receiveBufferBytes': " + buffer + "},"
                        + " 'cpu': {'userNs': 1, 'systemNs': 2, 'busyNs': 3}, 'latencyUs': " + latencyUs + "}")
                .replace('\'', '"'));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text);
    }
}
