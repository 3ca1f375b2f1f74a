// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace that somebody else keeps alive: a name under {@code /run/netns}, or a process in it.
 *
 * @param path what {@code nsenter --net} and {@code ip link ... netns} take
 */
public record Namespace(String path) {
    /** The namespace that this process is in. */
    public static Namespace ofProcess(long pid) {
        return new Namespace("/proc/" + pid + "/ns/net");
    }

    /** The command line that runs {@code command} in here; it replaces itself by the command, keeping its pid. */
    public List<String> within(List<String> command) {
        List<String> line = new ArrayList<>(List.of("nsenter", "--net=" + path));
        line.addAll(command);
        return line;
    }

    /** Runs a short-lived program in here and returns what it said. */
    String run(String... command) throws IOException {
        return Tool.run(within(List.of(command)));
    }
}
