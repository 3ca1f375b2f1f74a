// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How long ago this process was started, by the kernel's count since it booted, in ticks of 10 ms. What the JDK tells
 * ({@link ProcessHandle.Info#startInstant()}) counts from a boot time in whole seconds.
 */
final class ProcessAge {
    private static final Path STAT = Path.of("/proc/self/stat");
    private static final Path UPTIME = Path.of("/proc/uptime");

    /** starttime, counted from the field behind the name in brackets (proc_pid_stat(5)). */
    private static final int START_FIELD = 22 - 3;

    /** USER_HZ is 100. */
    private static final double TICK_MS = 10;

    private ProcessAge() {}

    static double ms() {
        try {
            return ms(Files.readString(STAT), Files.readString(UPTIME));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param stat the content of {@code /proc/self/stat}
     * @param uptime the content of {@code /proc/uptime}: seconds since boot, seconds idle
     */
    static double ms(String stat, String uptime) {
        String startTicks = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[START_FIELD];
        return 1_000 * Double.parseDouble(uptime.split(" ")[0]) - TICK_MS * Long.parseLong(startTicks);
    }
}
