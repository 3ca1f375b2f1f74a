// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.util.LinkedHashMap;
import java.util.Map;

/** Hand-made cells. */
final class Cells {
    private Cells() {}

    /** An AF_XDP cell that lost what the drops say. */
    static Cell xdp(Backend backend, long pps, long sent, Map<String, Long> drops) {
        return cell(backend, pps, sent, drops, 30.0, 6.0);
    }

    /** A socket cell that lost what the drops say. */
    static Cell socket(Backend backend, long pps, long sent, Map<String, Long> drops) {
        return cell(backend, pps, sent, drops, 900.0, 6.0);
    }

    static Cell cell(
            Backend backend,
            long pps,
            long sent,
            Map<String, Long> drops,
            Double cpuNsPerPacket,
            double elapsedSeconds) {
        Map<String, Long> all = new LinkedHashMap<>(drops);
        all.putIfAbsent(Cell.UNEXPLAINED, 0L);
        long lost = all.values().stream().mapToLong(Long::longValue).sum();
        return new Cell(
                backend.toString(),
                Plan.of(backend, pps).flows().size(),
                pps,
                sent,
                sent - lost,
                lost,
                0,
                0,
                all,
                cpuNsPerPacket,
                cpuNsPerPacket,
                cpuNsPerPacket,
                cpuNsPerPacket,
                backend == Backend.NIO ? null : new Cell.Latency(1_050.4, 2_100, 46_123.7),
                elapsedSeconds,
                0.3,
                "live-frames",
                backend.isXdp() ? "native" : null,
                backend.ringDescriptors(),
                backend.isXdp() ? null : 425_984L);
    }
}
