// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/**
 * Writes the sources of the manual pages, for asciidoctor, and the completion for bash, both from the command line's
 * own description. The build runs it: see pom.xml.
 */
public final class Documentation {
    private static final List<String> EXAMPLES = List.of("Example:", "Examples:");

    // In _N[,N-M...]_ asciidoctor would take the brackets for the attributes of what stands behind.
    private static final String BRACKETS = "_([A-Z:]+)\\[([^]_]+)]_";

    private Documentation() {}

    /** @param arguments the folder to write to, and the version */
    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        CommandLine line = Main.commandLine();
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("xdp4j_completion"), AutoComplete.bash("xdp4j", line));
        prepare(line, arguments[1]);
        Path sources = folder.resolve("man-source");
        ManPageGenerator.generateManPage(sources.toFile(), null, new boolean[0], true, line.getCommandSpec());
        try (Stream<Path> pages = Files.list(sources)) {
            for (Path page : pages.toList()) {
                Files.writeString(page, Files.readString(page).replaceAll(BRACKETS, "_$1{startsb}$2{endsb}_"));
            }
        }
    }

    /** What a page has in a section of its own, and a usage message in one piece. */
    private static void prepare(CommandLine line, String version) {
        CommandSpec command = line.getCommandSpec();
        command.versionProvider(null).version("xdp4j " + version);
        UsageMessageSpec usage = command.usageMessage();
        if (usage.description().length == 0) {
            usage.description(usage.header());
        }
        List<String> footer = Arrays.asList(usage.footer());
        int begin = (int) footer.stream().takeWhile(text -> !EXAMPLES.contains(text)).count();
        if (begin < footer.size()) {
            usage.description(Stream.of(Stream.of(usage.description()), footer.subList(0, begin).stream())
                    .flatMap(lines -> lines)
                    .toArray(String[]::new));
            usage.footerHeading("Examples");
            usage.footer(footer.subList(begin + 1, footer.size()).toArray(String[]::new));
        }
        line.getSubcommands().values().forEach(each -> prepare(each, version));
    }
}
