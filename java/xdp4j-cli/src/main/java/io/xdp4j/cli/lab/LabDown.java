// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli.lab;

import io.xdp4j.cli.RootUser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code xdp4j lab down}. */
@Command(
        name = "down",
        header = {"Removes the lab.", ""},
        footer = {"", "Example:", "  sudo ./xdp4j lab down"})
final class LabDown implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        RootUser.require("lab down");
        List<String> left = new ArrayList<>();
        for (NamedLab.Side side : NamedLab.Side.values()) {
            if (side.exists()) {
                for (long pid : side.processes()) {
                    left.add("process " + Processes.describe(pid) + " is still in " + side.namespaceName()
                            + ", which has no name any more and ends with it");
                }
            }
        }
        NamedLab.down();
        left.forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().println("The lab is down.");
        return CommandLine.ExitCode.OK;
    }
}
