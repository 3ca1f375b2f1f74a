// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Java in README.md is {@link ReceiveOneFlow}, which is compiled, and run by {@link ReceiveOneFlowIT}. */
class ReadmeTest {
    private static final Path SOURCE = Path.of("src/test/java/io/xdp4j/example/ReceiveOneFlow.java");
    private static final Path README = Path.of("../../README.md");

    @Test
    void theExampleIsTheOneThatRuns() throws Exception {
        List<String> readme = Files.readAllLines(README);
        int begin = readme.indexOf("```java") + 1;
        int end = begin + readme.subList(begin, readme.size()).indexOf("```");

        List<String> source = Files.readAllLines(SOURCE);
        int main = source.indexOf("public class ReceiveOneFlow {");
        assertEquals(
                String.join("\n", source.subList(main, source.size())),
                String.join("\n", readme.subList(begin, end)));
    }
}
