// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import io.xdp4j.cli.BadInput;
import io.xdp4j.cli.Interruption;
import io.xdp4j.cli.RootUser;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code xdp4j lab up}. */
@Command(
        name = "up",
        header = {"Makes the lab.", ""},
        footer = {"", "Example:", "  sudo ./xdp4j lab up --queues 2"})
final class LabUp implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--queues",
            paramLabel = "N",
            defaultValue = "1",
            description = "RX and TX queues of either end. Default: ${DEFAULT-VALUE}.")
    private int queues;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (queues < 1 || queues > VethPair.MOST_QUEUES) {
            throw new BadInput("--queues " + queues + " is not between 1 and " + VethPair.MOST_QUEUES);
        }
        RootUser.require("lab up");
        try (var interruption = Interruption.ofThisThread()) {
            NamedLab.up(queues);
            if (interruption.isRequested()) {
                NamedLab.down(); // too late to be noticed on the way
                return CommandLine.ExitCode.SOFTWARE;
            }
        } catch (InterruptedException e) {
            return CommandLine.ExitCode.SOFTWARE; // the JVM is ending: its exit code is that of the signal
        }
        spec.commandLine()
                .getOut()
                .printf("The lab is up: %s in %s, %s in %s.%n",
                        VethPair.TX,
                        NamedLab.Side.TX.namespaceName(),
                        VethPair.RX,
                        NamedLab.Side.RX.namespaceName());
        return CommandLine.ExitCode.OK;
    }
}
