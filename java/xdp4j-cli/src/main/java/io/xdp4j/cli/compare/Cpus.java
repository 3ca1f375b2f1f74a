// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Who runs where: the sender on the first CPU that this process may use, each receiver on one of the others.
 *
 * @param allowed their numbers, ascending; at least one
 */
record Cpus(List<Integer> allowed) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String LIST = "Cpus_allowed_list:";

    static Cpus ofThisProcess() throws IOException {
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(LIST))
                    .map(line -> parse(line.substring(LIST.length()).strip()))
                    .findFirst()
                    .orElseThrow(() -> new IOException(STATUS + " has no " + LIST));
        }
    }

    /** Reads the kernel's format of CPU lists, for example {@code 0-3,8}. */
    static Cpus parse(String list) {
        List<Integer> allowed = new ArrayList<>();
        for (String range : list.split(",")) {
            String[] ends = range.split("-");
            for (int cpu = Integer.parseInt(ends[0]); cpu <= Integer.parseInt(ends[ends.length - 1]); cpu++) {
                allowed.add(cpu);
            }
        }
        return new Cpus(List.copyOf(allowed));
    }

    int sender() {
        return allowed.get(0);
    }

    /** @param index 0 for the first receiver of a cell, 1 for the second */
    int receiver(int index) {
        return isShared() ? sender() : allowed.get(1 + index % (allowed.size() - 1));
    }

    /** Whether sender and receivers have to share the only CPU. */
    boolean isShared() {
        return allowed.size() == 1;
    }

    /** For people. */
    String explained() {
        if (isShared()) {
            return "one CPU only: sender and receivers share it, which costs every backend";
        }
        return "sender on CPU " + sender() + ", receivers on CPU " + receiver(0)
                + (receiver(1) == receiver(0) ? "" : " and " + receiver(1));
    }
}
