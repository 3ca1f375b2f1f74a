// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the comparison ran.
 *
 * @param kernel release of the Linux kernel
 * @param architecture as the JVM names it
 * @param cpu model name, as the kernel knows it
 * @param cpus how many this process may use
 * @param jdk version and vendor
 */
record Machine(String kernel, String architecture, String cpu, int cpus, String jdk) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    static Machine ofThis(Cpus cpus) throws IOException {
        return new Machine(
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                cpuModel(),
                cpus.allowed().size(),
                System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"));
    }

    /** For people. */
    String explained() {
        return "Linux " + kernel + " " + architecture + ", " + cpus + " CPUs (" + cpu + "), JDK " + jdk;
    }

    private static String cpuModel() throws IOException {
        try (var lines = Files.lines(CPUINFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown"); // arm64 has no such line
        }
    }
}
