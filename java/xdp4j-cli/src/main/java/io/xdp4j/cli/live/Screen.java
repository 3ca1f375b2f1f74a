// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import java.io.IOException;
import java.util.List;

/**
 * The whole of a terminal, as long as a program shows something there: its alternate screen, which has no history to
 * scroll through, and from which the terminal goes back to what a person had there before. Whatever ends this process,
 * but SIGKILL, ends that too.
 *
 * <p>Threads: any; calls wait for each other.
 */
final class Screen {
    private static final int PATIENCE_MS = 1_000;

    private static final String CONTROL = "\u001b[";

    /** Sequences of xterm, which terminals have in common. */
    private static final String ENTER = CONTROL + "?1049h" + CONTROL + "?25l"; // alternate screen, no cursor

    private static final String HOME = CONTROL + "H";
    private static final String ERASE_TO_END_OF_LINE = CONTROL + "K";
    private static final String ERASE_BELOW = CONTROL + "J";

    // Erased, for after a resize tmux would leave some of it.
    private static final String LEAVE = HOME + ERASE_BELOW + CONTROL + "?25h" + CONTROL + "?1049l";
    private static final String NORMAL = CONTROL + "m";

    private final Terminal terminal;
    private final Thread atExit = new Thread(this::abandon, "screen");
    private boolean isEndEnsured;
    private boolean entered;
    private boolean closed;

    Screen(Terminal terminal) {
        this.terminal = terminal;
    }

    /**
     * Shows these lines, and nothing else, by one write; none is erased before it is written, so that nothing flickers.
     *
     * @throws IOException when the terminal is gone
     */
    synchronized void show(List<Line> lines, Size size) throws IOException {
        if (!entered) {
            ensureEnd();
        }
        if (closed) {
            return;
        }
        StringBuilder text = new StringBuilder(entered ? "" : ENTER);
        entered = true;
        for (int row = 0; row < lines.size(); row++) {
            Line line = lines.get(row);
            String cut = line.cut(size.columns());
            String rendition = line.look().rendition(terminal.hasColour());
            // Each line by its number: the last column of the one before need not be left for that.
            text.append(CONTROL).append(row + 1).append(";1H");
            text.append(rendition.isEmpty() ? cut : CONTROL + rendition + "m" + cut + NORMAL);
            if (cut.length() < size.columns()) {
                text.append(ERASE_TO_END_OF_LINE);
            }
        }
        if (lines.size() < size.rows()) {
            text.append(CONTROL).append(lines.size() + 1).append(";1H").append(ERASE_BELOW);
        }
        terminal.write(text.append(HOME).toString()); // where what a person types does the least harm
    }

    /** That it is left whatever comes. Whoever has told the JVM to end is not shown anything any more. */
    private void ensureEnd() {
        if (!isEndEnsured) {
            isEndEnsured = true;
            try {
                Runtime.getRuntime().addShutdownHook(atExit);
            } catch (IllegalStateException e) {
                closed = true;
            }
        }
    }

    /** What was there before is there again, until something is shown. */
    synchronized void leave() throws IOException {
        if (entered) {
            entered = false;
            terminal.write(LEAVE);
        }
    }

    /** For good. */
    void close() throws IOException {
        synchronized (this) {
            closed = true;
            leave();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // the JVM is ending, and has called it
        }
    }

    /** Does not wait for a terminal that takes nothing, as after Ctrl-S. */
    private void abandon() {
        Thread writer = new Thread(this::closeQuietly, "screen-writer");
        writer.setDaemon(true);
        writer.start();
        try {
            writer.join(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody does
        }
    }

    private synchronized void closeQuietly() {
        closed = true;
        try {
            leave();
        } catch (IOException e) {
            // gone, and so there is nothing to restore
        }
    }
}
