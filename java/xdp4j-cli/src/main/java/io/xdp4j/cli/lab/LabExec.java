// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import io.xdp4j.cli.Interruption;
import io.xdp4j.cli.ProcessGroup;
import io.xdp4j.cli.RootUser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code xdp4j lab exec}: what it runs has our standard streams and terminal, and its exit code is ours. */
@Command(
        name = "exec",
        header = {"Runs a command on one side of the lab.", ""},
        footer = {
            "",
            "Example:",
            "  sudo ./xdp4j lab exec rx ./xdp4j receive --interface rx0 --flow 239.1.2.3:5004",
            "  sudo ./xdp4j lab exec tx bash"
        })
final class LabExec implements Callable<Integer> {
    /** How long a command that got the terminal's Ctrl-C itself may take before it gets SIGTERM as well. */
    private static final int ENDS_BY_ITSELF_WITHIN_MS = 1_000;

    @Parameters(index = "0", paramLabel = "tx|rx", description = "The side.")
    private NamedLab.Side side;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments.")
    private List<String> command;

    /** The options behind the side are those of the command. */
    @Spec
    void stopAtSide(CommandSpec spec) {
        spec.parser().stopAtPositional(true);
    }

    @Override
    @SuppressWarnings("try") // the interruption is there to be closed
    public Integer call() throws IOException {
        RootUser.require("lab exec");
        NamedLab.require();
        // Unlike nsenter it mounts the /sys of the namespace as well, which hides the tracefs that a ledger reads.
        List<String> line = new ArrayList<>(List.of("ip", "netns", "exec", side.namespaceName()));
        line.addAll(
                List.of("sh", "-c", "mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null; exec \"$0\" \"$@\""));
        line.addAll(command);
        try (var interruption = Interruption.ofThisThread()) {
            Process process = new ProcessBuilder(line).inheritIO().start();
            try {
                return process.waitFor();
            } catch (InterruptedException e) {
                // Without this the exit code would be that of the signal, not that of the command.
                Runtime.getRuntime().halt(end(process));
                return CommandLine.ExitCode.SOFTWARE; // not reached
            }
        }
    }

    /** Passes a signal on that this JVM got. */
    private static int end(Process process) {
        try {
            // Ctrl-C on the terminal has reached the command too; any other signal was for us alone.
            if (!ProcessGroup.isForeground() || !process.waitFor(ENDS_BY_ITSELF_WITHIN_MS, TimeUnit.MILLISECONDS)) {
                process.destroy();
            }
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts twice", e);
        }
    }
}
