// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import io.xdp4j.packet.KernelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What a failure says and which exit code it has: 2 is for the user to mend, 1 is not. */
final class Failure {
    private Failure() {}

    /** Options that cannot be read. */
    static int ofParameters(ParameterException failure, String[] arguments) {
        CommandLine line = failure.getCommandLine();
        String command = line.getCommandSpec().qualifiedName();
        return say(line, failure.getMessage() + " (see " + command + " --help)", CommandLine.ExitCode.USAGE);
    }

    /**
     * What a command threw. A {@link KernelException} that reaches this point comes from setting up what the user
     * asked for (EBUSY, EPERM, ENODEV ...); one from a running receiver arrives wrapped.
     */
    static int ofCommand(Exception failure, CommandLine line, ParseResult parsed) {
        if (failure instanceof BadInput
                || failure instanceof KernelException
                || (failure instanceof UnsupportedOperationException && failure.getMessage() != null)) {
            return say(line, failure.getMessage(), CommandLine.ExitCode.USAGE);
        }
        if (failure instanceof UncheckedIOException unchecked) {
            return say(line, unchecked.getCause().getMessage(), CommandLine.ExitCode.SOFTWARE);
        }
        if (failure instanceof IOException) {
            return say(line, failure.getMessage(), CommandLine.ExitCode.SOFTWARE);
        }
        failure.printStackTrace(line.getErr()); // a defect of ours: whoever reports it needs the trace
        return say(line, "this is a defect of xdp4j: " + failure, CommandLine.ExitCode.SOFTWARE);
    }

    private static int say(CommandLine line, String message, int exitCode) {
        String oneLine = String.valueOf(message).strip().replaceAll("\\s*\\R\\s*", "; ");
        line.getErr().println("xdp4j: " + oneLine);
        line.getErr().flush();
        return exitCode;
    }
}
