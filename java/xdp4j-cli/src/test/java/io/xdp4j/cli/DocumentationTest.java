// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The manual pages and the completion that the build has made with {@link Documentation}. */
class DocumentationTest {
    private static final Path TARGET = Path.of("target");

    static Stream<CommandLine> commands() {
        return everyCommandOf(Main.commandLine());
    }

    /** The command and all below it. */
    static Stream<CommandLine> everyCommandOf(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream().flatMap(DocumentationTest::everyCommandOf));
    }

    /** As man shows it; groff says nothing against it. */
    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasAManualPage(CommandLine command) throws Exception {
        String name = command.getCommandSpec().qualifiedName("-");
        String page = outputOf(
                "groff", "-man", "-Tascii", "-ww", "-P-cbou", TARGET.resolve("man/" + name + ".1").toString());
        String words = page.replaceAll("-\\n\\s+", "-").replaceAll("\\s+", " ");

        assertTrue(words.contains("NAME " + name + " - "), page);
        for (String line : command.getCommandSpec().usageMessage().footer()) {
            String heading = line.replaceFirst("^Examples?:$", "EXAMPLES");
            assertTrue(words.contains(heading.strip().replaceAll("\\s+", " ")), line + " is not in " + page);
        }
        for (OptionSpec option : command.getCommandSpec().options()) {
            String label = option.longestName() + (option.arity().min() > 0 ? "=" + option.paramLabel() : "");
            assertTrue(option.hidden() || words.contains(label), label + " is not in " + page);
        }
    }

    /** What bash offers at the end of the line. */
    @ParameterizedTest
    @CsvSource({
        "rec, receive",
        "receive --interf, --interface",
        "lab st, status",
        "compare --backends xdp --los, --lossless",
        "nothing, ",
    })
    void bashCompletes(String typed, String offered) throws Exception {
        String words = "xdp4j " + typed;
        String reply = outputOf(
                "bash", "--norc", "-c",
                "compopt() { :; }; source target/xdp4j_completion;"
                        + " COMP_LINE=$1; COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                        + " _complete_xdp4j; printf '%s\\n' \"${COMPREPLY[@]}\"",
                "-", words);
        assertEquals(offered == null ? "" : offered, reply.strip());
    }

    /** Standard output and error together. */
    private static String outputOf(String... command) throws IOException {
        Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.onExit().join().exitValue(), output);
        return output;
    }
}
