// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether this process may load programs, open AF_XDP sockets and make namespaces. */
public final class RootUser {
    private static final Path STATUS = Path.of("/proc/self/status");

    private RootUser() {}

    /**
     * @param command the sub-command as typed, for the message
     * @throws BadInput when the effective user is another one
     */
    public static void require(String command) {
        if (!isRoot()) {
            throw new BadInput("must be root: sudo ./xdp4j " + command + " ...");
        }
    }

    private static boolean isRoot() {
        try (var lines = Files.lines(STATUS)) {
            // Uid: real, effective, saved set, file system (proc_pid_status(5))
            return lines.filter(line -> line.startsWith("Uid:"))
                    .anyMatch(line -> line.split("\\s+")[2].equals("0"));
        } catch (IOException e) {
            return false; // no /proc, so no Linux
        }
    }
}
