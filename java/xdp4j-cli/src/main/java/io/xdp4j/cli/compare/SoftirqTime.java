// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How long all CPUs of the machine have been in softirqs since it started (proc_stat(5)). */
final class SoftirqTime {
    private static final Path STAT = Path.of("/proc/stat");

    /** cpu user nice system idle iowait irq softirq */
    private static final int SOFTIRQ_FIELD = 7;

    /** The kernel counts in ticks of USER_HZ, 100 a second. */
    private static final long TICK_NS = 10_000_000;

    private SoftirqTime() {}

    static long ns() throws IOException {
        return parse(Files.readString(STAT));
    }

    /** @param stat the content of {@code /proc/stat}; its first line is the sum over all CPUs */
    static long parse(String stat) {
        return Long.parseLong(stat.lines().findFirst().orElseThrow().split("\\s+")[SOFTIRQ_FIELD]) * TICK_NS;
    }
}
