// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.xdp4j.cli.receive.AdviceReport;
import io.xdp4j.ledger.Cause;
import java.util.EnumMap;
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
 * @param receivers the JSON of each receiver; one for AF_XDP, one a flow for sockets
 * @param softirqNs softirq time of the whole machine while they ran
 */
record Reports(Plan plan, JsonNode sender, List<JsonNode> receivers, long softirqNs) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    Cell cell() {
        Backend backend = plan.backend();
        long sent = sum(Stream.of(sender), "sent");
        long received = sum(receivers.stream(), "received");
        long userNs = total("/cpu/userNs");
        long systemNs = total("/cpu/systemNs");
        Map<Cause, Long> causes = causes(sent - received);
        return new Cell(
                backend.toString(),
                plan.idle().text(),
                plan.flows().size(),
                plan.offeredPps(),
                sent,
                received,
                sent - received,
                sum(receivers.stream(), "reordered"),
                sum(receivers.stream(), "duplicate"),
                causes,
                sent - received - causes.values().stream().mapToLong(Long::longValue).sum(),
                advice(causes),
                perPacket(userNs + systemNs, received),
                perPacket(userNs, received),
                perPacket(systemNs, received),
                perPacket(total("/cpu/busyNs"), received),
                perPacket(softirqNs, received),
                latency(),
                sender.required("elapsedSeconds").asDouble(),
                sender.required("slippedMs").asDouble(),
                sender.required("engine").asText(),
                backend.isXdp() ? receivers.get(0).requiredAt("/xdp/mode").asText() : null,
                backend.ringDescriptors(),
                backend.isXdp() && !backend.isPeer()
                        ? receivers.get(0).requiredAt("/xdp/fullest").asInt()
                        : null,
                backend.isXdp() ? null : receiveBufferBytes());
    }

    private Map<Cause, Long> causes(long lost) {
        JsonNode refused = sender.required("refused");
        Map<Cause, Long> causes = plan.backend().isPeer()
                ? PeerProgram.causes(receivers.get(0), lost, refused.asLong(0))
                : causesOfLedgers(refused);
        causes.values().removeIf(packets -> packets == 0);
        return causes;
    }

    /**
     * Each receiver's ledger has the drops of the whole interface, of which two receivers may claim the same. The
     * sender knows how many frames the veth refused: what is put down to the interface beyond that is left unexplained.
     */
    private Map<Cause, Long> causesOfLedgers(JsonNode refused) {
        Map<Cause, Long> causes = new EnumMap<>(Cause.class);
        flows(receivers.stream())
                .map(flow -> flow.required("ledger").required("causes"))
                .flatMap(ofFlow -> ofFlow.properties().stream())
                .forEach(cause ->
                        causes.merge(Cause.valueOf(cause.getKey()), cause.getValue().asLong(), Long::sum));
        if (!refused.isNull()) {
            causes.computeIfPresent(Cause.NIC, (nic, packets) -> Math.min(packets, refused.asLong()));
        }
        return causes;
    }

    private List<AdviceReport> advice(Map<Cause, Long> causes) {
        if (plan.backend().isPeer()) {
            return List.of(); // it has no ledger
        }
        Map<Cause, AdviceReport> worst = new EnumMap<>(Cause.class);
        flows(receivers.stream())
                .flatMap(flow -> StreamSupport.stream(flow.required("advice").spliterator(), false))
                .map(advice -> MAPPER.convertValue(advice, AdviceReport.class))
                .filter(advice -> causes.containsKey(advice.cause()))
                .forEach(advice -> worst.merge(
                        advice.cause(), advice, (one, other) -> other.packets() > one.packets() ? other : one));
        return List.copyOf(worst.values());
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
        return new Cell.Latency(
                worst.applyAsDouble("p50"),
                worst.applyAsDouble("p99"),
                worst.applyAsDouble("p999"),
                worst.applyAsDouble("max"));
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
