// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.xdp4j.cli.receive.QueueSample;
import io.xdp4j.cli.receive.RtpFigures;
import io.xdp4j.cli.receive.Sample;
import io.xdp4j.ledger.Cause;
import io.xdp4j.ledger.FlowLedger;
import io.xdp4j.rtp.RtpCounter;
import io.xdp4j.rtp.RtpStatistics;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What is published, as metrics; they are made when they are asked for.
 *
 * <p>What may fall is a gauge, though it counts: a counter that falls is taken for one that began again at 0, and its
 * rate would be that of all packets at once.
 *
 * <p>Threads: one publishes; any may collect.
 */
final class ReceiveMetrics implements MultiCollector {
    private static final double NS_PER_SECOND = 1e9;
    private static final double MS_PER_SECOND = 1e3;

    /**
     * A straggler heals a gap, and a packet thought late may prove to be the first after a restart. What was expected
     * of a flow that came to several receivers follows from what was lost.
     */
    private static final Set<RtpCounter> MAY_FALL =
            EnumSet.of(RtpCounter.EXPECTED, RtpCounter.LOST, RtpCounter.LATE);

    private static final Map<RtpCounter, String> RTP_NAMES = EnumSet.allOf(RtpCounter.class).stream()
            .collect(Collectors.toMap(counter -> counter, ReceiveMetrics::name));

    private static final String LOST_HELP = "Packets of the flow lost to a cause; may fall, when one comes late or is"
            + " found to have another cause. "
            + Arrays.stream(Cause.values())
                    .map(cause -> cause + ": " + cause.happened())
                    .collect(Collectors.joining(" "));

    private static final String LATENCY_HELP = "Time from the kernel's first sight of a packet to the program's having"
            + " its batch; of every packet taken, RTP or not.";

    private static final String ABSENCE_HELP = "The longest time between two looks of a receiver at its sockets, which"
            + " rings or buffer have to bridge. AF_XDP has a receiver for each queue, ordinary sockets one for each"
            + " flow.";

    private final String version =
            Optional.ofNullable(ReceiveMetrics.class.getPackage().getImplementationVersion())
                    .orElse("unknown");
    private volatile Published latest; // null until packets are received

    void publish(Published next) {
        latest = next;
    }

    @Override
    public MetricSnapshots collect() {
        Published now = latest;
        Families families = new Families();
        families.info("xdp4j_build", "The xdp4j that runs.", Labels.of("version", version));
        for (Cause cause : Cause.values()) {
            families.info(
                    "xdp4j_cause",
                    "What to change when packets are lost to a cause.",
                    Labels.of("cause", cause.name(), "change", cause.change()));
        }
        if (now != null) {
            families.info(
                    "xdp4j_receive", "What is received from, and how.",
                    Labels.of("interface", now.interfaceName(), "backend", now.backend()));
            families.gauge(
                    "xdp4j_receive_start_time_seconds", "When receiving began.", seconds(now.startedAt()),
                    Labels.EMPTY);
        }
        if (now != null && now.sample() != null) {
            families.gauge(
                    "xdp4j_receive_sample_timestamp_seconds",
                    "When these figures were taken, which happens once a second.",
                    seconds(now.sample().at()), Labels.EMPTY);
            for (int flow = 0; flow < now.sample().flows().size(); flow++) {
                addFlow(families, now, flow);
            }
            now.sample().queues().forEach(queue -> addQueue(families, queue, now.fullest().get(queue.queue())));
        }
        return families.snapshots();
    }

    private static double seconds(Instant time) {
        return time.toEpochMilli() / MS_PER_SECOND;
    }

    private static void addFlow(Families families, Published now, int place) {
        Sample.FlowSample flow = now.sample().flows().get(place);
        Labels labels = Labels.of("flow", flow.flow().toString());
        addLedger(families, flow.ledger(), labels);
        RtpFigures.of(flow.rtp(), flow.ledger(), flow.split()).forEach((counter, value) -> {
            if (MAY_FALL.contains(counter)) {
                families.gauge(RTP_NAMES.get(counter), counter.description(), value, labels);
            } else {
                families.counter(RTP_NAMES.get(counter), counter.description(), value, labels);
            }
        });
        families.gauge(
                "xdp4j_rtp_jitter_seconds",
                "Interarrival jitter (RFC 3550 A.8).",
                flow.rtp().latestStream().map(RtpStatistics.Stream::jitterNs).orElse(0.0) / NS_PER_SECOND,
                labels);
        if (!now.latencies().isEmpty()) {
            families.histogram("xdp4j_flow_latency_seconds", LATENCY_HELP, now.latencies().get(place), labels);
        }
        for (int queue : flow.queues()) {
            families.gauge(
                    "xdp4j_flow_queue",
                    "1 for each queue on which packets of the flow came in the latest second.",
                    1,
                    labels.add("queue", Integer.toString(queue)));
        }
        if (now.sample().queues().isEmpty()) {
            long absenceNs = now.sample().ledger().demands().get(place).absenceNs();
            families.gauge(
                    "xdp4j_receiver_longest_absence_seconds", ABSENCE_HELP, absenceNs / NS_PER_SECOND, labels);
        }
    }

    private static void addLedger(Families families, FlowLedger ledger, Labels flow) {
        families.gauge(
                "xdp4j_flow_wire_packets",
                "Packets of the flow that were on the wire: those that arrived, and those whose absence shows."
                        + " Delivered, waiting, lost and unexplained add up to it.",
                ledger.wire(), flow);
        families.counter(
                "xdp4j_flow_delivered_packets", "RTP packets of the flow that the program got.",
                ledger.delivered(), flow);
        families.gauge(
                "xdp4j_flow_waiting_packets", "Packets of the flow on their way from the kernel to the program.",
                ledger.waiting(), flow);
        families.gauge(
                "xdp4j_flow_unexplained_packets",
                "Packets of the flow that no counter accounts for; 0, or xdp4j's ledger is wrong.",
                ledger.unexplained(), flow);
        for (Cause cause : Cause.values()) { // also of 0: a series that begins with its first loss shows no rise
            families.gauge(
                    "xdp4j_flow_lost_packets", LOST_HELP, ledger.lost(cause), flow.add("cause", cause.name()));
        }
    }

    private static String name(RtpCounter counter) {
        return "xdp4j_rtp_" + switch (counter) {
            case RECEIVED -> "received_packets";
            case EXPECTED -> "expected_packets";
            case LOST -> "lost_packets";
            case DISCONTINUITIES -> "discontinuities";
            case REORDERED -> "reordered_packets";
            case DUPLICATE -> "duplicate_packets";
            case LATE -> "late_packets";
            case SSRC_CHANGES -> "ssrc_changes";
            case RESTARTS -> "restarts";
            case NON_RTP -> "non_rtp_packets";
            case BYTES -> "payload_bytes";
        };
    }

    private static void addQueue(Families families, QueueSample sample, int fullest) {
        Labels queue = Labels.of("queue", Integer.toString(sample.queue()));
        families.gauge(
                "xdp4j_queue_ring_fullest_descriptors",
                "The most descriptors that were found waiting in an RX ring of the queue in the latest minute; a packet"
                        + " takes one, unless it comes in several frames.",
                fullest, queue);
        families.gauge(
                "xdp4j_queue_ring_room_descriptors",
                "How many can wait: what the smaller one of RX ring and fill ring holds.",
                sample.room(), queue);
        families.counter(
                "xdp4j_queue_taken_packets", "Packets that the receiver took from its RX rings.",
                sample.taken(), queue);
        families.counter(
                "xdp4j_queue_rx_dropped_packets",
                "rx_dropped of XDP_STATISTICS: packets for which there was no frame (with copies), or that are too"
                        + " long.",
                sample.statistics().rxDropped(), queue);
        families.counter(
                "xdp4j_queue_rx_ring_full_packets",
                "rx_ring_full of XDP_STATISTICS: packets dropped because an RX ring was full.",
                sample.statistics().rxRingFull(), queue);
        families.counter(
                "xdp4j_queue_rx_fill_ring_empty",
                "rx_fill_ring_empty_descs of XDP_STATISTICS: vain attempts to take a frame. With copies these packets"
                        + " are in rx_dropped too: do not add them.",
                sample.statistics().rxFillRingEmpty(), queue);
        families.counter(
                "xdp4j_queue_rx_invalid_descriptors",
                "rx_invalid_descs of XDP_STATISTICS: what the kernel had against the sockets' rings.",
                sample.statistics().rxInvalidDescriptors(), queue);
        families.gauge(
                "xdp4j_receiver_longest_absence_seconds", ABSENCE_HELP, sample.longestAbsenceNs() / NS_PER_SECOND,
                queue);
        if (sample.restarts() != null) {
            families.counter(
                    "xdp4j_queue_worker_restarts", "How often the process of the queue was started again.",
                    sample.restarts(), queue);
        }
    }
}
