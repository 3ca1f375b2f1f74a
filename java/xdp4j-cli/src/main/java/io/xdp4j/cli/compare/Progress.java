// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** How far the comparison is: on a terminal one line that changes, elsewhere a line for each run that has ended. */
final class Progress {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private String run = "";

    Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    static Progress onStandardError() {
        return new Progress(System.err, isTerminal());
    }

    /** @param run which it is, for example {@code cell 2 of 15: raw at 150,000 pps, sleep:1ms} */
    void start(String run) {
        this.run = run;
        say("starting");
    }

    /** @param secondsLeft of sending */
    void sending(long secondsLeft) {
        say("sending, " + Math.max(secondsLeft, 0) + " s to go");
    }

    private void say(String what) {
        if (terminal) {
            out.print(ERASE_LINE + run + ": " + what);
            out.flush();
        }
    }

    /** @param result in a few words */
    void finished(String result) {
        if (!terminal) {
            out.println(run + ": " + result);
        }
    }

    /** Leaves the terminal's line empty for what comes next. */
    void end() {
        if (terminal) {
            out.print(ERASE_LINE);
            out.flush();
        }
    }

    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
