// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import io.xdp4j.cli.compare.CompareCommand;
import io.xdp4j.cli.doctor.DoctorCommand;
import io.xdp4j.cli.explain.ExplainCommand;
import io.xdp4j.cli.lab.LabCommand;
import io.xdp4j.cli.receive.ReceiveCommand;
import io.xdp4j.cli.status.StatusCommand;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line: {@code xdp4j SUB-COMMAND ...}. */
@Command(
        name = "xdp4j",
        header = {"Receives RTP multicast in Java without loss, and says where a packet was lost.", ""},
        synopsisSubcommandLabel = "COMMAND ...",
        commandListHeading = "%nCommands:%n",
        subcommands = {
            CompareCommand.class,
            DoctorCommand.class,
            ReceiveCommand.class,
            ExplainCommand.class,
            SendCommand.class,
            StatusCommand.class,
            LabCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  sudo ./xdp4j compare                   # AF_XDP beside sockets, in 3 minutes",
            "  sudo ./xdp4j doctor --interface eth1   # what is missing, and what mends it",
            "  sudo ./xdp4j receive --interface eth1 --flow 239.1.2.3:5004",
            "      what arrives on eth1, refreshed each second until Ctrl-C; then a summary",
            "  sudo ./xdp4j explain --interface eth1 --flow 239.1.2.3:5004",
            "      what is lost where and why, and what ends it, tried at once",
            "",
            "xdp4j COMMAND --help explains a command, xdp4j --version says which this is."
        })
public final class Main implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    private Main() {}

    public static void main(String[] arguments) {
        int exitCode;
        try {
            exitCode = commandLine().execute(arguments);
        } finally {
            Interruption.commandEnded();
        }
        System.exit(exitCode);
    }

    /** The whole command line, as {@link #main} runs it and tests run it. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        addHelpAndVersion(line);
        line.getHelpSectionMap().remove(UsageMessageSpec.SECTION_KEY_OPTION_LIST); // the last line has them
        line.setUsageHelpWidth(80)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(int.class, text -> (int) wholeNumber(text, Integer.MAX_VALUE))
                .registerConverter(Integer.class, text -> (int) wholeNumber(text, Integer.MAX_VALUE))
                .registerConverter(long.class, text -> wholeNumber(text, Long.MAX_VALUE))
                .registerConverter(Long.class, text -> wholeNumber(text, Long.MAX_VALUE))
                .setExecutionExceptionHandler(Failure::ofCommand)
                .setParameterExceptionHandler(Failure::ofParameters);
        return line;
    }

    private static void addHelpAndVersion(CommandLine line) {
        line.getCommandSpec().mixinStandardHelpOptions(true).versionProvider(new ManifestVersion());
        line.getSubcommands().values().forEach(Main::addHelpAndVersion);
    }

    private static long wholeNumber(String text, long largest) {
        try {
            long number = Long.parseLong(text);
            if (number >= -largest && number <= largest) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new TypeConversionException("'" + text + "' is not a whole number that this option takes");
    }

    /** Without a command: what there is. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return CommandLine.ExitCode.OK;
    }

    private static final class ManifestVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"xdp4j " + (version == null ? "(not run from its jar)" : version)};
        }
    }
}
