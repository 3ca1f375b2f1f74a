// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
             "flows": [{"received": 900, "reordered": 1, "duplicate": 2, "kernel": {"seen": 998, "redirected": 995}},
                       {"received": 880, "reordered": 3, "duplicate": 4, "kernel": {"seen": 995, "redirected": 995}}],
             "xdp": {"mode": "native", "rxDropped": 150, "rxRingFull": 60, "rxFillRingEmpty": 150},
             "cpu": {"userNs": 17800, "systemNs": 35600},
             "latencyUs": {"p50": 10.5, "p99": 20.0, "p999": 30.0, "max": 40.0}}""";

    @Test
    void anXdpCellHasOneReceiverAndItsDropsAddUp() throws JsonProcessingException {
        List<JsonNode> receivers = List.of(json(XDP_RECEIVER));

        Cell cell = new Reports(Plan.of(Backend.XDP, 520_000), json(SENDER), receivers, 178_000).cell();

        assertEquals("xdp", cell.backend());
        assertEquals(2, cell.flows());
        assertEquals(2_000, cell.sent());
        assertEquals(1_780, cell.received());
        assertEquals(220, cell.lost());
        assertEquals(4, cell.reordered());
        assertEquals(6, cell.duplicate());
        // 150 + 60 + 3 + 7 = 220: the starved packets count once, though the kernel counts them twice.
        assertEquals(
                Map.of("fillRingEmpty", 150L, "rxRingFull", 60L, "notRedirected", 3L, "vethRing", 7L,
                        "unexplained", 0L),
                cell.drops());
        assertEquals(10.0, cell.userNsPerPacket());
        assertEquals(20.0, cell.systemNsPerPacket());
        assertEquals(30.0, cell.cpuNsPerPacket());
        assertEquals(100.0, cell.softirqNsPerPacket());
        assertEquals(new Cell.Latency(10.5, 20.0, 40.0), cell.latencyUs());
        assertEquals("native", cell.mode());
        assertEquals("live-frames", cell.engine());
        assertNull(cell.receiveBufferBytes());
    }

    @Test
    void aSocketCellHasAReceiverForEachFlow() throws JsonProcessingException {
        List<JsonNode> receivers =
                List.of(socketReceiver(990, 3, "10.0", 5_000), socketReceiver(980, 13, "12.0", 4_000));

        Cell cell = new Reports(Plan.of(Backend.RAW, 520_000), json(SENDER), receivers, 0).cell();

        assertEquals(30, cell.lost());
        assertEquals(Map.of("socketBuffer", 16L, "vethRing", 7L, "unexplained", 7L), cell.drops());
        assertEquals(12.0, cell.latencyUs().p50());
        assertEquals(4_000L, cell.receiveBufferBytes());
        assertNull(cell.mode());
        assertNull(cell.ringDescriptors());
    }

    @Test
    void aReceiverWithoutArrivalTimesHasNoLatency() throws JsonProcessingException {
        Cell cell = new Reports(
                        Plan.of(Backend.NIO, 1_000), json(SENDER), List.of(socketReceiver(2_000, 0, null, 1)), 0)
                .cell();

        assertNull(cell.latencyUs());
    }

    @Test
    void nothingReceivedHasNoTimePerPacket() throws JsonProcessingException {
        Cell cell = new Reports(
                        Plan.of(Backend.RAW, 1_000), json(SENDER), List.of(socketReceiver(0, 1_993, "1.0", 1)), 5_000)
                .cell();

        assertEquals(2_000, cell.lost());
        assertEquals(0L, cell.drops().get(Cell.UNEXPLAINED));
        assertNull(cell.cpuNsPerPacket());
        assertNull(cell.softirqNsPerPacket());
    }

    @Test
    void aMissingFigureIsAnErrorNotAZero() throws JsonProcessingException {
        JsonNode receiver = json(XDP_RECEIVER.replace("rxDropped", "dropped"));
        Reports reports = new Reports(Plan.of(Backend.XDP, 520_000), json(SENDER), List.of(receiver), 0);

        assertThrows(IllegalArgumentException.class, reports::cell);
    }

    private static JsonNode socketReceiver(long received, long drops, String latency, long buffer)
            throws JsonProcessingException {
        String latencyUs = latency == null ? "null" : "{'p50': L, 'p99': L, 'max': L}".replace("L", latency);
        return json(("{'flows': [{'received': " + received + ", 'reordered': 0, 'duplicate': 0}],"
                        + " 'socket': {'receiveBufferBytes': " + buffer + ", 'drops': " + drops + "},"
                        + " 'cpu': {'userNs': 1, 'systemNs': 2}, 'latencyUs': " + latencyUs + "}")
                .replace('\'', '"'));
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new ObjectMapper().readTree(text);
    }
}
