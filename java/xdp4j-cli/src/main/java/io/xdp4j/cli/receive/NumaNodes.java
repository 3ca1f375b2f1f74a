// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.receive;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The NUMA nodes of this machine.
 *
 * @param withMemory those that have some; none where the kernel knows no nodes
 * @param allowed those whose memory this process may have (cpuset(7))
 */
public record NumaNodes(List<Integer> withMemory, List<Integer> allowed) {
    private static final int ANY = -1;

    private static final Path WITH_MEMORY = Path.of("/sys/devices/system/node/has_memory");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Mems_allowed_list:";

    public static NumaNodes ofThisProcess() throws IOException {
        if (!Files.isReadable(WITH_MEMORY)) {
            return new NumaNodes(List.of(), List.of());
        }
        List<Integer> withMemory = parse(Files.readString(WITH_MEMORY));
        try (var lines = Files.lines(STATUS)) {
            return lines.filter(line -> line.startsWith(ALLOWED))
                    .map(line -> new NumaNodes(withMemory, parse(line.substring(ALLOWED.length()))))
                    .findFirst()
                    .orElse(new NumaNodes(withMemory, withMemory)); // a kernel without cpusets
        }
    }

    private static List<Integer> parse(String list) {
        return NumberList.parse(list.strip(), "NUMA nodes");
    }

    /**
     * Where the memory for a device's packets is best: on the device's node; anywhere (-1) when there is no other node,
     * or no memory for this process there.
     *
     * @param device the node that the device is attached to, or -1
     */
    public int nearest(int device) {
        return withMemory.size() > 1 && withMemory.contains(device) && allowed.contains(device) ? device : ANY;
    }
}
