// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a program of the system wrote.
 *
 * @param exitCode of it; {@value #MISSING} where there is no such program
 * @param output on standard output, or what it complained of when it failed
 */
record ToolOutput(int exitCode, String output) {
    private static final int MISSING = 127; // as a shell has it

    static ToolOutput of(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new ToolOutput(process.onExit().join().exitValue(), output.strip());
        } catch (IOException e) {
            return new ToolOutput(MISSING, command[0] + " is not installed");
        }
    }

    boolean failed() {
        return exitCode != 0;
    }

    boolean missing() {
        return exitCode == MISSING;
    }

    /** Its first line. */
    String complaint() {
        return output.lines().findFirst().orElse("exit code " + exitCode);
    }
}
