// SPDX-License-Identifier: Apache-2.0
package io.xdp4j.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The headings of docs/faq.md that are messages are messages of the code, to the letter. */
class FaqTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern MESSAGE = Pattern.compile("`([^`]+)`");
    private static final Pattern PLACE_OF_A_VALUE = Pattern.compile("\\.\\.\\.|\\bIF\\b|\\bN\\b|''");
    private static final Pattern CONVERSION = Pattern.compile("%[-+0 ,.\\d*]*(?:ll)?[a-z]");

    // What stands between the parts of one text: "a" "b" in C, "a" + "b" in Java.
    private static final Pattern JOINT = Pattern.compile("\"\\s*\\+?\\s*\"");

    @Test
    void itsMessagesAreTheOnesOfTheCode() throws Exception {
        String texts = Stream.of("native", "java/xdp4j/src/main/java", "java/xdp4j-cli/src/main/java")
                .flatMap(FaqTest::sources)
                .map(FaqTest::texts)
                .collect(Collectors.joining("\n"));
        List<String> missing = new ArrayList<>();
        int messages = 0;
        for (String line : Files.readAllLines(ROOT.resolve("docs/faq.md"))) {
            Matcher message = MESSAGE.matcher(line);
            while (line.startsWith("#### ") && message.find()) {
                messages++;
                for (String part : PLACE_OF_A_VALUE.split(message.group(1))) {
                    String wanted = CONVERSION.matcher(part).replaceAll("");
                    if (!texts.contains(wanted.strip())) {
                        missing.add(message.group(1) + " has '" + wanted.strip() + "'");
                    }
                }
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(messages > 40, "so few: " + messages);
    }

    private static Stream<Path> sources(String folder) {
        try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
            return files
                    .filter(file -> file.toString().matches(".*\\.(c|java)"))
                    .filter(file -> !file.toString().matches(".*/(test|target)/.*"))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The source with texts in one piece, and nothing where a value comes in. */
    private static String texts(Path source) {
        try {
            String joined = JOINT.matcher(Files.readString(source)).replaceAll("");
            return CONVERSION.matcher(joined).replaceAll("").replace("\\\"", "\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
