// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps the thread that opened it on one CPU. Live frames arrive on queue {@code CPU % queues} of the veth's other end,
 * if an XDP program in native mode looks; to one in generic mode a veth's packets are all of queue 0.
 *
 * <p>Processes that the thread starts meanwhile stay on that CPU. Threads: opened and closed by the same one.
 */
public final class CpuPin implements AutoCloseable {
    private static final Path SELF = Path.of("/proc/thread-self");

    private final String before;

    private CpuPin(String before) {
        this.before = before;
    }

    /** @param cpu from 0 */
    public static CpuPin to(int cpu) throws IOException {
        CpuPin pin = new CpuPin(allowed());
        pin(Integer.toString(cpu));
        return pin;
    }

    /** On which the thread may run now, for example {@code 0-3,8}. */
    private static String allowed() throws IOException {
        for (String line : Files.readAllLines(SELF.resolve("status"))) {
            if (line.startsWith("Cpus_allowed_list:")) {
                return line.substring(line.indexOf(':') + 1).strip();
            }
        }
        throw new IOException("no Cpus_allowed_list in " + SELF.resolve("status"));
    }

    private static void pin(String cpus) throws IOException {
        String thread = Files.readSymbolicLink(SELF).getFileName().toString();
        VethPair.run("taskset", "-cp", cpus, thread);
    }

    /** Lets the thread run where it could before. */
    @Override
    public void close() throws IOException {
        pin(before);
    }
}
