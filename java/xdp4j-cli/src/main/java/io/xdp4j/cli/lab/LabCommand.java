// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code xdp4j lab}: a place to try things without a second machine. */
@Command(
        name = "lab",
        header = {"Two network namespaces joined by a veth pair, to try things in.", ""},
        description = {
            "",
            "  xdp4j-tx                          xdp4j-rx",
            "  tx0 10.99.0.2/24 fd99::2/64  ->   rx0 10.99.0.1/24 fd99::1/64"
        },
        synopsisSubcommandLabel = "COMMAND ...",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        subcommands = {LabUp.class, LabDown.class, LabExec.class, LabStatus.class},
        footer = {
            "",
            "Example:",
            "  sudo ./xdp4j lab up",
            "  sudo ./xdp4j lab exec rx ./xdp4j receive --interface rx0 --flow 239.1.2.3:5004",
            "  sudo ./xdp4j lab exec tx ./xdp4j send --interface tx0 --flow 239.1.2.3:5004 \\",
            "      --rate 1000 --seconds 5",
            "  sudo ./xdp4j lab down"
        })
public final class LabCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /** Without a command: what there is. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return CommandLine.ExitCode.OK;
    }
}
