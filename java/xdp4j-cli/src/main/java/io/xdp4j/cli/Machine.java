// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where a measurement ran.
 *
 * @param kernel release of the Linux kernel
 * @param architecture as the JVM names it
 * @param cpu model name, as the kernel knows it
 * @param cpus how many this process may use
 * @param jdk version and vendor
 */
public record Machine(String kernel, String architecture, String cpu, int cpus, String jdk) {
    private static final Path CPUINFO = Path.of("/proc/cpuinfo");

    /** @param cpus how many this process may use */
    public static Machine ofThis(int cpus) throws IOException {
        return new Machine(
                System.getProperty("os.version"),
                System.getProperty("os.arch"),
                cpuModel(),
                cpus,
                System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"));
    }

    /** For people. */
    public String explained() {
        return "Linux " + kernel + " " + architecture + ", " + cpus + " CPUs (" + cpu + "), JDK " + jdk;
    }

    /** The same, name by name. */
    public Map<String, String> terms() {
        Map<String, String> terms = new LinkedHashMap<>();
        terms.put("kernel", "Linux " + kernel + " " + architecture);
        terms.put("CPUs", cpus + " (" + cpu + ")");
        terms.put("JDK", jdk);
        return terms;
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
