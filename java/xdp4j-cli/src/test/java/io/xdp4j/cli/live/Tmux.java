// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.cli.Cable;
import io.xdp4j.cli.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The command line on a terminal of tmux, which tells what a person sees there. */
final class Tmux implements AutoCloseable {
    private final Path folder = Files.createTempDirectory("tmux");

    /** @param environment for example TERM=dumb; besides what tmux sets itself */
    Tmux(int columns, int rows, List<String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                "-f", "/dev/null", "new-session", "-d", "-x", "" + columns, "-y", "" + rows,
                // As a person's shell: a signal of the terminal does not end it, and it says how the command ended.
                "sh", "-c", "trap : INT; \"$@\"; echo exit code $?; exec sleep 1000", "sh",
                "env", "--unset=NO_COLOR"));
        command.addAll(environment);
        command.addAll(Program.command(arguments));
        tmux(command.toArray(String[]::new));
    }

    private String tmux(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("tmux", "-S", folder.resolve("socket").toString()));
        command.addAll(List.of(arguments));
        return Cable.run(command.toArray(String[]::new));
    }

    /** The lines, without blanks at their ends. */
    String screen() throws IOException {
        return tmux("capture-pane", "-p");
    }

    /** As above, with the sequences that make it so. */
    String screenWithSequences() throws IOException {
        return tmux("capture-pane", "-p", "-e");
    }

    /** All that went over the ordinary screen. */
    String history() throws IOException {
        return tmux("capture-pane", "-p", "-J", "-S", "-");
    }

    void await(String pattern) throws IOException {
        Pattern sought = Pattern.compile(pattern, Pattern.MULTILINE);
        try {
            Cable.await(pattern, () -> sought.matcher(screen()).find());
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "; on the screen:\n" + screen(), e);
        }
    }

    /** Whether a program has the whole of it, and hides the cursor. */
    boolean isTaken() throws IOException {
        String flags = tmux("display-message", "-p", "#{alternate_on} #{cursor_flag}").strip();
        assertEquals(true, flags.equals("1 0") || flags.equals("0 1"), flags);
        return flags.equals("1 0");
    }

    void resize(int columns, int rows) throws IOException {
        tmux("resize-window", "-x", "" + columns, "-y", "" + rows);
    }

    /** As a person presses it: C-c. */
    void press(String key) throws IOException {
        tmux("send-keys", key);
    }

    /** To the command alone. */
    void signal(String name) throws IOException {
        long shell = Long.parseLong(tmux("display-message", "-p", "#{pane_pid}").strip());
        ProcessHandle command = ProcessHandle.of(shell).orElseThrow().children().findFirst().orElseThrow();
        Cable.run("kill", "-" + name, Long.toString(command.pid()));
    }

    @Override
    public void close() throws IOException {
        tmux("kill-server");
        Files.deleteIfExists(folder.resolve("socket"));
        Files.delete(folder);
    }
}
