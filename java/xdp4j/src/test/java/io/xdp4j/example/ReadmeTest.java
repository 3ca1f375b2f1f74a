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

/** What README.md takes from the sources is in it as it is there. */
class ReadmeTest {
    private static final Path SOURCES = Path.of("src/test/java/io/xdp4j/example");
    private static final Path README = Path.of("../../README.md");

    /** The classes are compiled, and run by {@link ReadmeIT}. */
    @ParameterizedTest
    @ValueSource(classes = {ReceiveOneFlow.class, AccountForOneFlow.class, FlowsThatComeAndGo.class})
    void theExamplesAreThoseThatRun(Class<?> example) throws Exception {
        String beginning = "public class " + example.getSimpleName() + " {";
        List<String> readme = Files.readAllLines(README);
        int begin = readme.indexOf(beginning);
        int end = begin + readme.subList(begin, readme.size()).indexOf("```");

        List<String> source = Files.readAllLines(SOURCES.resolve(example.getSimpleName() + ".java"));
        assertEquals("```java", readme.get(begin - 1));
        assertEquals(
                String.join("\n", source.subList(source.indexOf(beginning), source.size())),
                String.join("\n", readme.subList(begin, end)));
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
