// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import io.xdp4j.cli.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A short-lived program of the system, {@code ip} or {@code ethtool}, run to its end. */
final class Tool {
    /** What setsid and nsenter exit with when there is no such program. */
    private static final int NOT_FOUND = 127;

    private Tool() {}

    /**
     * Runs it without letting itself be interrupted: these programs take milliseconds, and some of them undo things.
     *
     * @return what it wrote to standard output
     * @throws IOException when it fails; the message is the command and what it wrote to standard error
     * @throws BadInput when it is not installed
     */
    static String run(List<String> command) throws IOException {
        // A session of its own keeps Ctrl-C from ending it half way.
        List<String> detached = new ArrayList<>(List.of("setsid"));
        detached.addAll(command);
        Process process = new ProcessBuilder(detached).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        int exitCode = process.onExit().join().exitValue(); // not waitFor, which an interrupt cuts short
        if (exitCode == NOT_FOUND) {
            throw new BadInput(output + ": install it: apt-get install iproute2 ethtool util-linux");
        }
        if (exitCode != 0) {
            throw new IOException(String.join(" ", command) + ": " + (output.isEmpty() ? "exit " + exitCode : output));
        }
        return output;
    }
}
