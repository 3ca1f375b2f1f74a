// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What sender and receivers of a plan reported, from which its cell is computed. A figure that is missing in a report
 * is an error, never a zero.
 *
 * @param sender the JSON of {@code send}
 * @param receivers the JSON of each {@code receive}; one for AF_XDP, one a flow for sockets
 * @param softirqNs softirq time of the whole machine while they ran
 */
record Reports(Plan plan, JsonNode sender, List<JsonNode> receivers, long softirqNs) {
    Cell cell() {
        Backend backend = plan.backend();
        long sent = sum(Stream.of(sender), "sent");
        long received = sum(receivers.stream(), "received");
        long userNs = total("/cpu/userNs");
        long systemNs = total("/cpu/systemNs");
        return new Cell(
                backend.toString(),
                plan.flows().size(),
                plan.offeredPps(),
                sent,
                received,
                sent - received,
                sum(receivers.stream(), "reordered"),
                sum(receivers.stream(), "duplicate"),
                drops(sent - received),
                perPacket(userNs + systemNs, received),
                perPacket(userNs, received),
                perPacket(systemNs, received),
                perPacket(softirqNs, received),
                latency(),
                sender.required("elapsedSeconds").asDouble(),
                sender.required("slippedMs").asDouble(),
                sender.required("engine").asText(),
                backend.isXdp() ? receivers.get(0).requiredAt("/xdp/mode").asText() : null,
                backend.ringDescriptors(),
                backend.isXdp() ? null : receiveBufferBytes());
    }

    private Map<String, Long> drops(long lost) {
        Map<String, Long> drops = new LinkedHashMap<>();
        if (plan.backend().isXdp()) {
            // With copies, as on a veth, a packet without a fill ring entry is counted in rx_dropped, and once more in
            // rx_fill_ring_empty_descs, which is left out for that reason.
            drops.put(Cell.FILL_RING_EMPTY, total("/xdp/rxDropped"));
            drops.put(Cell.RX_RING_FULL, total("/xdp/rxRingFull"));
            drops.put(Cell.NOT_REDIRECTED, notRedirected());
        } else {
            drops.put(Cell.SOCKET_BUFFER, total("/socket/drops"));
        }
        drops.put(Cell.VETH_RING, sender.required("refused").asLong());
        long explained = drops.values().stream().mapToLong(Long::longValue).sum();
        drops.put(Cell.UNEXPLAINED, lost - explained);
        return drops;
    }

    private long notRedirected() {
        return flows(receivers.stream())
                .map(flow -> flow.required("kernel"))
                .mapToLong(kernel -> kernel.required("seen").asLong() - kernel.required("redirected").asLong())
                .sum();
    }

    private Cell.Latency latency() {
        List<JsonNode> latencies =
                receivers.stream().map(receiver -> receiver.required("latencyUs")).toList();
        if (latencies.stream().anyMatch(JsonNode::isNull)) {
            return null;
        }
        ToDoubleFunction<String> worst = figure -> latencies.stream()
                .mapToDouble(latency -> latency.required(figure).asDouble())
                .max()
                .orElseThrow();
        return new Cell.Latency(worst.applyAsDouble("p50"), worst.applyAsDouble("p99"), worst.applyAsDouble("max"));
    }

    private long receiveBufferBytes() {
        return receivers.stream()
                .mapToLong(receiver -> receiver.requiredAt("/socket/receiveBufferBytes").asLong())
                .min()
                .orElseThrow();
    }

    private long total(String pointer) {
        return receivers.stream().mapToLong(receiver -> receiver.requiredAt(pointer).asLong()).sum();
    }

    private static long sum(Stream<JsonNode> reports, String figure) {
        return flows(reports).mapToLong(flow -> flow.required(figure).asLong()).sum();
    }

    private static Stream<JsonNode> flows(Stream<JsonNode> reports) {
        return reports.flatMap(report -> StreamSupport.stream(report.required("flows").spliterator(), false));
    }

    private static Double perPacket(long ns, long packets) {
        return packets == 0 ? null : (double) ns / packets;
    }
}
