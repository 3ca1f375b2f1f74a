// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.receive.AdviceReport;
import io.xdp4j.cli.receive.Idle;
import io.xdp4j.ledger.Cause;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Hand-made cells, and plans of 6 s. */
final class Cells {
    private Cells() {}

    static Plan plan(Backend backend, long pps) {
        return Plan.of(backend, idle("sleep:1ms"), pps, 6);
    }

    static Idle idle(String text) {
        return new Idle.Converter().convert(text);
    }

    /** An AF_XDP cell that lost what the causes say. */
    static Cell xdp(Backend backend, long pps, long sent, Map<Cause, Long> causes) {
        return cell(backend, pps, sent, causes, 0, 30.0, 6.0);
    }

    /** A socket cell that lost what the causes say. */
    static Cell socket(Backend backend, long pps, long sent, Map<Cause, Long> causes) {
        return cell(backend, pps, sent, causes, 0, 900.0, 6.0);
    }

    static Cell cell(
            Backend backend,
            long pps,
            long sent,
            Map<Cause, Long> causes,
            long unexplained,
            Double cpuNsPerPacket,
            double elapsedSeconds) {
        return cell(plan(backend, pps), sent, causes, unexplained, cpuNsPerPacket, elapsedSeconds);
    }

    static Cell cell(
            Plan plan,
            long sent,
            Map<Cause, Long> causes,
            long unexplained,
            Double cpuNsPerPacket,
            double elapsedSeconds) {
        return cell(plan, sent, causes, unexplained, cpuNsPerPacket, cpuNsPerPacket, elapsedSeconds);
    }

    static Cell cell(
            Plan plan,
            long sent,
            Map<Cause, Long> causes,
            long unexplained,
            Double cpuNsPerPacket,
            Double busyNsPerPacket,
            double elapsedSeconds) {
        Backend backend = plan.backend();
        long lost = unexplained + causes.values().stream().mapToLong(Long::longValue).sum();
        return new Cell(
                backend.toString(),
                plan.idle().text(),
                plan.flows().size(),
                plan.offeredPps(),
                sent,
                sent - lost,
                lost,
                0,
                0,
                causes,
                unexplained,
                causes.entrySet().stream()
                        .map(cause -> advice(cause.getKey(), cause.getValue()))
                        .collect(Collectors.toList()),
                cpuNsPerPacket,
                cpuNsPerPacket,
                cpuNsPerPacket,
                busyNsPerPacket,
                cpuNsPerPacket,
                backend == Backend.NIO ? null : new Cell.Latency(1_050.4, 2_100, 20_480.6, 46_123.7),
                elapsedSeconds,
                0.3,
                "live-frames",
                backend.isXdp() ? "native" : null,
                backend.ringDescriptors(),
                backend.isXdp() && !backend.isPeer() ? 512 : null,
                backend.isXdp() ? null : 425_984L);
    }

    private static AdviceReport advice(Cause cause, long packets) {
        return new AdviceReport(
                cause,
                packets,
                "Finding on " + cause.label() + ".",
                "Change of " + cause.label() + ".",
                cause == Cause.FILL_RING_EMPTY ? List.of("--fill-ring", "32768", "--rx-ring", "32768") : List.of());
    }
}
