// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import java.util.Optional;

/** Processes as a person knows them. */
final class Processes {
    private static final int SHOWN = 60;

    private Processes() {}

    /** Pid and command line, for example {@code 1234 (sleep 100)}. */
    static String describe(long pid) {
        Optional<String> commandLine = ProcessHandle.of(pid).flatMap(process -> process.info().commandLine());
        return pid + commandLine.map(line -> " (" + shortened(line) + ")").orElse("");
    }

    private static String shortened(String line) {
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN - 3) + "...";
    }
}
