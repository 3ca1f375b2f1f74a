// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** What the command line says of itself fits a terminal, and the examples that it gives are right. */
class HelpTest {
    private static final int SCREEN_LINES = 24; // the prompt behind it included
    private static final int SCREEN_COLUMNS = 80;
    private static final String LAUNCHER = "./xdp4j";

    static Stream<CommandLine> commands() {
        return DocumentationTest.everyCommandOf(Main.commandLine());
    }

    @Test
    void explainsItselfInOneScreen() {
        String usage = Main.commandLine().getUsageMessage();
        assertTrue(usage.lines().count() < SCREEN_LINES, usage);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isNoWiderThanATerminal(CommandLine command) {
        command.getUsageMessage().lines().forEach(line -> assertTrue(line.length() <= SCREEN_COLUMNS, line));
    }

    /** Each is parsed, and not run; one at least is of the command itself. */
    @ParameterizedTest
    @MethodSource("commands")
    void hasExamplesThatParse(CommandLine command) {
        List<List<String>> examples = examples(command.getUsageMessage());
        assertFalse(examples.isEmpty(), command.getUsageMessage());
        List<String> names = new ArrayList<>();
        for (List<String> example : examples) {
            ParseResult innermost = parse(example);
            names.add(innermost.commandSpec().qualifiedName());
            if (example.contains(LAUNCHER)) { // run by lab exec
                parse(example.subList(example.indexOf(LAUNCHER) + 1, example.size()));
            }
        }
        String name = command.getCommandSpec().qualifiedName();
        assertTrue(names.stream().anyMatch(each -> each.startsWith(name)), name + " is not in " + names);
    }

    private static ParseResult parse(List<String> arguments) {
        ParseResult innermost = Main.commandLine().parseArgs(arguments.toArray(String[]::new));
        while (innermost.hasSubcommand()) {
            innermost = innermost.subcommand();
        }
        return innermost;
    }

    /** The arguments of each: of the lines below "Example", without what the shell takes off. */
    private static List<List<String>> examples(String usage) {
        List<List<String>> examples = new ArrayList<>();
        String listed = usage.replaceFirst("(?s).*\\R(?=Examples?:\\R)", "").replaceAll("\\\\\\R", " ");
        listed.lines().filter(line -> line.matches("  (sudo )?\\./xdp4j .*")).forEach(line -> {
            String arguments = line.replaceFirst(".*?\\./xdp4j ", "").replaceFirst("\\s#.*", "");
            examples.add(List.of(arguments.strip().split("\\s+")));
        });
        return examples;
    }

    @Test
    void examplesAreRecognized() {
        assertEquals(
                List.of(List.of("a", "--b", "c"), List.of("d")),
                examples("Usage:\n  ./xdp4j no\n\nExamples:\n"
                        + "  sudo ./xdp4j a --b \\\n      c\n   says\n  ./xdp4j d  # e\n"));
    }
}
