// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.xdp4j.ledger.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What README.md and docs/ take from the sources is in them as it is there. */
class ReadmeTest {
    private static final Path SOURCES = Path.of("src/test/java/io/xdp4j/example");
    private static final Path README = Path.of("../../README.md");
    private static final Path GETTING_STARTED = Path.of("../../docs/getting-started.md");

    /** The classes are compiled, and run by {@link ReadmeIT}. */
    @ParameterizedTest
    @ValueSource(classes = {ReceiveOneFlow.class, AccountForOneFlow.class, FlowsThatComeAndGo.class})
    void theExamplesOfReadmeAreThoseThatRun(Class<?> example) throws Exception {
        assertShown(example, README);
    }

    @ParameterizedTest
    @ValueSource(classes = {ReceiveOneFlow.class, ReceiveManyFlows.class, OwnHandler.class, LeasePackets.class})
    void theExamplesOfGettingStartedAreThoseThatRun(Class<?> example) throws Exception {
        assertShown(example, GETTING_STARTED);
    }

    private static void assertShown(Class<?> example, Path page) throws Exception {
        List<String> source = Files.readAllLines(SOURCES.resolve(example.getSimpleName() + ".java"));
        String beginning = source.stream()
                .filter(line -> line.startsWith("public class "))
                .findFirst()
                .orElseThrow();
        List<String> shown = Files.readAllLines(page);
        int begin = shown.indexOf(beginning);
        int end = begin + shown.subList(begin, shown.size()).indexOf("```");

        assertEquals("```java", shown.get(begin - 1));
        assertEquals(
                String.join("\n", source.subList(source.indexOf(beginning), source.size())),
                String.join("\n", shown.subList(begin, end)));
    }

    @Test
    void theCausesAreThoseOfTheLedger() throws Exception {
        List<String> readme = Files.readAllLines(README);
        int begin = readme.indexOf("| `causes` | what happened | what proves it |") + 2;
        String table = readme.subList(begin, readme.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .collect(Collectors.joining("\n"));

        assertEquals(
                Stream.of(Cause.values())
                        .map(cause -> "| `" + cause + "` | " + cause.happened() + " | " + cause.proof() + " |")
                        .collect(Collectors.joining("\n")),
                table);
    }
}
