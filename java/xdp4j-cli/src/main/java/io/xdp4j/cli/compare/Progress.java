// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.compare;

import io.xdp4j.cli.Figures;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** How far the comparison is: on a terminal one line that changes, elsewhere a line for each finished cell. */
final class Progress {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");
    private static final String ERASE_LINE = "\r\033[K";

    private final PrintStream out;
    private final boolean terminal;
    private final int cells;
    private int cell;

    Progress(PrintStream out, boolean terminal, int cells) {
        this.out = out;
        this.terminal = terminal;
        this.cells = cells;
    }

    static Progress onStandardError(int cells) {
        return new Progress(System.err, isTerminal(), cells);
    }

    void start(Plan plan) {
        cell++;
        say(plan, "starting");
    }

    /** @param secondsLeft of sending */
    void sending(Plan plan, long secondsLeft) {
        say(plan, "sending, " + Math.max(secondsLeft, 0) + " s to go");
    }

    private void say(Plan plan, String what) {
        if (terminal) {
            out.print(ERASE_LINE + prefix(plan) + what);
            out.flush();
        }
    }

    void finished(Plan plan, Cell result) {
        if (!terminal) {
            out.println(
                    prefix(plan) + "sent " + Figures.count(result.sent()) + ", lost " + Figures.count(result.lost()));
        }
    }

    /** Leaves the terminal's line empty for what comes next. */
    void end() {
        if (terminal) {
            out.print(ERASE_LINE);
            out.flush();
        }
    }

    private String prefix(Plan plan) {
        return "cell " + cell + " of " + cells + ": " + plan + ": ";
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
